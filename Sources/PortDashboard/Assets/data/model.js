// Terms, order and search, as pure functions. `about` is the result of `Store.about`.

import { isolated, visible } from "../text.js";

export const states = ["active", "reserved", "conflict", "lingering"];

export const faces = { registry: "portctl port", leases: "portctl run", projects: "get-port", manager: "port-manager" };

export const meanings = {
  active: "A process listens, and nothing proves that it is not the service’s own.",
  reserved: "The port is allocated, and nobody listens on it.",
  conflict: "Another server listens: it is proven not to be the service’s own.",
  lingering: "The last hold has ended. The port is released when nobody listens on it any more.",
  unclaimed: "A process listens, and the port is not allocated.",
  free: "The port is not allocated, and nobody listens on it.",
};

/** Returns the port on which the service is reached: its own, or the one on which it really listens. */
export const reachedPort = (port, body) => body?.actual_port ?? port;

/** Returns the port as it is shown: `8002`, or `8002 → 5173` for a service that listens elsewhere. */
export const portText = (port, body) => body?.actual_port ? `${port} → ${body.actual_port}` : String(port);

/** Returns a sentence on whose server listens; empty when that is proven, or nobody does. */
export function verdictText({ verdict, verdict_reason: reason, actual_port: actual } = {}) {
  if (actual) return `Its server listens on port ${actual} instead. If its command does not read PORT, give it the number as an argument: {port} in the command of portctl run stands for it.`;
  if (verdict === "foreign") return `Not the right server: ${visible(reason)}.`;
  if (verdict === "unknown") return `Not proven to be the right server: ${visible(reason)}.`;
  return "";
}

const isIdentity = (text) => text.split("/").length === 3 && text.split("/").every((part) => part.trim());

/** Whether the service has one name on this machine, as those of get-port and /alloc have, and not an app's. */
export const isMachineWide = ({ app, instance, service }) =>
  instance === "default" && service === "default" && !isIdentity(app);

/** Returns the machine-wide name or `app/instance/service`, and the number of the replica unless it is the first. */
export const nameOf = (body) =>
  (isMachineWide(body) ? [body.app] : [body.app, body.instance, body.service]).map(isolated).join("/")
    + (body.replica ? ` #${body.replica}` : "");

/** Returns the name of the section that shows an allocation; all machine-wide names are in one, which has none. */
export const appOf = (body) => isMachineWide(body) ? "" : body.app;

/** Returns what a row is called within its section. */
export const rowName = (body) => isMachineWide(body) ? body.app : body.service;

export const processName = ({ name, pid }) => `${isolated(name)} (pid ${pid})`;

export const unique = (values) => [...new Set(values)];

export function listenerName({ occupiers: [first, ...others], listeners, state }) {
  if (first) return `${isolated(first.name)} ${first.pid}${others.length ? ` +${others.length}` : ""}`;
  if (state === "reserved") return "nobody listens";
  const users = unique(listeners.map(({ user_id: user }) => user));
  return users.length ? `unknown process of user ${users}` : "unknown process";
}

export const addressesOf = ({ listeners }) => unique(listeners.map(({ address }) => visible(address))).join(", ");

/** Returns `app/instance` of the directory that a listener runs in. */
export const projectOf = ({ listeners }) => listeners.find(({ project }) => project)?.project ?? "";

/** Returns the project that a listener runs in, else its directory. */
export const placeOf = (about) => projectOf(about) || (about.occupiers[0]?.folder ?? "");

const collator = new Intl.Collator("en", { numeric: true });
const isUsual = (instance) => instance === "main" || instance === "default";

/** Apps by name, and the machine-wide names after them. */
export const compareApps = (one, other) => !one - !other || collator.compare(one, other);
/** The main checkout before its worktrees. */
export const compareInstances = (one, other) => isUsual(other) - isUsual(one) || collator.compare(one, other);

const processTexts = ({ pid, name, command, folder }) => [pid, name, command, folder];
const haystacks = new WeakMap();

/** Returns the text that a search reads, which is made once for each body. */
function haystack({ body, listeners }) {
  const key = body ?? listeners;
  if (!haystacks.has(key)) {
    const parts = body ? [
      body.port, body.actual_port, `${body.app}/${body.instance}/${body.service}`, body.replica, body.folder, body.group, body.tags, Object.entries(body.metadata ?? {}),
      body.holds?.map((hold) => [hold.kind, hold.owner_pid]), body.occupiers?.map(processTexts),
    ] : listeners.map(({ port, address, project, processes }) => [port, address, project, processes.map(processTexts)]);
    haystacks.set(key, parts.flat(Infinity).join("\n").toLowerCase());
  }
  return haystacks.get(key);
}

export const isFiltering = ({ text, state, app }) => Boolean(text.trim() || state || app);

/** Returns a predicate of `about` that is true when every word is found. Listeners have no state, and match each. */
export function portFilter({ text, state, app }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (about) => {
    const { body } = about;
    if (body && state && body.state !== state) return false;
    if (app && app !== (body ? body.app : projectOf(about).split("/")[0])) return false;
    return words.every((word) => haystack(about).includes(word));
  };
}

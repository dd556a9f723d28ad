// Killing the process that listens on a port, and releasing an allocation.

import * as api from "../data/api.js";
import { openDialog, checkbox } from "./dialogs.js";
import { h } from "../dom.js";
import { nameOf, processName, reachedPort } from "../data/model.js";
import { toast } from "./toast.js";
import { processFacts } from "./drawer.js";

/**
 * Asks for confirmation, and kills. The request has the pid that was shown, and the daemon refuses when that process no
 * longer listens. A process that begins to listen meanwhile is shown, but only a person can choose it; one that no
 * longer listens cannot be chosen any more.
 */
export function confirmKill(store, port) {
  const { body, state, occupiers = [] } = store.about(port) ?? {};
  const listened = reachedPort(port, body);
  if (!occupiers.length) return toast(`no process that can be killed listens on ${port}`, { failed: true });
  const force = checkbox("force", false, h("b", "Force: "), "send SIGKILL when SIGTERM does not close the port within three seconds.");
  const whose = body ? ` of ${nameOf(body)}${state === "conflict" ? ", which it does not belong to" : ""}` : ", which is not allocated";
  const place = h("div.targets", { role: "radiogroup", "aria-label": "Process to kill" });
  /** By pid: the process and its elements. */
  const targets = new Map();
  const consequences = h("p");
  let chosen = occupiers[0].pid;

  function add(process) {
    const { pid } = process;
    const onchange = () => update(chosen = pid);
    const radio = h("input", { type: "radio", name: "pid", value: pid, checked: pid === chosen && "", onchange, "aria-label": processName(process) });
    const label = h("label.target", { "data-pid": pid }, radio, processFacts(process));
    targets.set(pid, { process, radio, label });
    place.append(label);
  }

  function update() {
    const found = store.about(port)?.occupiers ?? [];
    for (const process of found) if (!targets.has(process.pid)) add(process);
    for (const [pid, { radio, label }] of targets) {
      radio.disabled = !found.some((process) => process.pid === pid);
      label.classList.toggle("ended", radio.disabled);
    }
    const { process, radio } = targets.get(chosen);
    const others = otherPorts(store, listened, chosen).join(", ");
    consequences.textContent = `It listens on port ${listened}${whose}.${others && ` It also listens on ${others}, which closes with it.`}`;
    setTitle(radio.disabled ? `${processName(process)} no longer listens` : `Kill ${processName(process)}?`, `Kill ${chosen}`, !radio.disabled);
  }

  const setTitle = openDialog({
    kind: "kill", isDangerous: true, content: [consequences, place, force.label],
    async submit() {
      const { process } = targets.get(chosen);
      const { signal } = await api.kill(listened, chosen, force.input.checked);
      return `${signal} ended ${processName(process)}; port ${listened} is closed`;
    },
    refused: ({ code }) => code === "still_listening" && force.input.focus(),
    remedies: { force: () => force.input.checked = true },
    closed: store.subscribe(update),
  });
  update();
}

/** The other ports that the process listens on. */
const otherPorts = (store, port, pid) => [...store.listeners].filter(([other, listeners]) => other !== port
  && listeners.some(({ processes }) => processes.some((process) => process.pid === pid))).map(([other]) => other).sort((a, b) => a - b);

/** Asks for confirmation, and releases the port. */
export function confirmRelease(store, port) {
  const { body, occupiers } = store.about(port) ?? {};
  if (!body) return toast(`port ${port} is not allocated`, { failed: true });
  const rest = occupiers.length ? `${processName(occupiers[0])} keeps running and listening.` : "The port is remembered for the service.";
  openDialog({
    kind: "release", title: `Release ${port}?`, confirm: "Release", content: h("p", `${nameOf(body)} loses the port. ${rest}`),
    async submit() {
      await api.release(body.id);
      return `Released ${port} of ${nameOf(body)}`;
    },
  });
}

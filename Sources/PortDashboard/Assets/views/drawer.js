// The details of one port. They are next to the list where there is room for both, otherwise over it.

import * as api from "../data/api.js";
import { actionButton, arrange, byId, commandLine, facts, h, leadTo, openLink, put, setText, sign } from "../dom.js";
import { everySecond } from "../clock.js";
import { holdView, withoutCountdown } from "./holds.js";
import { addressesOf, faces, listenerName, meanings, nameOf, portText, reachedPort, verdictText } from "../data/model.js";
import { age, clockTime, isolated, visible } from "../text.js";
import { setAddress } from "./filter.js";
import { keepFocus } from "./ports.js";

// Milliseconds from the last event of a burst to the request for the journal.
const journalDelay = 120;

// The details are next to the list if the list keeps its columns.
const wide = matchMedia("(min-width: 1340px)");

export function makeDrawer(store) {
  const drawer = byId("drawer");
  const title = h("h2", { id: "drawer-port", tabindex: -1 });
  const [mark, word, name, meaning, verdict] = [sign(), h("b.word"), h("bdi.quiet"), h("p.quiet"), h("p.verdict")];
  const claim = actionButton("claim", "Reserve it for a service", "Reserve…");
  const release = actionButton("release", "Release the port", "Release…");
  const kill = actionButton("kill", "Kill the process that listens", "Kill…");
  const [buttons, lines] = [h("div.buttons"), h("ol")];
  const history = h("section.history", { "data-part": "history" }, h("h3", "History"), lines);
  const [ageText, lastRequest, address] = [h("span"), h("span"), h("span")];
  const where = facts({ address });
  let link, port, id, restoreFocus, timer, views = [], created;
  /** The elements of the journal entries, by the text of the entry. */
  let entries = new Map();

  const held = part("Held", (holds) => {
    views = holds.map((hold) => holdView(hold, true));
    return views.length ? h("ul", views.map((view) => view.element)) : h("p.quiet", "No hold is left.");
  });
  const listening = part("Listening", ({ occupiers, unknown }) => [
    occupiers.length ? h("ul", occupiers.map((process) => h("li", { "data-pid": process.pid }, processFacts(process)))) : h("p.quiet", unknown),
    where,
  ]);
  const allocation = part("Allocation", (body) => facts({
    id: body.id,
    created: [clockTime(body.created_at), ageText],
    "last request": body.hasLastRequest && lastRequest,
    "requested by": body.requested_by_pid && `pid ${body.requested_by_pid}`,
    directory: body.folder && h("bdi.code", { dir: "ltr" }, visible(body.folder)),
    group: visible(body.group),
    tags: body.tags?.map((tag) => h("bdi.tag", visible(tag))),
    metadata: Object.entries(body.metadata ?? {}).map(([key, value]) => h("div", h("bdi.quiet", visible(key)), " = ", h("bdi", visible(typeof value === "string" ? value : JSON.stringify(value))))),
  }));
  drawer.append(h("div.head", title, h("div", h("p", mark, word), name), actionButton("close", "Close")),
    meaning, verdict, buttons, held.element, listening.element, allocation.element, history);

  function open(number) {
    // When the details of one port lead to another, the focus still returns to where they were first opened.
    if (!drawer.contains(document.activeElement)) restoreFocus = keepFocus(number);
    show(number);
    title.focus();
  }

  function show(number) {
    [port, id, entries] = [number, undefined, new Map()];
    put(drawer, "data-port", port);
    setText(title, String(port));
    link = openLink(port, "Open");
    buttons.replaceChildren(actionButton("copy", "Copy the port", "Copy"), link, claim, release, kill);
    lines.replaceChildren();
    render();
    loadHistory(0);
    place();
    drawer.scrollTop = 0;
    setAddress({ port });
  }

  function place() {
    if (drawer.open && drawer.matches(":modal") === wide.matches) drawer.close();
    if (!drawer.open) drawer[wide.matches ? "show" : "showModal"]();
  }

  function render() {
    if (store.rowOf(port) !== port) return show(store.rowOf(port));
    const about = store.about(port) ?? { state: "free", listeners: [], occupiers: [] };
    const { body, state, occupiers, isOwn, since } = about;
    id = body?.id ?? id;
    put(mark, "data-state", state);
    setText(word, state);
    setText(name, body ? nameOf(body) : "");
    setText(title, portText(port, body));
    setText(meaning, meanings[state]);
    setText(verdict, verdictText(body));
    verdict.hidden = !verdict.textContent;
    leadTo(link, reachedPort(port, body), body?.verdict === "foreign");
    const focused = document.activeElement;
    kill.hidden = !occupiers.length || isOwn;
    release.hidden = !body;
    claim.hidden = Boolean(body) || isOwn;
    // A button that was just hidden has lost the focus.
    if (drawer.contains(focused) && focused.hidden) title.focus();

    // Values that change every second are updated in place, so that they do not replace the elements.
    const { holds = [], occupiers: _, state: __, last_seen: seen, ...rest } = body ?? {};
    held.show(body && holds.map(withoutCountdown));
    views.forEach((view, index) => view.renew(holds[index]?.seconds_left, since));
    listening.show(state !== "free" && { occupiers, unknown: !occupiers.length && listenerName(about) });
    setText(address, addressesOf(about));
    where.hidden = !address.textContent;
    allocation.show(body && { ...rest, hasLastRequest: Boolean(seen) });
    created = Date.parse(body?.created_at);
    setText(lastRequest, seen ? clockTime(seen) : "");
    tick(performance.now(), Date.now());
  }

  function loadHistory(delay) {
    clearTimeout(timer);
    const requested = port;
    timer = setTimeout(async () => {
      const found = await api.journal(requested).catch(() => undefined);
      if (!found || requested !== port) return;
      const known = entries;
      entries = new Map(found.map((entry) => [JSON.stringify(entry), entry]).map(([key, entry]) => [key, known.get(key) ?? historyLine(entry)]));
      arrange(lines, entries.size ? [...entries.values()] : [h("li.quiet", "Nothing yet.")]);
    }, delay);
  }

  function tick(now, wall) {
    for (const view of views) view.tick(now);
    if (created) setText(ageText, ` (${age((wall - created) / 1000)} ago)`);
  }

  drawer.addEventListener("close", () => {
    // The drawer has been opened again at once, as a modal dialog or no longer as one.
    if (drawer.open) return;
    setAddress({ port: "" });
    restoreFocus();
  });
  // Over the list, a click outside of the drawer closes it.
  drawer.addEventListener("click", ({ target, clientX }) => {
    if (target === drawer && clientX < drawer.getBoundingClientRect().left && !String(getSelection())) drawer.close();
  });
  wide.addEventListener("change", () => drawer.open && place());
  store.subscribe(({ all, ports }) => {
    if (!drawer.open) return;
    // The drawer follows an allocation that moves to another port.
    const moved = [...ports].find((number) => id && store.about(number)?.body?.id === id);
    if (moved && moved !== port) return show(moved);
    if (!all && !ports.has(port)) return;
    render();
    loadHistory(journalDelay);
  });
  everySecond(tick);
  return open;
}

/** Makes a section whose content is replaced only when its values change, so that selection, scroll and focus stay. */
function part(title, make) {
  const content = h("div");
  const element = h("section", { "data-part": title.toLowerCase() }, h("h3", title), content);
  let known;

  function show(values) {
    element.hidden = !values;
    if (values && known !== (known = JSON.stringify(values))) content.replaceChildren(...[make(values)].flat());
  }
  return { element, show };
}

/** Makes the list of facts about a process, for the details and for the dialog that kills it. */
export const processFacts = ({ name, pid, command, folder }) => facts({
  process: h("bdi", visible(name)),
  pid,
  command: h("div.scroll", { tabindex: 0 }, commandLine(command)),
  directory: folder && h("bdi.code", { dir: "ltr" }, visible(folder)),
});

const historyLine = ({ at, action, service, reason, caller, face }) => h("li", { "data-what": action },
  h("time", clockTime(at)),
  h("div", h("b", visible(action).replaceAll("_", " ")), " ", h("bdi", visible(reason)),
    h("bdi.quiet", [service, caller !== "registry" && caller, faces[face] ?? face].filter(Boolean).map(isolated).join(" · "))));

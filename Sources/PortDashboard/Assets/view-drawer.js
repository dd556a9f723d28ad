// All that is known about one port. Beside the list where there is room for both, else over it.

import * as api from "./api.js";
import { actionButton, arrange, byId, commandLine, facts, h, openLink, put, setText, sign } from "./dom.js";
import { everySecond } from "./clock.js";
import { holdView, lasting } from "./holds.js";
import { addressesOf, faces, listenerName, meanings, nameOf } from "./model.js";
import { age, clockTime, isolated, visible } from "./text.js";
import { setAddress } from "./view-filter.js";
import { keepFocus } from "./view-ports.js";

// Milliseconds after the last event of a burst.
const settling = 120;

// Beside the list, where that keeps its columns.
const wide = matchMedia("(min-width: 1340px)");

export function makeDrawer(store) {
  const drawer = byId("drawer");
  const title = h("h2", { id: "drawer-port", tabindex: -1 });
  const [mark, word, name, meaning] = [sign(), h("b.word"), h("bdi.quiet"), h("p.quiet")];
  const claim = actionButton("claim", "Reserve it for a service", "Reserve…");
  const release = actionButton("release", "Give the port up", "Release…");
  const kill = actionButton("kill", "End who listens", "Kill…");
  const [buttons, lines] = [h("div.buttons"), h("ol")];
  const story = h("section.story", { "data-part": "story" }, h("h3", "Story"), lines);
  const [made, asked, address] = [h("span"), h("span"), h("span")];
  const where = facts({ address });
  let port, id, goBack, timer, views = [], created;
  /** By its text: what is shown of an entry. */
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
    made: [clockTime(body.created_at), made],
    "last asked": body.isSeen && asked,
    "asked by": body.requested_by_pid && `pid ${body.requested_by_pid}`,
    folder: body.folder && h("bdi.code", { dir: "ltr" }, visible(body.folder)),
    group: visible(body.group),
    tags: body.tags?.map((tag) => h("bdi.tag", visible(tag))),
    metadata: Object.entries(body.metadata ?? {}).map(([key, value]) => h("div", h("bdi.quiet", visible(key)), " = ", h("bdi", visible(value)))),
  }));
  drawer.append(h("div.head", title, h("div", h("p", mark, word), name), actionButton("close", "Close")),
    meaning, buttons, held.element, listening.element, allocation.element, story);

  function open(number) {
    // From one port to the next, the way back stays that from the first.
    if (!drawer.contains(document.activeElement)) goBack = keepFocus(number);
    show(number);
    title.focus();
  }

  function show(number) {
    [port, id, entries] = [number, undefined, new Map()];
    put(drawer, "data-port", port);
    setText(title, String(port));
    buttons.replaceChildren(actionButton("copy", "Copy the port", "Copy"), openLink(port, "Open"), claim, release, kill);
    lines.replaceChildren();
    render();
    askStory(0);
    place();
    drawer.scrollTop = 0;
    setAddress({ port });
  }

  function place() {
    if (drawer.open && drawer.matches(":modal") === wide.matches) drawer.close();
    if (!drawer.open) drawer[wide.matches ? "show" : "showModal"]();
  }

  function render() {
    const about = store.about(port) ?? { state: "free", listeners: [], occupiers: [] };
    const { body, state, occupiers, isOwn, since } = about;
    id = body?.id ?? id;
    put(mark, "data-state", state);
    setText(word, state);
    setText(name, body ? nameOf(body) : "");
    setText(meaning, meanings[state]);
    const focused = document.activeElement;
    kill.hidden = !occupiers.length || isOwn;
    release.hidden = !body;
    claim.hidden = Boolean(body) || isOwn;
    // A button that is hidden has lost the focus already.
    if (drawer.contains(focused) && focused.hidden) title.focus();

    // What changes from second to second is not made again with them.
    const { holds = [], occupiers: _, state: __, last_seen: seen, ...rest } = body ?? {};
    held.show(body && holds.map(lasting));
    views.forEach((view, index) => view.renew(holds[index]?.seconds_left, since));
    listening.show(state !== "free" && { occupiers, unknown: !occupiers.length && listenerName(about) });
    setText(address, addressesOf(about));
    where.hidden = !address.textContent;
    allocation.show(body && { ...rest, isSeen: Boolean(seen) });
    created = Date.parse(body?.created_at);
    setText(asked, seen ? clockTime(seen) : "");
    tick(performance.now(), Date.now());
  }

  function askStory(delay) {
    clearTimeout(timer);
    const asked = port;
    timer = setTimeout(async () => {
      const found = await api.journal(asked).catch(() => undefined);
      if (!found || asked !== port) return;
      const known = entries;
      entries = new Map(found.map((entry) => [JSON.stringify(entry), entry]).map(([key, entry]) => [key, known.get(key) ?? storyLine(entry)]));
      arrange(lines, entries.size ? [...entries.values()] : [h("li.quiet", "Nothing yet.")]);
    }, delay);
  }

  function tick(now, wall) {
    for (const view of views) view.tick(now);
    if (created) setText(made, ` (${age((wall - created) / 1000)} ago)`);
  }

  drawer.addEventListener("close", () => {
    // Opened again at once, in its other place.
    if (drawer.open) return;
    setAddress({ port: "" });
    goBack();
  });
  // Over the list, beside itself it is closed by a click.
  drawer.addEventListener("click", ({ target, clientX }) => {
    if (target === drawer && clientX < drawer.getBoundingClientRect().left && !String(getSelection())) drawer.close();
  });
  wide.addEventListener("change", () => drawer.open && place());
  store.subscribe(({ all, ports }) => {
    if (!drawer.open) return;
    // An allocation that moved takes the drawer along.
    const moved = [...ports].find((number) => id && store.about(number)?.body?.id === id);
    if (moved && moved !== port) return show(moved);
    if (!all && !ports.has(port)) return;
    render();
    askStory(settling);
  });
  everySecond(tick);
  return open;
}

/** A section, made again only when it says something else: what is selected, scrolled or focused in it stays. */
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

/** What is said of a process, here and before it is killed. */
export const processFacts = ({ name, pid, command, folder }) => facts({
  process: h("bdi", visible(name)),
  pid,
  command: h("div.scroll", { tabindex: 0 }, commandLine(command)),
  folder: folder && h("bdi.code", { dir: "ltr" }, visible(folder)),
});

const storyLine = ({ at, action, service, reason, caller, face }) => h("li", { "data-what": action },
  h("time", clockTime(at)),
  h("div", h("b", visible(action).replaceAll("_", " ")), " ", h("bdi", visible(reason)),
    h("bdi.quiet", [service, caller !== "registry" && caller, faces[face] ?? face].filter(Boolean).map(isolated).join(" · "))));

// All that is known about one port. Beside the list where there is room for both, else over it.

import * as api from "./api.js";
import { actionButton, byId, facts, h, openLink, put, setText, sign } from "./dom.js";
import { everySecond } from "./clock.js";
import { holdView } from "./holds.js";
import { addressesOf, listenerName, meanings, nameOf } from "./model.js";
import { age, clockTime, commandLine, visible } from "./text.js";
import { setAddress } from "./view-filter.js";

// Milliseconds after the last event of a burst.
const settling = 120;

export function makeDrawer(store) {
  const drawer = byId("drawer");
  const title = h("h2", { id: "drawer-port", tabindex: -1 });
  const [mark, word, name, meaning] = [sign(), h("b.word"), h("bdi.quiet"), h("p.quiet")];
  const claim = actionButton("claim", "Reserve it for a service", "Reserve…");
  const release = actionButton("release", "Give the port up", "Release…");
  const kill = actionButton("kill", "End who listens", "Kill…");
  const [buttons, parts, story] = [h("div.buttons"), h("div"), h("section.story")];
  let port, id, opener, shown, timer, ticks = [];
  drawer.append(h("div.head", title, h("div", h("p", mark, word), name), actionButton("close", "Close")), meaning, buttons, parts, story);

  function open(number) {
    if (!drawer.open) opener = document.activeElement;
    [port, id, shown] = [number, undefined, undefined];
    put(drawer, "data-port", port);
    setText(title, String(port));
    buttons.replaceChildren(actionButton("copy", "Copy the port", "Copy"), openLink(port, "Open"), claim, release, kill);
    story.replaceChildren();
    render();
    askStory(0);
    const isBeside = matchMedia("(min-width: 1200px)").matches;
    drawer.closedBy = isBeside ? "none" : "any";
    if (!drawer.open) drawer[isBeside ? "show" : "showModal"]();
    title.focus();
    setAddress({ port });
  }

  function render() {
    const about = store.about(port) ?? { state: "free", listeners: [], occupiers: [] };
    const { body, state, occupiers, isOwn } = about;
    id = body?.id ?? id;
    put(mark, "data-state", state);
    setText(word, state);
    setText(name, body ? nameOf(body) : "");
    setText(meaning, meanings[state]);
    kill.hidden = !occupiers.length || isOwn;
    release.hidden = !body;
    claim.hidden = Boolean(body) || isOwn;
    // Made again only when it says something else: what is selected in it stays.
    if (shown === (shown = JSON.stringify(about))) return;
    ticks = [];
    parts.replaceChildren(...[body && held(about), state !== "free" && listening(about), body && allocation(body)].filter(Boolean));
    tick(performance.now(), Date.now());
  }

  function held({ body, since }) {
    const views = (body.holds ?? []).map((hold) => holdView(hold, since, true));
    ticks = views.map((view) => view.tick);
    return section("Held", views.length ? h("ul", views.map((view) => view.element)) : h("p.quiet", "No hold is left."));
  }

  function allocation(body) {
    const made = h("span");
    const created = Date.parse(body.created_at);
    ticks.push((_, wall) => setText(made, ` (${age((wall - created) / 1000)} ago)`));
    return section("Allocation", facts({
      id: body.id,
      made: [clockTime(created), made],
      "last asked": body.last_seen && clockTime(body.last_seen),
      "asked by": body.asker_pid && `pid ${body.asker_pid}`,
      folder: body.folder && h("bdi.code", visible(body.folder)),
      group: visible(body.group),
      tags: body.tags?.map((tag) => h("bdi.tag", visible(tag))),
      metadata: Object.entries(body.metadata ?? {}).map(([key, value]) => h("div", h("bdi.quiet", visible(key)), " = ", h("bdi", visible(value)))),
    }));
  }

  function askStory(delay) {
    clearTimeout(timer);
    const asked = port;
    timer = setTimeout(async () => {
      const lines = await api.journal(asked).catch(() => undefined);
      if (lines && asked === port) story.replaceChildren(h("h3", "Story"), lines.length ? h("ol", lines.map(storyLine)) : "Nothing yet.");
    }, delay);
  }

  function tick(now, wall) {
    for (const each of ticks) each(now, wall);
  }

  drawer.addEventListener("close", () => {
    setAddress({ port: "" });
    (opener.isConnected ? opener : document.querySelector(`.row[data-port="${port}"] .port`))?.focus();
  });
  store.subscribe(({ all, ports }) => {
    if (!drawer.open) return;
    // An allocation that moved takes the drawer along.
    const moved = [...ports].find((number) => id && store.about(number)?.body?.id === id);
    if (moved && moved !== port) return open(moved);
    if (!all && !ports.has(port)) return;
    render();
    askStory(settling);
  });
  everySecond(tick);
  return open;
}

const section = (title, ...content) => h("section", { "data-part": title.toLowerCase() }, h("h3", title), content);

function listening(about) {
  const processes = about.occupiers.map((process) => h("li", { "data-pid": process.pid }, processFacts(process)));
  return section("Listening", processes.length ? h("ul", processes) : h("p.quiet", listenerName(about)), facts({ address: addressesOf(about) }));
}

/** What is said of a process, here and before it is killed. */
export const processFacts = ({ name, pid, command, folder }) => facts({
  process: h("bdi", visible(name)),
  pid,
  command: h("bdi.code.scroll", { tabindex: 0 }, commandLine(command)),
  folder: folder && h("bdi.code", visible(folder)),
});

const storyLine = ({ at, action, service, reason, caller, face }) => h("li", { "data-what": action },
  h("time", clockTime(at)),
  h("div", h("b", visible(action).replaceAll("_", " ")), " ", h("bdi", visible(reason)),
    h("bdi.quiet", [service, caller, face].filter(Boolean).map(visible).join(" · "))));

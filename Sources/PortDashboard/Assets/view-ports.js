// The two lists: allocations by app and instance, and the listeners that none names. Rows beyond the first screen are
// made in the frames after it.

import { arrange, byId, h, setText } from "./dom.js";
import { everySecond } from "./clock.js";
import { compareApps, compareInstances, isFiltering, portFilter } from "./model.js";
import { visible } from "./text.js";
import { makeRow } from "./view-row.js";

// More than a tall screen shows.
const firstRows = 60;
// Milliseconds, half a frame: scrolling stays smooth meanwhile. More for very many, since each frame looks at all.
const budget = (count) => Math.max(8, count / 250);
// So many changes at once flash no more.
const noticeable = 30;

const portButtons = () => [...document.querySelectorAll(".row .port")];

export function neighbour(row, step) {
  const buttons = portButtons();
  return buttons[buttons.indexOf(row.querySelector(".port")) + step];
}

/**
 * Returns a function that gives the focus back to what has it now; when that is gone by then, to the details, to its row,
 * else to the row that is in its place, else to the list. `port` is whose row it is when nothing has it.
 */
export function keepFocus(port) {
  const element = document.activeElement;
  const row = element?.closest(".row") ?? document.querySelector(`.row[data-port="${port}"]`);
  const index = portButtons().indexOf(row?.querySelector(".port"));
  return () => {
    if (element !== document.body && element?.checkVisibility()) return element.focus();
    if (byId("drawer").open) return byId("drawer-port").focus();
    const buttons = portButtons();
    (row?.isConnected ? row.querySelector(".port") : buttons[index] ?? buttons.at(-1) ?? byId("ports")).focus();
  };
}

export function showPorts(store) {
  const rows = new Map(), groups = new Map();
  let frame;

  function changed({ all, ports, topics }) {
    if (!all && !ports.size && !topics.has("filter")) return;
    const goBack = document.activeElement?.closest(".row") && keepFocus();
    for (const port of all ? [...rows.keys()] : ports) {
      const about = store.about(port);
      if (about) rows.get(port)?.update(about);
      else rows.delete(port);
    }
    render(firstRows, Infinity);
    goBack?.();
    if (all || ports.size > noticeable || matchMedia("(prefers-reduced-motion)").matches) return;
    for (const row of [...ports].map((port) => rows.get(port))) {
      if (row?.isNews) row.element.animate({ background: ["var(--firm)", "transparent"] }, 1500);
    }
  }

  /** Lays out the rows there are, and makes at most so many more, in at most so many milliseconds. */
  function render(limit, milliseconds) {
    const end = performance.now() + milliseconds;
    const fits = portFilter(store.filter);
    const found = (ports) => [...ports].sort((one, other) => one - other).map((port) => store.about(port)).filter(fits);
    const claimed = found(store.allocations.keys());
    const unclaimed = found([...store.listeners.keys()].filter((port) => !store.allocations.has(port)));
    let isMore = false;

    function elements(list) {
      return list.map((about) => {
        let row = rows.get(about.port);
        if (!row) {
          if (limit-- <= 0 || performance.now() > end) isMore = true;
          if (isMore) return undefined;
          rows.set(about.port, row = makeRow(about.port));
          row.update(about);
        }
        return row.element;
      }).filter(Boolean);
    }

    arrange(byId("listeners"), elements(unclaimed.slice(0, firstRows / 3)));
    arrange(byId("apps"), sections(claimed, "app", compareApps, (ofApp, app) =>
      sections(ofApp, "instance", compareInstances, elements, app)));
    if (!isMore) arrange(byId("listeners"), elements(unclaimed));
    for (const [key, { element }] of groups) if (!element.isConnected) groups.delete(key);

    emptiness(claimed, unclaimed);
    cancelAnimationFrame(frame);
    if (isMore) frame = requestAnimationFrame(() => render(Infinity, budget(claimed.length)));
  }

  /** Sections by a name of the allocations, with what `children` makes of each, if anything. */
  function sections(list, kind, compare, children, path = "") {
    const parts = Map.groupBy(list, ({ body }) => body[kind]);
    return [...parts.keys()].sort(compare).map((name) => {
      const group = groups.get(`${path}\n${name}`) ?? makeGroup(`${path}\n${name}`, kind, name);
      const content = children(parts.get(name), name);
      setText(group.count, String(parts.get(name).length));
      group.element.style.setProperty("--rows", parts.get(name).length);
      group.element.style.setProperty("--instances", content.length);
      arrange(group.content, content);
      return content.length && group.element;
    }).filter(Boolean);
  }

  function makeGroup(key, kind, name) {
    const [heading, list] = kind === "app" ? ["h2", "div"] : ["h3", "ul"];
    const group = { count: h("span.number"), content: h(list) };
    group.element = h(`section.${kind}`, { [`data-${kind}`]: name },
      h("header", h(heading, { title: visible(name) }, h("bdi", visible(name))), group.count), group.content);
    groups.set(key, group);
    return group;
  }

  function emptiness(claimed, unclaimed) {
    const { loaded, allocations, filter } = store;
    byId("loading").hidden = loaded;
    byId("empty").hidden = !loaded || allocations.size > 0;
    byId("filters").hidden = !allocations.size && !isFiltering(filter);
    byId("nothing").hidden = !allocations.size || claimed.length > 0;
    setText(byId("unclaimed-count"), String(unclaimed.length));
    byId("all-claimed").hidden = !loaded || unclaimed.length > 0;
    setText(byId("all-claimed"), isFiltering(filter) ? "None fits this filter." : "Every listener has a name.");
    byId("show-all").hidden = !loaded || unclaimed.length > 0 || !isFiltering(filter);
  }

  store.subscribe(changed);
  everySecond((now, wall) => {
    for (const row of rows.values()) if (row.element.isConnected) row.tick(now, wall);
  });
}

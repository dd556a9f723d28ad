// The two lists: allocations by app and instance, and unclaimed listeners. Rows beyond the first screen are made in
// later frames.

import { arrange, byId, h, setText } from "../dom.js";
import { everySecond } from "../clock.js";
import { appOf, compareApps, compareInstances, isFiltering, portFilter } from "../data/model.js";
import { visible } from "../text.js";
import { makeRow } from "./row.js";

// The number of rows in the first frame: more than a tall screen shows.
const firstRows = 60;
// Milliseconds: half a frame, so that scrolling stays smooth. More for very many rows, since each frame visits all.
const frameBudget = (count) => Math.max(8, count / 250);
// When more rows than this change at once, none flashes.
const maximumFlashes = 30;

const portButtons = () => [...document.querySelectorAll(".row .port")];

/** Returns the button of the row that is `step` rows further. */
export function neighbour(row, step) {
  const buttons = portButtons();
  return buttons[buttons.indexOf(row.querySelector(".port")) + step];
}

/**
 * Returns a function that restores the focus to the element that has it now. If that is gone by then, the focus goes to
 * the details, to the element's row, to the row in its place, or to the list. `port` names the row when no row has the
 * focus.
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
    const restoreFocus = document.activeElement?.closest(".row") && keepFocus();
    for (const port of all ? [...rows.keys()] : ports) {
      const about = store.about(port);
      if (about) rows.get(port)?.update(about);
      else rows.delete(port);
    }
    render(firstRows, Infinity);
    restoreFocus?.();
    if (all || ports.size > maximumFlashes || matchMedia("(prefers-reduced-motion)").matches) return;
    for (const row of [...ports].map((port) => rows.get(port))) {
      if (row?.hasChangedState) row.element.animate({ background: ["var(--firm)", "transparent"] }, 1500);
    }
  }

  /** Arranges the existing rows, and makes at most `limit` more in at most `milliseconds`. */
  function render(limit, milliseconds) {
    const end = performance.now() + milliseconds;
    const matches = portFilter(store.filter);
    const found = (ports) => [...ports].sort((one, other) => one - other).map((port) => store.about(port)).filter(Boolean).filter(matches);
    const claimed = found(store.allocations.keys());
    const unclaimed = found([...store.listeners.keys()].filter((port) => !store.allocations.has(port)));
    let isIncomplete = false;

    function elements(list) {
      return list.map((about) => {
        let row = rows.get(about.port);
        if (!row) {
          if (limit-- <= 0 || performance.now() > end) isIncomplete = true;
          if (isIncomplete) return undefined;
          rows.set(about.port, row = makeRow(about.port));
          row.update(about);
        }
        return row.element;
      }).filter(Boolean);
    }

    arrange(byId("listeners"), elements(unclaimed.slice(0, firstRows / 3)));
    arrange(byId("apps"), sections(claimed, "app", compareApps, (ofApp, app) =>
      sections(ofApp, "instance", compareInstances, elements, app)));
    if (!isIncomplete) arrange(byId("listeners"), elements(unclaimed));
    for (const [key, { element }] of groups) if (!element.isConnected) groups.delete(key);

    showEmptyStates(claimed, unclaimed);
    cancelAnimationFrame(frame);
    if (isIncomplete) frame = requestAnimationFrame(() => render(Infinity, frameBudget(claimed.length)));
  }

  /** Makes a section for each app or instance of the allocations. `children` makes its elements; without any, none. */
  function sections(list, kind, compare, children, path = "") {
    const parts = Map.groupBy(list, ({ body }) => kind === "app" ? appOf(body) : body[kind]);
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
      h("header", h(heading, { title: visible(name) }, h("bdi", visible(name) || "machine-wide names")), group.count),
      group.content);
    groups.set(key, group);
    return group;
  }

  function showEmptyStates(claimed, unclaimed) {
    const { loaded, allocations, filter } = store;
    byId("loading").hidden = loaded;
    byId("empty").hidden = !loaded || allocations.size > 0;
    byId("filters").hidden = !allocations.size && !isFiltering(filter);
    byId("nothing").hidden = !allocations.size || claimed.length > 0;
    setText(byId("unclaimed-count"), String(unclaimed.length));
    byId("all-claimed").hidden = !loaded || unclaimed.length > 0;
    setText(byId("all-claimed"), isFiltering(filter) ? "No listener matches this filter." : "Every port on which a process listens is allocated.");
    byId("show-all").hidden = !loaded || unclaimed.length > 0 || !isFiltering(filter);
  }

  store.subscribe(changed);
  everySecond((now, wall) => {
    for (const row of rows.values()) if (row.element.isConnected) row.tick(now, wall);
  });
}

// The usage of the pools, and the position of the allocations in their ranges.

import { byId, h } from "../dom.js";
import { faces, states, unique } from "../data/model.js";
import { grouped, visible } from "../text.js";

// The number of positions on a ruler. Ports that share one are drawn once.
const places = 480;

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

/** Makes a ruler from the first to the last port of the ranges: one path for each state, with a tick for each port. */
function ruler(ranges, bodies) {
  const bounds = ranges.match(/\d+/g).map(Number);
  const [first, last] = [Math.min(...bounds), Math.max(...bounds)];

  function path(state) {
    const ports = bodies.filter((body) => body.state === state && body.port >= first && body.port <= last).map(({ port }) => port);
    const ticks = unique(ports.map((port) => Math.round((port - first) / (last - first + 1) * places) + 1));
    return svg("path", { "data-state": state, d: ticks.map((tick) => `M${tick} 0v9`).join("") });
  }
  return svg("svg", { class: "ruler", viewBox: `0 0 ${places} 9`, preserveAspectRatio: "none" }, ...states.map(path));
}

export function showPools(store) {
  function poolView({ face, ranges, usable, allocated, free }, bodies) {
    return h("li.pool", { "data-face": face, "data-allocated": allocated },
      h("p", h("b", visible(face)), h("span.quiet", faces[face]), h(free > 0 ? "span" : "b.full", free > 0 ? `${grouped(free)} free` : "full")),
      ruler(ranges, bodies),
      h("p.quiet", h("span", visible(ranges).replaceAll(",", ", ").replaceAll("-", "–")), h("span", `${grouped(allocated)} of ${grouped(usable)}`)));
  }

  function render() {
    const bodies = [...store.allocations.values()].map(({ body }) => body);
    byId("pools").hidden = !store.pools.length;
    byId("pool-list").replaceChildren(...store.pools.map((pool) => poolView(pool, bodies)));
  }

  store.subscribe(({ all, topics }) => (all || topics.has("pools")) && render());
}

// The daemon: whether it is there, and what it says about itself.

import { byId, facts, h, setText } from "./dom.js";
import { clockTime, visible } from "./text.js";

export function showDaemon(store) {
  function connection({ phase, contact }) {
    byId("connection").dataset.phase = phase;
    setText(byId("connection"), phase);
    const isGone = phase === "gone";
    byId("page").classList.toggle("stale", isGone);
    byId("banner").hidden = !isGone;
    setText(byId("contact"), contact ? `Below is what it said until ${clockTime(contact)}.` : "");
  }

  function status({ version, pid, uptime_seconds: uptime, listeners, socket }) {
    const address = listeners.map(({ address, state }) => h("div", visible(address), state !== "open" && ` (${visible(state)})`));
    byId("daemon").hidden = false;
    byId("daemon-facts").replaceChildren(
      facts({ version: visible(version), pid, since: clockTime(Date.now() - uptime * 1000), address, socket: h("bdi.code", visible(socket)) }));
  }

  store.subscribe(({ topics }) => {
    if (topics.has("connection")) connection(store.connection);
    if (topics.has("status")) status(store.status);
  });
}

// The connection to the daemon, and the daemon's status.

import { byId, facts, h, setText } from "../dom.js";
import { clockTime, visible } from "../text.js";

export function showDaemon(store) {
  let known;

  function connection({ phase, contact, error }) {
    byId("connection").dataset.phase = phase;
    setText(byId("connection"), phase);
    byId("page").classList.toggle("stale", Boolean(error));
    byId("banner").hidden = !error;
    if (!error) return;
    setText(byId("problem"), phase === "gone" ? "The daemon is gone." : `This page cannot follow the daemon: ${visible(error.message)}.`);
    byId("start").hidden = phase !== "gone";
    setText(byId("remedy"), visible(error.hint));
    setText(byId("contact"), contact ? `The state below is from ${clockTime(contact)}.` : "");
  }

  /** Replaces the elements only when a value has changed, so that a selection in them stays. */
  function status({ version, pid, uptime_seconds: uptime, listeners, socket }) {
    if (known === (known = JSON.stringify([version, pid, listeners, socket]))) return;
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

// Keeps the store equal to the daemon's state: loads everything when it connects, then applies events.

import * as api from "./api.js";
import { followEvents } from "./events.js";

// Milliseconds. Changes come in bursts: what an event does not contain is requested once after them.
const refreshDelay = 150;
// Milliseconds. A daemon that is stopped (SIGSTOP) keeps its streams open and sends nothing, so the page polls it.
const pollingInterval = 15_000;

/** Calls `notify` with `gone`, `back`, `updated` (another version of the daemon), or `conflict` and its event. */
export function keepCurrent(store, notify) {
  let loading, waiting, version, wasGone = false;
  const timers = new Set();
  /** The last listener event of each port. */
  const listenerEvents = new Map();

  /** Loads everything. Events that arrive meanwhile are applied afterwards: none of them is older than the response. */
  async function load() {
    const attempt = (loading = {});
    waiting = [];
    refreshPools();
    const [allocations, listeners, status] = await Promise.all([api.allocations(), api.listeners(), api.status()]);
    if (loading !== attempt) return;
    loading = undefined;
    listenerEvents.clear();
    store.set("status", status);
    store.load(allocations, listeners);
    waiting.forEach(apply);
    store.set("connection", { phase: "live" });
    if (wasGone) notify("back");
    wasGone = false;
  }

  function ready(daemon) {
    if (version && version !== daemon.version) notify("updated");
    version = daemon.version;
    return load();
  }

  const refreshPools = () => api.pools().then((pools) => store.set("pools", pools), () => undefined);

  /** An error with another code than `unreachable` is a refusal of the daemon, or a defect of this page. */
  function lost(error) {
    loading = undefined;
    if (!error.code) console.error(error);
    const phase = error.code === "unreachable" ? "gone" : "failing";
    const { phase: previous, contact = store.loaded && Date.now() } = store.connection;
    store.set("connection", { phase, contact, error });
    if (phase !== "gone" || previous === phase) return;
    wasGone = true;
    notify("gone");
  }

  function paused() {
    // Discards the response to a pending load, which would set the phase back to `live`.
    loading = undefined;
    store.set("connection", { phase: "paused", contact: Date.now() });
  }

  function apply(event) {
    const { type, port } = event;
    if (type.startsWith("listener_")) listenerEvents.set(port, event);
    // The event does not say which of several sockets is gone. All stay until the daemon has listed them.
    const isOneOfSeveral = type === "listener_gone" && store.listeners.get(port)?.length > 1;
    store.apply(event, isOneOfSeveral);
    if (isOneOfSeveral) later(port, () => refreshListeners(port));
    if (type === "conflict") notify("conflict", event);
    if (type !== "renewed") later("pools", refreshPools);
  }

  async function refreshListeners(port) {
    const last = listenerEvents.get(port);
    const listeners = await api.listeners(port);
    // A response is outdated when an event has arrived meanwhile.
    if (listenerEvents.get(port) === last) store.setListeners(port, listeners);
    else later(port, () => refreshListeners(port));
  }

  function later(key, work) {
    if (timers.has(key)) return;
    timers.add(key);
    setTimeout(() => {
      timers.delete(key);
      work().catch(reconnect);
    }, refreshDelay);
  }

  setInterval(async () => {
    if (document.hidden || store.connection.phase !== "live") return;
    try {
      store.set("status", await api.status());
    } catch (error) {
      if (store.connection.phase === "live") reconnect(error);
    }
  }, pollingInterval);

  const reconnect = followEvents({
    ready,
    reset: load,
    refusal: api.refusalOfEvents,
    event: (event) => (loading ? waiting.push(event) : apply(event)),
    lost,
    paused,
  });
}

// Keeps the store as the daemon is: everything at each connection, then event by event.

import * as api from "./api.js";
import { followEvents } from "./events.js";

// Changes come in bursts, and these are asked for once after them.
const settling = 150;
// A daemon that is stopped (SIGSTOP) keeps its streams open and says nothing.
const pulse = 15_000;

/** `told` hears of `gone`, `back`, `renewed` (another version), and `conflict` with its event. */
export function keepCurrent(store, told) {
  let loading, waiting, version, wasGone = false;
  const timers = new Set();
  /** By port: the last event of its listeners. */
  const heard = new Map();

  /** Events that come meanwhile are applied after it: they are as new, or newer. */
  async function load() {
    const turn = (loading = {});
    waiting = [];
    refreshPools();
    const [allocations, listeners, status] = await Promise.all([api.allocations(), api.listeners(), api.status()]);
    if (loading !== turn) return;
    loading = undefined;
    heard.clear();
    store.set("status", status);
    store.load(allocations, listeners);
    waiting.forEach(apply);
    store.set("connection", { phase: "live" });
    if (wasGone) told("back");
    wasGone = false;
  }

  function ready(daemon) {
    if (version && version !== daemon.version) told("renewed");
    version = daemon.version;
    return load();
  }

  const refreshPools = () => api.pools().then((pools) => store.set("pools", pools), () => undefined);

  /** An error of another code than `unreachable` is the daemon's refusal, or a fault of this page. */
  function lost(error) {
    loading = undefined;
    if (!error.code) console.error(error);
    const phase = error.code === "unreachable" ? "gone" : "failing";
    const { phase: former, contact = store.loaded && Date.now() } = store.connection;
    store.set("connection", { phase, contact, error });
    if (phase !== "gone" || former === phase) return;
    wasGone = true;
    told("gone");
  }

  function paused() {
    // An answer that comes now would be taken for a stream that is open.
    loading = undefined;
    store.set("connection", { phase: "paused", contact: Date.now() });
  }

  function apply(event) {
    const { type, port } = event;
    if (type.startsWith("listener_")) heard.set(port, event);
    // Which of several sockets went is asked, not guessed; until then all stay.
    const isOneOfSeveral = type === "listener_gone" && store.listeners.get(port)?.length > 1;
    store.apply(event, isOneOfSeveral);
    if (isOneOfSeveral) later(port, () => refreshListeners(port));
    if (type === "conflict") told("conflict", event);
    if (type !== "renewed") later("pools", refreshPools);
  }

  async function refreshListeners(port) {
    const last = heard.get(port);
    const listeners = await api.listeners(port);
    // An answer that an event has overtaken is older than what is known.
    if (heard.get(port) === last) store.setListeners(port, listeners);
    else later(port, () => refreshListeners(port));
  }

  function later(key, work) {
    if (timers.has(key)) return;
    timers.add(key);
    setTimeout(() => {
      timers.delete(key);
      work().catch(reconnect);
    }, settling);
  }

  setInterval(async () => {
    if (document.hidden || store.connection.phase !== "live") return;
    try {
      store.set("status", await api.status());
    } catch (error) {
      if (store.connection.phase === "live") reconnect(error);
    }
  }, pulse);

  const reconnect = followEvents({
    ready,
    reset: load,
    refusal: api.refusalOfEvents,
    event: (event) => (loading ? waiting.push(event) : apply(event)),
    lost,
    paused,
  });
}

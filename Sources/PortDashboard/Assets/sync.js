// Keeps the store as the daemon is: everything at each connection, then event by event.

import * as api from "./api.js";
import { followEvents } from "./events.js";

// Changes come in bursts, and these are asked for once after them.
const settling = 150;
// A daemon that is stopped (SIGSTOP) keeps its streams open and says nothing.
const pulse = 15_000;

/** `told` hears of `gone`, `back`, and `conflict` with its event. */
export function keepCurrent(store, told) {
  let loading, waiting, wasGone = false;
  const timers = new Set();

  /** Events that come meanwhile are applied after it: they are as new, or newer. */
  async function load() {
    const turn = (loading = {});
    waiting = [];
    refreshPools();
    try {
      const [allocations, listeners, status] = await Promise.all([api.allocations(), api.listeners(), api.status()]);
      if (loading !== turn) return;
      loading = undefined;
      store.set("status", status);
      store.load(allocations, listeners);
      waiting.forEach(apply);
    } catch {
      return loading === turn && reconnect();
    }
    store.set("connection", { phase: "live" });
    if (wasGone) told("back");
    wasGone = false;
  }

  const refreshPools = () => api.pools().then((pools) => store.set("pools", pools), () => undefined);

  function lost() {
    loading = undefined;
    if (store.connection.phase === "gone") return;
    store.set("connection", { phase: "gone", contact: store.loaded && Date.now() });
    wasGone = true;
    told("gone");
  }

  function apply(event) {
    const { type, port } = event;
    // Which of several sockets went is asked, not guessed.
    const isOneOfSeveral = type === "listener_gone" && store.listeners.get(port)?.length > 1;
    store.apply(event);
    if (type === "conflict") told("conflict", event);
    if (isOneOfSeveral) later(port, async () => store.setListeners(port, await api.listeners(port)));
    if (type !== "renewed") later("pools", refreshPools);
  }

  function later(key, work) {
    if (timers.has(key)) return;
    timers.add(key);
    setTimeout(() => {
      timers.delete(key);
      work().catch(() => undefined);
    }, settling);
  }

  setInterval(async () => {
    if (document.hidden || store.connection.phase !== "live") return;
    const status = await api.status().catch(() => undefined);
    if (status) store.set("status", status);
    else if (store.connection.phase === "live") reconnect();
  }, pulse);

  const reconnect = followEvents({
    ready: load,
    reset: load,
    event: (event) => (loading ? waiting.push(event) : apply(event)),
    lost,
    paused: () => store.set("connection", { phase: "paused" }),
  });
}

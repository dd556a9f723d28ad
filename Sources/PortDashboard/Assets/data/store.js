// The state of the machine as far as the page knows it. Only the store changes it, and notifies the views once a frame.

export class Store {
  /** By port: `{ body, since }`. `since` is the monotonic time when the body arrived; its countdowns start there. */
  allocations = new Map();
  /** By port: an array of listeners. */
  listeners = new Map();
  pools = [];
  status;
  /** `phase` is `connecting`, `live`, `gone`, `failing` or `paused`. `contact` is when the daemon last responded. */
  connection = { phase: "connecting" };
  filter = { text: "", state: "", app: "" };
  /** Whether the first load is complete. Until then, an empty map does not mean that there is nothing. */
  loaded = false;

  #portOf = new Map();
  /** The ports of services that listen on another one, by that one. */
  #ownPorts = new Map();
  #views = new Set();
  #change;

  /**
   * Calls `view` with `{ all, ports, topics }` after changes: whether everything is new, otherwise the changed ports,
   * and the topics that were `set`. Returns a function that ends the subscription.
   */
  subscribe(view) {
    this.#views.add(view);
    return () => this.#views.delete(view);
  }

  /** Returns the port under which a port is shown: that of the service that listens there instead of on its own. */
  rowOf(port) {
    return this.allocations.has(port) ? port : this.#ownPorts.get(port) ?? port;
  }

  /** Returns all that is known about a port; `undefined` when it is not allocated and nobody listens on it. */
  about(port) {
    const { body, since } = this.allocations.get(port) ?? {};
    // Who listens for a service elsewhere is shown with the service.
    if (!body && this.#ownPorts.has(port)) return undefined;
    const listeners = this.listeners.get(body?.actual_port ?? port) ?? [];
    if (!body && !listeners.length) return undefined;
    const processes = body?.occupiers ?? listeners.flatMap((listener) => listener.processes);
    const occupiers = [...new Map(processes.map((process) => [process.pid, process])).values()];
    const isOwn = occupiers.some(({ pid }) => pid === this.status?.pid);
    return { port, body, since, listeners, occupiers, isOwn, state: body?.state ?? "unclaimed" };
  }

  load(allocations, listeners) {
    this.allocations.clear();
    this.#portOf.clear();
    this.#ownPorts.clear();
    this.listeners.clear();
    for (const body of allocations) this.#put(body);
    for (const listener of listeners) this.#addListener(listener);
    this.loaded = true;
    this.#touch().all = true;
  }

  /** Applies an event, which has the port's current allocation. With `keepsListeners`, the port's listeners stay. */
  apply({ type, port, allocation, listener }, keepsListeners = false) {
    if (allocation) this.#put(allocation);
    else if (port) this.#drop(port);
    if (type === "listener_appeared" && listener) this.#addListener(listener);
    if (type === "listener_gone" && !keepsListeners) this.setListeners(port, []);
  }

  setListeners(port, listeners) {
    this.listeners.delete(port);
    this.#touch(port);
    for (const listener of listeners) this.#addListener(listener);
  }

  set(topic, value) {
    this[topic] = value;
    this.#touch().topics.add(topic);
  }

  #put(body) {
    const previous = this.#portOf.get(body.id);
    if (previous !== body.port) this.#drop(previous);
    if (this.allocations.get(body.port)?.body.id !== body.id) this.#drop(body.port);
    this.#portOf.set(body.id, body.port);
    this.#listensOn(body.actual_port, body.port);
    this.allocations.set(body.port, { body, since: performance.now() });
    this.#touch(body.port);
  }

  #drop(port) {
    this.#portOf.delete(this.allocations.get(port)?.body.id);
    this.#listensOn(undefined, port);
    this.allocations.delete(port);
    this.#touch(port);
  }

  /** The service with `port` listens on `actual` now; on its own port for `undefined`. */
  #listensOn(actual, port) {
    for (const [other, own] of this.#ownPorts) {
      if (own !== port || other === actual) continue;
      this.#ownPorts.delete(other);
      this.#touch(other);
    }
    if (!actual) return;
    this.#ownPorts.set(actual, port);
    this.#touch(actual);
  }

  #addListener(listener) {
    const key = ({ address, processes }) => JSON.stringify([address, processes.map(({ pid }) => pid)]);
    const others = (this.listeners.get(listener.port) ?? []).filter((other) => key(other) !== key(listener));
    this.listeners.set(listener.port, [...others, listener]);
    this.#touch(listener.port);
  }

  #touch(port) {
    if (!this.#change) {
      this.#change = { all: false, ports: new Set(), topics: new Set() };
      // A hidden tab draws no frames: its changes are collected until it is shown.
      requestAnimationFrame(() => {
        const change = this.#change;
        this.#change = undefined;
        for (const view of this.#views) view(change);
      });
    }
    if (port) this.#change.ports.add(port);
    return this.#change;
  }
}

// What is known of the machine: changed here alone, and told to the views once a frame.

export class Store {
  /** By port: `{ body, since }`, the monotonic time of the body, from which its countdowns run. */
  allocations = new Map();
  listeners = new Map();
  pools = [];
  status;
  /** `phase` is `connecting`, `live`, `gone`, `failing` or `paused`; `contact`, when the daemon was last heard. */
  connection = { phase: "connecting" };
  filter = { text: "", state: "", app: "" };
  /** Before the first load, nothing does not mean empty. */
  loaded = false;

  #portOf = new Map();
  #views = new Set();
  #change;

  /**
   * `view` gets `{ all, ports, topics }`: whether all is new, else the ports that are, and what was `set`. Returns a
   * function that ends this.
   */
  subscribe(view) {
    this.#views.add(view);
    return () => this.#views.delete(view);
  }

  /** All about a port; `undefined` when nobody has it and nobody listens. */
  about(port) {
    const { body, since } = this.allocations.get(port) ?? {};
    const listeners = this.listeners.get(port) ?? [];
    if (!body && !listeners.length) return undefined;
    const processes = body?.occupiers ?? listeners.flatMap((listener) => listener.processes);
    const occupiers = [...new Map(processes.map((process) => [process.pid, process])).values()];
    const isOwn = occupiers.some(({ pid }) => pid === this.status?.pid);
    return { port, body, since, listeners, occupiers, isOwn, state: body?.state ?? "unclaimed" };
  }

  load(allocations, listeners) {
    this.allocations.clear();
    this.#portOf.clear();
    this.listeners.clear();
    for (const body of allocations) this.#put(body);
    for (const listener of listeners) this.#addListener(listener);
    this.loaded = true;
    this.#touch().all = true;
  }

  /** What an event says of a port is what its last change made of it; its listeners may be to stay. */
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
    const former = this.#portOf.get(body.id);
    if (former !== body.port) this.#drop(former);
    if (this.allocations.get(body.port)?.body.id !== body.id) this.#drop(body.port);
    this.#portOf.set(body.id, body.port);
    this.allocations.set(body.port, { body, since: performance.now() });
    this.#touch(body.port);
  }

  #drop(port) {
    this.#portOf.delete(this.allocations.get(port)?.body.id);
    this.allocations.delete(port);
    this.#touch(port);
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
      // A hidden tab draws no frames: its changes gather.
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

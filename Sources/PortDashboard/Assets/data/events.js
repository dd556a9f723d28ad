// The daemon's event stream, kept open.

const names = `allocated adopted held renewed moved released expired lingers owner_exited forgotten conflict killed drifted
  refused taken_over rebuilt listener_appeared listener_gone`.split(/\s+/);
// Milliseconds. The daemon is on this machine: retrying is cheap, and a restart takes milliseconds.
const retryDelays = [250, 500, 1000, 2000];
// Milliseconds. A browser opens six connections to a host, and a stream occupies one, so hidden tabs close theirs.
const hiddenLimit = 30_000;

/**
 * Opens the stream and keeps it open.
 *
 * Events before `ready` and before `reset` are not delivered: `ready()` and `reset()` load the state, and return a
 * promise of that. `refusal()` returns why there is no stream. Returns a function that replaces the connection after an
 * error.
 */
export function followEvents({ ready, event, reset, refusal, lost, paused }) {
  let source, retryTimer, hiddenTimer, isPaused = false, failures = 0;

  function close() {
    clearTimeout(retryTimer);
    source?.close();
    source = undefined;
  }

  function open() {
    close();
    isPaused = false;
    const own = source = new EventSource("/v1/events");
    // Only a complete load resets the delay: a daemon that sends `ready` and then fails is retried less and less often.
    const settle = (load) => load.then(() => own === source && (failures = 0), (error) => own === source && reconnect(error));
    own.addEventListener("ready", ({ data }) => settle(ready(JSON.parse(data))));
    own.addEventListener("reset", () => settle(reset()));
    for (const name of names) own.addEventListener(name, ({ data }) => event(JSON.parse(data)));
    // The browser itself would never retry after an error response.
    own.onerror = () => reconnect();
  }

  async function reconnect(error) {
    if (isPaused) return;
    close();
    error ??= await refusal();
    // Meanwhile the page may have been shown and have reconnected, or have been hidden for long enough and have paused.
    if (source || isPaused) return;
    lost(error);
    clearTimeout(retryTimer);
    retryTimer = setTimeout(open, retryDelays[Math.min(failures++, retryDelays.length - 1)]);
  }

  function schedulePause() {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(pause, hiddenLimit);
  }

  function pause() {
    isPaused = true;
    close();
    paused();
  }

  document.addEventListener("visibilitychange", () => {
    schedulePause();
    if (!document.hidden && !source) open();
  });
  schedulePause();
  open();
  return reconnect;
}

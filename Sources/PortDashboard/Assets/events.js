// The daemon's event stream, kept open.

const names = `allocated adopted held renewed moved released expired lingers owner_exited forgotten conflict killed
  refused taken_over rebuilt listener_appeared listener_gone`.split(/\s+/);
// The daemon is on this machine: asking often is cheap, and a restart takes milliseconds.
const delays = [250, 500, 1000, 2000];
// Of a browser's six connections to a host, a stream takes one: hidden tabs give theirs back.
const hiddenLimit = 30_000;

/**
 * What happened before `ready`, or a `reset`, is not told: both return a promise of having asked for it. `refusal()` finds
 * out why there is no stream. Returns a function that drops the connection, for the error it gets, for a new one.
 */
export function followEvents({ ready, event, reset, refusal, lost, paused }) {
  let source, retry, hiding, isPaused = false, failures = 0;

  function close() {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  }

  function open() {
    close();
    isPaused = false;
    const own = source = new EventSource("/v1/events");
    // Only an answer is a success: a daemon that greets and then fails is asked ever more seldom.
    const settle = (asked) => asked.then(() => own === source && (failures = 0), (error) => own === source && again(error));
    own.addEventListener("ready", ({ data }) => settle(ready(JSON.parse(data))));
    own.addEventListener("reset", () => settle(reset()));
    for (const name of names) own.addEventListener(name, ({ data }) => event(JSON.parse(data)));
    // Not left to the browser, which gives up for good when the answer is an error.
    own.onerror = () => again();
  }

  async function again(error) {
    if (isPaused) return;
    close();
    error ??= await refusal();
    // Shown again meanwhile, the page has asked anew; hidden for long enough, it has given up.
    if (source || isPaused) return;
    lost(error);
    clearTimeout(retry);
    retry = setTimeout(open, delays[Math.min(failures++, delays.length - 1)]);
  }

  function limit() {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(pause, hiddenLimit);
  }

  function pause() {
    isPaused = true;
    close();
    paused();
  }

  document.addEventListener("visibilitychange", () => {
    limit();
    if (!document.hidden && !source) open();
  });
  limit();
  open();
  return again;
}

// The daemon's event stream, kept open.

const names = `allocated adopted held renewed moved released expired lingers owner_exited forgotten conflict killed
  refused taken_over rebuilt listener_appeared listener_gone`.split(/\s+/);
// The daemon is on this machine: asking often is cheap, and a restart takes milliseconds.
const delays = [250, 500, 1000, 2000];
// Of a browser's six connections to a host, a stream takes one: hidden tabs give theirs back.
const hiddenLimit = 30_000;

/** What happened before `ready`, or a `reset`, is not told. Returns a function that drops the connection for a new one. */
export function followEvents({ ready, event, reset, lost, paused }) {
  let source, timer, failures = 0;

  function close() {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  }

  function open() {
    close();
    source = new EventSource("/v1/events");
    source.addEventListener("ready", () => {
      failures = 0;
      ready();
    });
    source.addEventListener("reset", reset);
    for (const name of names) source.addEventListener(name, ({ data }) => event(JSON.parse(data)));
    // Not left to the browser, which gives up for good when the answer is an error.
    source.onerror = again;
  }

  function again() {
    close();
    lost();
    timer = setTimeout(open, delays[Math.min(failures++, delays.length - 1)]);
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !source) return open();
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => paused(close()), hiddenLimit);
  });
  open();
  return again;
}

// The daemon's HTTP API. Errors have the daemon's `code`, `hint`, `remedies` and `holder`, or the code `unreachable`.

const failure = (message, more) => Object.assign(new Error(message), more);
const unreachable = () => failure("the daemon does not respond", { code: "unreachable", hint: "portctl start" });

async function request(method, path, body, seconds = 10) {
  const options = { method, signal: AbortSignal.timeout(seconds * 1000), cache: "no-store" };
  if (body) Object.assign(options, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  let response, answer;
  try {
    response = await fetch(path, options);
    answer = await response.json();
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw failure(answer.error, answer);
  return answer;
}

export const allocations = () => request("GET", "/v1/allocations?wide=true");
export const listeners = (port) => request("GET", `/v1/listeners?port=${port ?? ""}`);
export const pools = () => request("GET", "/v1/pools");
export const status = () => request("GET", "/v1/status");
export const journal = (port) => request("GET", `/v1/ports/${port}/journal`);
/** Returns why there is no stream, which an `EventSource` does not report. */
export async function refusalOfEvents() {
  const stop = new AbortController();
  try {
    const response = await fetch("/v1/events", { signal: AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)]) });
    if (response.ok) return failure("the stream of events ended", { code: "stream_ended" });
    const answer = await response.json();
    return failure(answer.error, answer);
  } catch {
    return unreachable();
  } finally {
    stop.abort();
  }
}

export const release = (id) => request("DELETE", `/v1/allocations/${id}`);
export const reserve = (body) => request("POST", "/v1/reservations", body);
export const adopt = (body) => request("POST", "/v1/allocations", { ...body, adopt: true });
/** Needs a longer timeout: the daemon waits three seconds after each of its two signals. */
export const kill = (port, pid, force) => request("POST", `/v1/ports/${port}/kill`, { pid, force }, 20);

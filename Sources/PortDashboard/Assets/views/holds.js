// Holds and their remaining seconds, counted by the monotonic clock from when the daemon's response arrived.

import { h, setText } from "../dom.js";
import { faces } from "../data/model.js";
import { countdown, visible } from "../text.js";

function describe({ kind, face, owner_pid: pid, owner_alive: alive, ttl_seconds: ttl, grace_seconds: grace }) {
  const by = `Placed by ${faces[face] ?? visible(face)}.`;
  const renewed = `nobody has renewed it for ${ttl} seconds`;
  if (kind === "ttl") return ["lease", `Until ${renewed}. ${by}`];
  if (kind !== "process") return ["until released", by];
  const end = (grace ? `, and ${grace} seconds more` : "") + (ttl ? `, or ${renewed}` : "");
  return [`pid ${pid} ${alive === false ? "exited" : "runs"}`, `Until process ${pid} exits${end}. ${by}`];
}

/** Returns a hold without its remaining seconds: what changes only when the hold itself does. */
export const withoutCountdown = ({ seconds_left: seconds, ...rest }) => ({ ...rest, ends: seconds !== undefined });

/** Makes the view of a hold `withoutCountdown`. With `isDetailed`, the explanation is a text, otherwise a tooltip. */
export function holdView(hold, isDetailed) {
  const [word, explanation] = describe(hold);
  let seconds, since, total;
  const [time, bar] = [h("span.time"), h("span.bar-left")];
  const element = h(isDetailed ? "li.hold" : "span.hold", { "data-kind": hold.kind, title: !isDetailed && explanation },
    h("span", word), hold.ends && [" ", time, bar], isDetailed && h("p.quiet", explanation));

  function tick(now) {
    if (seconds === undefined) return;
    const left = seconds - (now - since) / 1000;
    setText(time, left > 0 ? countdown(left) : "ending");
    element.classList.toggle("soon", left < 60);
    bar.style.scale = `${Math.max(0, Math.min(1, left / total)).toFixed(3)} 1`;
  }
  /** Continues the countdown from `left` seconds at the monotonic time `moment`. */
  function renew(left, moment) {
    [seconds, since] = [left, moment];
    total ??= (hold.owner_alive === false && hold.grace_seconds) || hold.ttl_seconds || left || 1;
  }
  return { element, renew, tick };
}

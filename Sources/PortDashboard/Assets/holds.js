// Holds, and the seconds they have left, counted on the monotonic clock from when the daemon told them.

import { h, setText } from "./dom.js";
import { faces } from "./model.js";
import { countdown, visible } from "./text.js";

function words({ kind, face, owner_pid: pid, owner_alive: alive, ttl_seconds: ttl, grace_seconds: grace }) {
  const by = `Placed by ${faces[face] ?? visible(face)}.`;
  const renewed = `nobody has renewed it for ${ttl} seconds`;
  if (kind === "ttl") return ["lease", `Until ${renewed}. ${by}`];
  if (kind !== "process") return ["until released", by];
  const end = (grace ? `, and ${grace} seconds more` : "") + (ttl ? `, or ${renewed}` : "");
  return [`pid ${pid} ${alive === false ? "exited" : "runs"}`, `Until process ${pid} exits${end}. ${by}`];
}

/** What is said of a hold beside the seconds it has left. */
export const lasting = ({ seconds_left: seconds, ...rest }) => ({ ...rest, ends: seconds !== undefined });

/** Of what is `lasting` of a hold. With `inFull`, the explanation is a text, else a tooltip. */
export function holdView(hold, inFull) {
  const [word, explanation] = words(hold);
  let seconds, since, whole;
  const [time, bar] = [h("span.time"), h("span.bar-left")];
  const element = h(inFull ? "li.hold" : "span.hold", { "data-kind": hold.kind, title: !inFull && explanation },
    h("span", word), hold.ends && [" ", time, bar], inFull && h("p.quiet", explanation));

  function tick(now) {
    if (seconds === undefined) return;
    const left = seconds - (now - since) / 1000;
    setText(time, left > 0 ? countdown(left) : "ending");
    element.classList.toggle("soon", left < 60);
    bar.style.scale = `${Math.max(0, Math.min(1, left / whole)).toFixed(3)} 1`;
  }
  /** Counts on from what the daemon has said by `moment`. */
  function renew(left, moment) {
    [seconds, since] = [left, moment];
    whole ??= (hold.owner_alive === false && hold.grace_seconds) || hold.ttl_seconds || left || 1;
  }
  return { element, renew, tick };
}

// The page's one timer: ages and countdowns run on it.

const ticks = [];

/** `tick(now, wall)` gets the monotonic time and the time of day. */
export const everySecond = (tick) => ticks.push(tick);

function run() {
  if (!document.hidden) for (const tick of ticks) tick(performance.now(), Date.now());
}

setInterval(run, 1000);
document.addEventListener("visibilitychange", run);

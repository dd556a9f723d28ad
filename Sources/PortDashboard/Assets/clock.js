// The page's only timer, for ages and countdowns.

const ticks = [];

/** Calls `tick(now, wall)` every second, with the monotonic time and the time of day in milliseconds. */
export const everySecond = (tick) => ticks.push(tick);

function run() {
  if (!document.hidden) for (const tick of ticks) tick(performance.now(), Date.now());
}

setInterval(run, 1000);
document.addEventListener("visibilitychange", run);

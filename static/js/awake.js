// The screen stays on while a set or a rest is on, and no longer than some minutes after the last
// tap: a phone that was put away may sleep.

const LONG = 5 * 60_000;

/** @type {WakeLockSentinel | null | undefined} */
let lock;
let sleep = 0;

async function hold() {
  clearTimeout(sleep);
  const on = document.querySelector(".scene");
  if (!on) return lock?.release();
  sleep = setTimeout(() => lock?.release(), LONG);
  if ((!lock || lock.released) && document.visibilityState === "visible") {
    lock = await navigator.wakeLock?.request("screen").catch(() => null);
  }
}

for (const name of ["visibilitychange", "click", "htmx:after:settle"]) document.addEventListener(name, hold);
hold();

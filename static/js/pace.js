// Paces a set at the prescribed tempo: up, hold, down, each repetition counted from a time that is
// kept, so that a phone that slept shows the right moment. The figure moves with it.
import { say } from "./focus.js";

const LEAD = 3; // seconds to get ready
const BREATH = 1; // between two repetitions: as the figure rests

/** @typedef {{button: HTMLElement, began: number, stopped: number, clock: number, moved: boolean, at: string, origin: number}} Run */

/** @type {Run | undefined} */
let run;

/** @param {Run} on @returns {SVGSVGElement | null | undefined} */
const picture = (on) => /** @type {SVGSVGElement | null | undefined} */ (on.button.parentElement?.querySelector("svg.fig-move"));

/** @param {HTMLElement} button @param {boolean} moving */
function show(button, moving) {
  button.querySelector("[data-still]")?.toggleAttribute("hidden", moving);
  button.querySelector("[data-moving]")?.toggleAttribute("hidden", !moving);
}

/** The figure repeats as long as the set goes; on its own it shows two. @param {Run} on @param {string} times */
function move(on, times) {
  const svg = picture(on);
  for (const each of svg?.querySelectorAll("animate, animateTransform") ?? []) {
    each.setAttribute("repeatCount", times);
    if (times === "2") /** @type {SVGAnimationElement} */ (each).endElement();
  }
  if (times !== "2") svg?.dispatchEvent(new MouseEvent("click"));
  on.origin = svg?.getCurrentTime() ?? 0;
}

/** Which part of which repetition it is. @param {number} seconds @param {number[]} tempo */
function moment(seconds, tempo) {
  const ends = tempo.map((_, at) => tempo.slice(0, at + 1).reduce((sum, each) => sum + each, 0));
  const whole = (ends.at(-1) ?? 0) + BREATH, into = seconds % whole;
  const part = ends.findIndex((end) => into < end);
  const end = part < 0 ? whole : ends[part] ?? whole;
  const length = part < 0 ? BREATH : tempo[part] ?? 1;
  return { rep: Math.floor(seconds / whole) + 1, part: part < 0 ? 3 : part, left: end - into, done: 1 - (end - into) / length };
}

/** The dot on the curve. @param {Run} on @param {number} part @param {number} done */
function trace(on, part, done) {
  const dot = on.button.closest("form")?.querySelector(".pace circle");
  const from = [1, 16, 26, 43][part] ?? 1, to = [16, 26, 43, 43][part] ?? 1;
  const high = part === 1 ? 1 : part === 3 ? 0 : (1 - Math.cos(Math.PI * (part ? 1 - done : done))) / 2;
  dot?.setAttribute("transform", `translate(${from + (to - from) * done} ${18 - 15 * high})`);
}

/** @param {Run} on */
function draw(on) {
  if (!on.button.isConnected) return clearInterval(on.clock);
  const box = /** @type {HTMLElement | null | undefined} */ (on.button.parentElement?.querySelector("[data-count]"));
  const reps = /** @type {HTMLInputElement | null | undefined} */ (on.button.closest("form")?.querySelector("[name=reps]"));
  const [ready, up, hold, down, breathe, rep] = (box?.dataset.count ?? "").split("|");
  const seconds = (Date.now() - on.began) / 1000 - LEAD;
  const tempo = (on.button.dataset.pace ?? "").split(" ").map(Number);
  const now = seconds < 0 ? { rep: 0, part: 4, left: -seconds, done: 0 } : moment(seconds, tempo);
  if (now.rep > Number(reps?.value) && !on.button.hasAttribute("data-most")) return finish(on, box);
  if (seconds >= 0 && !on.moved) on.moved = true, move(on, "indefinite"), on.origin -= seconds;
  const word = [up, hold, down, breathe, ready][now.part] ?? "";
  if (on.at !== `${now.rep}${word}`) document.dispatchEvent(new CustomEvent("tick", { detail: now.part }));
  on.at = `${now.rep}${word}`;
  trace(on, now.part, now.done);
  const [left, said, count] = box?.children ?? [];
  if (!box || !left || !said || !count) return;
  box.hidden = false;
  left.textContent = `${Math.ceil(now.left)}`;
  said.textContent = word;
  count.textContent = now.rep ? (rep ?? "").replace("{n}", `${now.rep}`).replace("{of}", reps?.value ?? "") : "";
}

/** @param {Run} on @param {HTMLElement | null} [box] */
function finish(on, box) {
  clearInterval(on.clock);
  move(on, "2");
  show(on.button, false);
  run = undefined;
  document.dispatchEvent(new CustomEvent("tick", { detail: 5 }));
  if (!box) return;
  box.hidden = true;
  say(box.dataset.over ?? "");
}

/** Begin, pause, go on. @param {HTMLElement} button */
export function press(button) {
  if (run?.button !== button) {
    clearInterval(run?.clock);
    run = { button, began: Date.now(), stopped: 0, clock: 0, moved: false, at: "", origin: 0 };
  } else if (!run.stopped) {
    clearInterval(run.clock);
    run.stopped = Date.now();
    picture(run)?.pauseAnimations();
    return show(button, false);
  } else {
    run.began += Date.now() - run.stopped;
    run.stopped = 0;
    picture(run)?.unpauseAnimations();
  }
  const on = run;
  on.clock = setInterval(() => draw(on), 100);
  show(button, true);
  draw(on);
}

// A browser may stop a hidden page's figure: seen again, it stands where the count does.
document.addEventListener("visibilitychange", () => {
  if (run?.moved && !run.stopped) picture(run)?.setCurrentTime(run.origin + (Date.now() - run.began) / 1000 - LEAD);
});

// The rest between two sets, counted from a time that is kept: a locked phone or a reload changes nothing.
import { say } from "./focus.js";

const LATE = 30_000;

/** @param {HTMLElement} box */
function until(box) {
  const name = `rest:${box.dataset.key}`;
  const kept = Number(sessionStorage.getItem(name));
  const end = kept || Date.now() + Number(box.dataset.rest) * 1000;
  sessionStorage.setItem(name, String(end));
  return end;
}

/** @param {HTMLElement} box @param {number} end */
function draw(box, end) {
  const left = Math.max(0, end - Date.now());
  const whole = Math.max(Number(box.dataset.rest) * 1000, left);
  const number = box.querySelector("[data-seconds]");
  if (number) number.textContent = String(Math.ceil(left / 1000));
  box.querySelector(".left")?.setAttribute("stroke-dasharray", `${(left / whole) * 100} 100`);
  return left > 0;
}

/** @param {HTMLElement} box */
function run(box) {
  let end = until(box);
  if (end < Date.now() - LATE || !draw(box, end)) return;
  box.hidden = false;
  const stop = () => {
    clearInterval(clock);
    box.hidden = true;
    sessionStorage.setItem(`rest:${box.dataset.key}`, "1");
  };
  const clock = setInterval(() => {
    if (!box.isConnected) return clearInterval(clock);
    if (draw(box, end)) return;
    stop();
    document.dispatchEvent(new CustomEvent("tick", { detail: 5 }));
    say(box.dataset.over ?? "");
  }, 250);
  box.querySelector("[data-ready]")?.addEventListener("click", stop);
  box.querySelector("[data-more]")?.addEventListener("click", (event) => {
    end += Number(/** @type {HTMLElement} */ (event.currentTarget).dataset.more) * 1000;
    sessionStorage.setItem(`rest:${box.dataset.key}`, String(end));
    draw(box, end);
  });
}

/** @param {ParentNode} root */
function start(root) {
  const box = /** @type {HTMLElement | null} */ (root.querySelector("[data-rest]"));
  if (box) run(box);
}

document.addEventListener("htmx:after:settle", (event) => event.target instanceof Element && start(event.target));
start(document);

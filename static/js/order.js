// The order of the exercises by drag and by keys, and the way from the search to what it found.
// Whatever moves posts the page's own form: these buttons are there without a script too. In the
// library's editor (editor.js) it moves the row, and the form is saved later.

import { say } from "./focus.js";

const list = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-order]"));
export const items = () => /** @type {HTMLElement[]} */ ([...(list()?.querySelectorAll(":scope > [data-place]") ?? [])]);

/** @type {HTMLElement | null} */
let held = null;

/** @param {EventTarget | null} from @param {string} what */
function closest(from, what) {
  return from instanceof Element ? /** @type {HTMLElement | null} */ (from.closest(what)) : null;
}

/** Post the move; where the page has no button for that, it is a form to be saved: move the row.
 * @param {HTMLElement} item @param {number} to */
export function move(item, to) {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-moves]"));
  const there = items()[to];
  if (!there || there === item) return;
  if (!button) {
    there[items().indexOf(item) < to ? "after" : "before"](item);
    item.dispatchEvent(new CustomEvent("moved", { bubbles: true }));
    return;
  }
  button.value = `${item.dataset.place}-${there.dataset.place}`;
  button.click();
}

/** Where the held item would come to stand if it were let go over this one.
 * @param {HTMLElement} over @param {number} y */
function target(over, y) {
  const box = over.getBoundingClientRect();
  const all = items(), from = held ? all.indexOf(held) : -1, at = all.indexOf(over);
  if (over === held) return at;
  const after = y > box.top + box.height / 2;
  if (from < at) return after ? at : at - 1;
  return after ? at + 1 : at;
}

function release() {
  for (const each of items()) each.classList.remove("before", "after");
}

document.addEventListener("dragstart", (event) => {
  const item = closest(event.target, ".grip") && closest(event.target, "[data-order] > [data-place]");
  if (!item || !event.dataTransfer) return;
  held = item;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", item.dataset.place ?? "");
  event.dataTransfer.setDragImage(item, 24, 24);
});

document.addEventListener("dragover", (event) => {
  const over = held && closest(event.target, "[data-order] > [data-place]");
  if (!held || !over) return;
  event.preventDefault();
  release();
  const all = items(), to = target(over, event.clientY);
  if (all[to] !== held) all[to]?.classList.add(to > all.indexOf(held) ? "after" : "before");
});

document.addEventListener("drop", (event) => {
  const over = held && closest(event.target, "[data-order] > [data-place]");
  if (!held || !over) return;
  event.preventDefault();
  move(held, target(over, event.clientY));
});

document.addEventListener("dragend", () => {
  release();
  held = null;
});

document.addEventListener("keydown", (event) => {
  const item = closest(event.target, ".grip") && closest(event.target, "[data-place]");
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (item && by && event.altKey) {
    event.preventDefault();
    move(item, items().indexOf(item) + by);
  }
  // Enter in the search goes to the first that was found; Enter again adds it.
  if (event.key === "Enter" && closest(event.target, "#find")) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (document.querySelector("#found button") ?? document.querySelector("[name=look]"))?.focus();
  }
  if (item && (event.key === "Enter" || event.key === " ")) hint(event);
});

document.addEventListener("click", (event) => {
  if (closest(event.target, ".grip")) hint(event);
});

/** @param {Event} event */
function hint(event) {
  event.preventDefault();
  say(document.getElementById("grip-hint")?.textContent ?? "");
}

// What is looked for changes nothing of the program: its preview has nothing to do with it.
document.addEventListener("change", (event) => {
  if (closest(event.target, "#find")) event.stopPropagation();
}, true);

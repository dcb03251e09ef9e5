// Rows with an order in the library's editor: moved by drag, keys and buttons, numbered as they
// stand. Without this script one types the numbers.

import { say } from "./focus.js";
import { items, move } from "./order.js";

// The steps of a ladder come as the admin lays them out.
const rungs = /** @type {HTMLElement | null} */ (document.querySelector("#steps-group > fieldset"));
if (rungs) Object.assign(rungs.dataset, { order: "", numbers: "[name$=-position]", first: "0" });
const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-order]"));
const movers = /** @type {HTMLTemplateElement | null} */ (document.getElementById("movers"));
const blank = /** @type {HTMLTemplateElement | null} */ (document.getElementById("empty-step"));

/** Give each row its handles, and its place as its number. */
function number() {
  if (!list || !movers) return;
  for (const row of list.querySelectorAll(".inline-related:not(.empty-form)")) row.setAttribute("data-place", row.id);
  items().forEach((row, at) => {
    if (!row.querySelector(".movers")) (row.querySelector("h3, .row") ?? row).prepend(movers.content.cloneNode(true));
    for (const each of row.querySelectorAll(".movers [aria-label]")) {
      const words = each.getAttribute("data-words") ?? each.getAttribute("aria-label") ?? "";
      each.setAttribute("data-words", words);
      each.setAttribute("aria-label", `${words}: ${at + 1}`);
    }
    const place = /** @type {HTMLInputElement | null} */ (row.querySelector(list.dataset.numbers ?? ""));
    if (place) place.value = String(at + Number(list.dataset.first));
  });
}

/** @param {Event} event @param {string} what */
function closest(event, what) {
  return event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(what)) : null;
}

document.addEventListener("moved", (event) => {
  number();
  const row = closest(event, "[data-place]");
  say(row?.querySelector(".grip")?.getAttribute("aria-label") ?? "");
});

document.addEventListener("click", (event) => {
  const button = closest(event, ".movers [data-by]"), row = closest(event, "[data-place]");
  if (!button || !row) return;
  move(row, items().indexOf(row) + Number(button.dataset.by));
  button.focus();
});

document.addEventListener("click", (event) => {
  const total = /** @type {HTMLInputElement | null} */ (document.getElementById("id_form-TOTAL_FORMS"));
  if (!closest(event, "[data-more] button") || !blank || !list || !total) return;
  const row = document.createElement("div");
  row.append(blank.content.cloneNode(true));
  row.innerHTML = row.innerHTML.replaceAll("__prefix__", total.value);
  total.value = String(Number(total.value) + 1);
  list.append(...row.children);
  number();
  /** @type {HTMLElement | null} */ (list.lastElementChild?.querySelector("select"))?.focus();
});

document.querySelector("[data-more]")?.removeAttribute("hidden");
list?.classList.add("scripted");
new MutationObserver(number).observe(list ?? document.head, { childList: true });
number();

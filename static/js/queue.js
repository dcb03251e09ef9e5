// The decisions by keyboard: j and k move, each row's own buttons say by data-do which key is theirs.
// Single keys act on no field that somebody types in, and can be turned off where they are listed.

const OFF = "single-keys-off", AT = "queue-row";
const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-queue] summary")]);
const row = () => document.activeElement?.closest("[data-queue] li");
const list = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));

/** @param {number} by */
function move(by) {
  const all = rows();
  const at = all.findIndex((each) => each.closest("li") === row());
  const next = at + by < all.length ? all[Math.max(0, at + by)] : document.querySelector("[data-next]");
  if (next instanceof HTMLElement) next.focus();
}

function find() {
  const field = /** @type {HTMLElement | null} */ (document.querySelector("main input[type=search]"));
  const way = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-find]"));
  if (field) field.focus();
  else if (way) location.assign(`${way.href}#find`);
}

/** @type {Record<string, () => void>} */
const keys = {
  j: () => move(1),
  k: () => move(-1),
  "?": () => list?.showModal(),
  "/": find,
  u: () => press(document, "u"),
  A: () => press(document, "A"),
};

/** @param {ParentNode} place @param {string} key */
function press(place, key) {
  /** @type {HTMLElement | null} */ (place.querySelector(`[data-do="${key}"]`))?.click();
}

/** @param {string} key */
function ofRow(key) {
  const here = row();
  return here?.querySelector(`[data-do="${key}"]`) ? () => press(here, key) : undefined;
}

document.addEventListener("keydown", (event) => {
  const from = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) return;
  if (from?.closest("input:not([type=checkbox]), textarea, select, dialog") || localStorage.getItem(OFF)) return;
  const act = /^[a-zA-Z?/]$/.test(event.key) ? ofRow(event.key) ?? keys[event.key] : undefined;
  if (!act) return;
  event.preventDefault();
  act();
});

// After an answer the page comes anew: the keyboard goes on in the place of the row that went.
document.addEventListener("submit", () => {
  const at = rows().findIndex((each) => each.closest("li") === row());
  if (at >= 0) sessionStorage.setItem(AT, String(at));
});
const at = sessionStorage.getItem(AT);
sessionStorage.removeItem(AT);
if (at !== null) (rows()[Number(at)] ?? rows().at(-1))?.focus();
if (location.hash === "#find") find();

const single = /** @type {HTMLInputElement | null} */ (list?.querySelector("[data-single-keys]") ?? null);
if (single) single.checked = !localStorage.getItem(OFF);
single?.addEventListener("change", () => {
  if (single.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});
for (const button of document.querySelectorAll("[data-keys]")) button.addEventListener("click", () => list?.showModal());

// The decisions by keyboard: j and k move, enter opens, a accepts.
// Single letters act only on the list and never while somebody types.

const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-queue] summary")]);

/** @param {number} by */
function move(by) {
  const all = rows();
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement?.closest("li")?.querySelector("summary")));
  all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}

function accept() {
  const row = document.activeElement?.closest("[data-queue] li");
  /** @type {HTMLButtonElement | null | undefined} */ (row?.querySelector("[data-accept] button"))?.click();
}

/** @type {Record<string, () => void>} */
const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: accept,
};

document.addEventListener("keydown", (event) => {
  const from = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || from?.closest("input, textarea, select")) return;
  const act = document.querySelector("[data-queue]") ? keys[event.key] : undefined;
  if (!act) return;
  event.preventDefault();
  act();
});

// After a swap the focus moves to the new heading (or the error summary), and the live region says it.

/** @param {Element} root */
function arrive(root) {
  const to = /** @type {HTMLElement | null} */ (root.querySelector(".errors") ?? root.querySelector("[data-focus]"));
  if (!to) return;
  to.focus({ preventScroll: true });
  const top = to.closest("[data-top]") ? 0 : to.getBoundingClientRect().top + scrollY - 24;
  if (scrollY > top) scrollTo({ top: Math.max(0, top) });
  say(root.querySelector("[data-say]")?.getAttribute("data-say") ?? "");
}

/** @param {string} words */
export function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

document.addEventListener("htmx:after:settle", (event) => {
  if (event.target instanceof Element) arrive(event.target);
});

// A page that comes back with errors starts at its summary.
const summary = /** @type {HTMLElement | null} */ (document.querySelector(".errors"));
summary?.focus();

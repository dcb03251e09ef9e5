// "Show me" plays the figure's two repetitions; a second tap pauses, a third goes on.
// Without script a tap on the picture itself plays it.

/** @param {Element} button */
const picture = (button) => /** @type {SVGSVGElement | null} */ (button.parentElement?.querySelector("svg.fig-move"));

/** @param {Element} button @param {boolean} moving */
function show(button, moving) {
  button.querySelector("[data-still]")?.toggleAttribute("hidden", moving);
  button.querySelector("[data-moving]")?.toggleAttribute("hidden", !moving);
}

/** @param {Element} button */
function press(button) {
  const svg = picture(button);
  if (!svg) return;
  if (svg.animationsPaused()) svg.unpauseAnimations();
  else if (button.hasAttribute("data-playing")) return svg.pauseAnimations(), show(button, false);
  else svg.dispatchEvent(new MouseEvent("click"));
  show(button, true);
}

/** @param {ParentNode} root */
function prepare(root) {
  for (const button of root.querySelectorAll("[data-figure]")) {
    const svg = picture(button);
    button.toggleAttribute("hidden", !svg);
    const motion = svg?.querySelector("animate, animateTransform");
    motion?.addEventListener("beginEvent", () => (button.setAttribute("data-playing", ""), show(button, true)));
    motion?.addEventListener("endEvent", () => (button.removeAttribute("data-playing"), show(button, false)));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-figure]") : null;
  if (button) press(button);
});
document.addEventListener("htmx:after:settle", (event) => event.target instanceof Element && prepare(event.target));
prepare(document);

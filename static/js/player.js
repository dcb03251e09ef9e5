// Entry of the player's pages. What only some cards need, or only some people want, comes when it
// is needed: the load that follows, the rest, the pace, the sound.
import "./stepper.js";
import "./awake.js";

/** The styles of pace and rest, which the page names in a template. */
const dress = () => {
  const sheet = /** @type {HTMLTemplateElement | null} */ (document.getElementById("timing"))?.content.firstElementChild;
  if (sheet) document.head.append(sheet);
};

/** @param {ParentNode} root */
function arrive(root) {
  if (root.querySelector("[data-table]")) import("./follow.js");
  if (root.querySelector("[data-rest]")) dress(), import("./rest.js");
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-pace], [data-sound]") : null;
  if (button?.matches("[data-sound]")) import("./sound.js").then((sound) => sound.toggle());
  else if (button) dress(), import("./pace.js").then((pace) => pace.press(/** @type {HTMLElement} */ (button)));
});
document.addEventListener("htmx:after:settle", (event) => event.target instanceof Element && arrive(event.target));
arrive(document);
try {
  if (localStorage.getItem("sound")) import("./sound.js");
} catch { /* a phone that keeps nothing is a quiet one */ }

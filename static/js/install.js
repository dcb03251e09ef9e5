// The browser's own offer to install: kept until the button is tapped.

const card = document.querySelector("[data-install]");
const button = card?.querySelector("button[hidden]");
/** @type {(Event & { prompt(): void }) | undefined} */
let offer;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = /** @type {Event & { prompt(): void }} */ (event);
  button?.removeAttribute("hidden");
});
button?.addEventListener("click", () => offer?.prompt());
addEventListener("appinstalled", () => card?.remove());

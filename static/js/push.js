// Notifications on this phone: asked for by a tap and never before; the words are in the page.
import { me, send } from "./outbox.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-push]"));
const told = form?.dataset ?? {};
const line = form?.querySelector("[role=status]");
/** @type {string[]} where notifications go already */
const known = JSON.parse(document.getElementById("devices")?.textContent ?? "[]");

/** @param {string} name */
const button = (name) => /** @type {HTMLButtonElement | null | undefined} */ (form?.querySelector(`[data-${name}]`));

/** Say how it stands, and offer what can be done. @param {string} word @param {string} [offer] */
function say(word, offer) {
  line?.replaceChildren(told[word] ?? "");
  for (const name of ["on", "off"]) button(name)?.toggleAttribute("hidden", name !== offer);
}

/** The button that was tapped may be gone: the one that is there takes its place for the keyboard. */
const rest = () => /** @type {HTMLElement | null | undefined} */ (form?.querySelector("button[type=button]:not([hidden])"))?.focus();

const home = () => matchMedia("(display-mode: standalone)").matches || "standalone" in navigator && navigator.standalone === true;
const apple = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1);

/** Why this phone can't, as the name of the words for it; empty if it can. */
function hindrance() {
  if (!navigator.serviceWorker || !("PushManager" in window) || !("Notification" in window)) return apple() && !home() ? "home" : "none";
  return Notification.permission === "denied" ? "denied" : "";
}

const PATIENCE = 30_000; // of a worker that is on its way
const late = () => new Promise((_, fail) => setTimeout(fail, PATIENCE, new Error("late")));

/** @returns {Promise<PushManager>} */
const manager = async () => (await Promise.race([navigator.serviceWorker.ready, late()])).pushManager;

/** This phone's own address. One that was made with another key of ours is of no use any more. */
async function subscribe() {
  const all = await manager(), wanted = { userVisibleOnly: true, applicationServerKey: told.push ?? "" };
  return all.subscribe(wanted).catch(async () => {
    await (await all.getSubscription())?.unsubscribe();
    return all.subscribe(wanted);
  });
}

/** @param {Record<string, string>} fields */
async function post(fields) {
  const { status } = await send({ who: me.who, url: new URL(form?.action ?? "").pathname, body: `${new URLSearchParams(fields)}` }, {});
  if (status !== 204) throw new Error(`${status}`);
}

async function turnOn() {
  if (await Notification.requestPermission() !== "granted") return say(hindrance() || "asked", hindrance() ? "" : "on");
  const { endpoint = "", keys } = (await subscribe()).toJSON();
  await post({ do: "add", endpoint, p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" });
  document.getElementById("channel_push")?.removeAttribute("disabled"); // the way above is open now
  document.getElementById("channel_push_why")?.remove();
  return say("here", "off");
}

// The phone keeps its address: another patient's notifications may come there too.
async function turnOff() {
  const found = await (await manager()).getSubscription();
  if (found) await post({ do: "remove", endpoint: found.endpoint });
  say("off", "on");
}

async function begin() {
  const why = hindrance();
  if (why) return say(why);
  const found = await (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription();
  const on = Notification.permission === "granted" && found && known.includes(found.endpoint);
  return on ? say("here", "off") : say("off", "on");
}

for (const [name, act] of /** @type {const} */ ([["on", turnOn], ["off", turnOff]])) {
  button(name)?.addEventListener("click", () => {
    say("busy");
    act().catch(() => say("failed", name)).finally(() => rest());
  });
}
if (form) begin().catch(() => say("none"));

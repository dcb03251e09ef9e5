// A session without a network: every answer is kept on the phone before it is sent, and where the
// server's card doesn't come in time, the next one is made here. What makes it comes when needed.
import { bring, drain, drop, entries, keep, me, say, store, waits, WRONG } from "./outbox.js";

const PATIENCE = 1500, QUIET = 1000;
const OURS = /\/sessions\/[^/]+\/(sets|pain|finish|hurts|check-in)\/$/;
const board = document.getElementById("card");

const patience = () => new Promise((done) => setTimeout(done, PATIENCE));

let warmed = 0;
const warm = () => warmed ||= setTimeout(() => bring().then((kit) => kit.warm()).catch(() => {}), QUIET);

/** In place of htmx's own fetch. @param {string} url @param {RequestInit} request @param {Element} form */
async function log(url, request, form) {
  const said = new URLSearchParams(/** @type {URLSearchParams} */ (request.body)), now = new Date();
  const headers = /** @type {Record<string, string>} */ (request.headers);
  said.delete("csrfmiddlewaretoken");
  said.set("done_at", now.toISOString());
  board?.querySelector("[data-state]")?.replaceChildren(); // it told of the one before
  const entry = { who: me.who, url: new URL(url, location.href).pathname, body: `${said}`, at: +now, until: new Date(now).setHours(24, 0, 0, 0) };
  if (said.get("flag") === "none") return bring().then((kit) => kit.ask(entry, headers)).catch(() => fetch(url, request));
  const id = await keep(entry).catch(() => 0);
  if (!id) return fetch(url, request);
  if (board) say("kept");
  const live = { id, open: true, headers };
  const found = await Promise.race([drain(live), patience()]).catch(() => {});
  live.open = false;
  if (!(found instanceof Response)) return bring().then((kit) => kit.answer(form, said)).catch(() => new Response(null, { status: 204 }));
  if (found.status === WRONG) await drop({ ...entry, id });
  warm();
  return found;
}

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (!me.who || !navigator.locks || ctx.request.method !== "POST" || !OURS.test(ctx.request.action)) return;
  ctx.fetch = (/** @type {string} */ url, /** @type {RequestInit} */ request) => log(url, request, ctx.sourceElement);
});

/** What the server says of today's session stays on this phone; a warning sign that it has is its own to hold. @param {import("./outbox.js").Entry[]} [all] */
async function learn(all) {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-plan]"));
  if (!bar) return;
  const plan = { ...JSON.parse(bar.dataset.plan ?? ""), who: me.who };
  await store("kept", (all) => all.put(plan));
  for (const each of all ?? await entries()) if (each.sent && each.url.endsWith("/hurts/")) await drop(each);
  if (navigator.serviceWorker?.controller) warm();
}

/** What waits on this phone goes before what the server shows, which did not know of it, though it may be sent by now. */
async function arrive() {
  if (board?.hasAttribute("data-shell")) return (await bring()).wake();
  const all = await entries(), waiting = all.filter(waits).map(({ id }) => id);
  await learn(all);
  if (waiting.length) await (await bring()).join(waiting);
}

document.addEventListener("htmx:after:settle", () => learn().catch(() => {}));
arrive().catch(() => {});

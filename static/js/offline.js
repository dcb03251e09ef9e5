// A session without a network: every answer is kept on the phone before it is sent, and where the
// server's card doesn't come in time, the next one is made here. What makes it comes after the page.
import { drain, keep, me, say } from "./outbox.js";

const PATIENCE = 1500;
const OURS = /\/sessions\/[^/]+\/(sets|pain|finish|hurts)\/$/;

/** @returns {Promise<typeof import("./local.js")>} */
const bring = () => import(document.getElementById("outbox")?.dataset.kit ?? "");
bring().catch(() => {});

const patience = () => new Promise((done) => setTimeout(done, PATIENCE));

/** @param {string} [card] another than the next one */
async function local(card) {
  const html = await bring().then((kit) => kit.local(card)).catch(() => "");
  return new Response(html || null, html ? { headers: { "Content-Type": "text/html" } } : { status: 204 });
}

/** It just hurts, and no warning sign is on: nothing to keep yet. @param {string} url @param {RequestInit} request */
async function ask(url, request) {
  const found = await Promise.race([fetch(url, request).catch(() => {}), patience()]);
  return found instanceof Response && found.status < 500 ? found : local("pain");
}

/** In place of htmx's own fetch. @param {string} url @param {RequestInit} request */
async function log(url, request) {
  const told = new URLSearchParams(/** @type {URLSearchParams} */ (request.body));
  const now = new Date();
  if (/none|null/.test(`${told.get("flag")}`) && url.endsWith("/hurts/")) return ask(url, request);
  told.delete("csrfmiddlewaretoken");
  told.set("done_at", now.toISOString());
  const entry = { who: me.who, url: new URL(url, location.href).pathname, body: `${told}`, at: +now, until: new Date(now).setHours(24, 0, 0, 0) };
  const id = await keep(entry).catch(() => 0);
  if (!id) return fetch(url, request);
  say("kept");
  const live = { id, open: true, headers: /** @type {Record<string, string>} */ (request.headers) };
  const found = await Promise.race([drain(live), patience()]).catch(() => {});
  live.open = false;
  return found instanceof Response ? found : local();
}

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (me.who && navigator.locks && ctx.request.method === "POST" && OURS.test(ctx.request.action)) ctx.fetch = log;
});

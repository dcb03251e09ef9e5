// The cards that this phone makes by itself, from what it keeps of today's session.
import { card as make, next } from "./blanks.js";
import { begin, entries, keep, later, me, send, store, told } from "./outbox.js";
import { shell } from "./shell.js";
import { sweep } from "./sweep.js";
export { confess } from "./refused.js";

/** @typedef {import("./blanks.js").Plan} Plan */
/** @typedef {import("./blanks.js").Said} Said */

const START = "/sessions/start/";
const KIND = /\/([\w-]+)\/$/;
const path = location.pathname;
const id = path === START ? "" : /^\/sessions\/([^/]+)/.exec(path)?.[1] ?? "";
const board = document.getElementById("card") ?? document.querySelector("main");
/** @type {Map<string, string>} */
const pictures = new Map();

/** @returns {Promise<Plan | undefined>} of the session that this page is about, else of the day's last */
async function find() {
  const kept = /** @type {Plan[]} */ (await store("kept", (rows) => rows.getAll()));
  const all = kept.filter((each) => each.until > Date.now() && (!me.who || each.who === me.who));
  return all.find((each) => each.session === id) ?? all.sort((one, other) => one.slot - other.slot).at(-1);
}

/** What this phone has said of this session, in order; a warning sign stands whatever became of it. @param {Plan} plan @returns {Promise<Said[]>} */
async function heard(plan) {
  const all = (await entries()).map((entry) => ({ entry, kind: KIND.exec(entry.url)?.[1] ?? "", told: new URLSearchParams(entry.body) }));
  return all.filter(({ entry, kind }) => kind === "hurts" || (!entry.refused && (entry.url + entry.body).includes(plan.session)));
}

/** @param {string | undefined} address */
async function picture(address) {
  if (!address) return "";
  const found = pictures.get(address) ?? await fetch(address, { credentials: "omit" }).then((got) => got.ok ? got.text() : "").catch(() => "");
  if (found) pictures.set(address, found);
  return found;
}

/** What a session needs is fetched while there is a network; the worker keeps what it hands out. */
export async function warm() {
  const plan = await find();
  await shell();
  const all = plan?.exercises.flatMap((each) => each.sets.map(({ figure }) => figure));
  for (const address of new Set(all)) await picture(address);
}

/** The next card as HTML, or the one that was asked for; empty where there is no plan. @param {string} [other] */
export async function local(other) {
  const plan = await find();
  if (!plan) return "";
  const from = await shell(), all = await heard(plan), step = next(all, plan);
  for (const sheet of from.querySelectorAll("link[rel=stylesheet]")) {
    if (!document.head.querySelector(`[href="${sheet.getAttribute("href")}"]`)) document.head.append(sheet.cloneNode());
  }
  const exercise = step.exercise ?? plan.exercises.at(-1);
  const shown = other && exercise && step.card !== "stop" ? { card: other, exercise } : step;
  return make(from, all, plan, shown, { figure: await picture(shown.set?.figure), during: other ? 1 : "" });
}

/** @param {string} html */
const response = (html) => new Response(html || null, html ? { headers: { "Content-Type": "text/html" } } : { status: 204 });

/** No answer came in time: the next card; a question of its own page says that it is kept. @param {Element} form @param {URLSearchParams} said */
export async function answer(form, said) {
  if (document.getElementById("card")) return response(await local());
  if (said.has("next")) location.reload();
  const line = document.createElement("p");
  line.append(told.kept ?? "");
  form.replaceChildren(line);
  return response("");
}

/** It just hurts, and no warning sign is on: nothing to keep yet. @param {import("./outbox.js").Entry} entry @param {Record<string, string>} headers */
export async function ask(entry, headers) {
  const late = new Promise((done) => setTimeout(done, 1500));
  const found = await Promise.race([send(entry, headers).catch(() => {}), late]);
  return found instanceof Response && !later(found) ? found : response(await local("pain"));
}

/** Put a card in place without a request; the other modules hear of it as of any other. @param {string} html */
function put(html) {
  if (!html || !board) return;
  board.innerHTML = html;
  /** @type {any} */ (window).htmx?.process(board);
  board.dispatchEvent(new CustomEvent("htmx:after:settle", { bubbles: true }));
}

/** Which set a card asks for, if it asks for one. @param {ParentNode} from */
const asks = (from) => from.querySelector("[name=number]") && ["prescription", "side", "number"].map((name) => from.querySelector(`[name=${name}]`)?.getAttribute("value")).join(".");

/** The newest answer of this phone. */
const newest = async () => (await entries()).at(-1)?.id;

/** On a page of the server: what waited when it came goes before what it shows, a warning sign before all. A card that asks for the same set stays, with what was typed into it; and one that came by an answer while this was made. @param {(number | undefined)[]} waited */
export async function join(waited) {
  const last = await newest(), plan = await find(), ours = plan ? (await heard(plan)).filter(({ entry }) => waited.includes(entry.id)) : [];
  const stops = ours.some(({ kind }) => kind === "hurts");
  if (!stops && (id !== plan?.session || !ours.length)) return;
  const html = await local(), made = new DOMParser().parseFromString(html, "text/html");
  const same = board && asks(board) && asks(board) === asks(made);
  if (stops || (!same && last === await newest())) put(html);
}

/** This phone begins the session; the server opens the same one when it hears of it. @param {Plan} plan */
async function start({ session, day, slot, who, until }) {
  const now = new Date(), said = new URLSearchParams({ session, day, slot: String(slot), done_at: now.toISOString() });
  await keep({ who, url: START, body: String(said), at: +now, until });
}

/** The shell finds its plan among what is kept; it has no person of its own. */
export async function wake() {
  const plan = await find();
  if (!plan) return;
  me.who = plan.who;
  sweep().catch(() => {});
  const all = await heard(plan), { card } = next(all, plan), over = card === "stop" || card === "done";
  const begun = plan.begun || all.length > 0, starts = path === START && !over && !plan.asks;
  if (starts && !begun) await start(plan);
  begin();
  if (id || over || starts) return put(await local(path.endsWith("/hurts/") ? "hurts" : ""));
  const way = /** @type {HTMLAnchorElement | null} */ (document.querySelector(begun ? "[data-again]" : plan.asks ? "[data-asks]" : "[data-begin]"));
  if (!way) return;
  if (plan.begun) way.href = `/sessions/${plan.session}/`;
  way.hidden = false;
}

if (me.who) sweep().catch(() => {});

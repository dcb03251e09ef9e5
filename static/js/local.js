// What this phone knows of the session that is on, and the cards it makes of it by itself.
import { card as make, next, seen } from "./blanks.js";
import { begin, entries, me, store, waits } from "./outbox.js";

/** @typedef {import("./blanks.js").Plan} Plan */
/** @typedef {import("./blanks.js").Said} Said */

const KIND = /\/(\w+)\/$/;
const board = /** @type {HTMLElement} */ (document.getElementById("card"));
const isShell = board.hasAttribute("data-shell");

/** @type {Plan | undefined} */
let plan;

/** @returns {Promise<Document>} the page with the blank cards: this one, or the one that is held */
async function fetchShell() {
  if (isShell) return document;
  const found = await fetch(document.getElementById("outbox")?.dataset.shell ?? "", { credentials: "omit" });
  return new DOMParser().parseFromString(await found.text(), "text/html");
}
/** @type {ReturnType<typeof fetchShell> | undefined} */
let asked;
const shell = () => (asked ??= fetchShell()).catch((failed) => (asked = undefined, Promise.reject(failed)));

/** @returns {Promise<Said[]>} what this phone has said of this session, in order */
async function said() {
  const mine = (await entries()).filter((each) => !each.refused && plan && each.url.includes(plan.session));
  return mine.map((entry) => ({ entry, kind: KIND.exec(entry.url)?.[1] ?? "", told: new URLSearchParams(entry.body) }));
}

/** The next card as HTML, or the one that was asked for; empty where there is no plan. @param {string} [other] */
export async function local(other) {
  if (!plan) return "";
  const from = await shell(), all = await said(), step = next(all, plan);
  for (const sheet of from.querySelectorAll("link[rel=stylesheet]")) {
    if (!document.head.querySelector(`[href="${sheet.getAttribute("href")}"]`)) document.head.append(sheet.cloneNode());
  }
  if (!other || step.card === "stop") return make(from, all, plan, step);
  const exercise = step.exercise ?? plan.exercises.at(-1);
  return make(from, all, plan, exercise ? { card: other, exercise } : step, { during: 1 });
}

/** Put a card in place without a request; the other modules hear of it as of any other. @param {string} html */
function put(html) {
  if (!html) return;
  board.innerHTML = html;
  /** @type {any} */ (window).htmx?.process(board);
  board.dispatchEvent(new CustomEvent("htmx:after:settle", { bubbles: true }));
}

/** What a card of the server says: the plan as it stands, and what only this page may know. */
async function learn() {
  const bar = /** @type {HTMLElement | null} */ (board.querySelector("[data-kept]"));
  if (!bar) return;
  plan = /** @type {Plan} */ ({ ...JSON.parse(bar.dataset.kept ?? ""), who: me.who });
  store("kept", (all) => all.put(plan));
  seen.names = [...bar.querySelectorAll("progress")].map((each) => each.getAttribute("aria-label") ?? "");
  const of = ["prescription", "side"].map((name) => /** @type {HTMLInputElement | null} */ (board.querySelector(`[name=${name}]`))?.value);
  seen.pictures[of.join(".")] = [...board.querySelectorAll(".scene > svg")].map((each) => each.outerHTML).join("");
  for (const { entry, kind } of await said()) {
    if (kind === "hurts" && entry.sent) store("outbox", (all) => all.delete(entry.id ?? 0));
  }
}

/** The page of the server: what still waits goes before what it shows. */
async function join() {
  await learn();
  shell().catch(() => {});
  if ((await said()).some(({ entry }) => waits(entry))) put(await local());
}

/** The shell finds its plan among what is kept; it has no person of its own. */
async function wake() {
  const id = location.pathname.split("/")[2];
  const all = /** @type {Plan[]} */ (await store("kept", (all) => all.getAll())).filter((each) => each.until > Date.now());
  plan = all.find((each) => each.session === id) ?? all.at(-1);
  if (!plan) return;
  me.who = plan.who;
  begin();
  const again = /** @type {HTMLAnchorElement} */ (document.querySelector("[data-again]"));
  again.href = `/sessions/${plan.session}/`;
  again.hidden = false;
  const locked = (await said()).some((each) => each.kind === "hurts");
  if (id || locked) put(await local(location.pathname.endsWith("/hurts/") ? "hurts" : ""));
}

document.addEventListener("htmx:after:settle", () => learn().catch(() => {}));
(isShell ? wake() : join()).catch(() => {});

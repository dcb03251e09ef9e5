// The blank cards of the public shell, filled from the plan that came with the page.
import { sentence } from "./follow.js";
import { fill, plain, wordsOf } from "./shell.js";

/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {{side: string, number: number, of: number, dose: string, reps: number, load?: string, by?: string, band?: number, tempo: number[], hold?: number, rest?: number, most?: boolean, asks?: boolean, follows?: number, done?: string, table?: any, figure?: string}} SetPlan */
/** @typedef {{id: string, revision: string, pain: number, where?: number, sets: SetPlan[]}} Exercise */
/** @typedef {{session: string, day: string, slot: number, begun: boolean, asks: boolean, who: string, until: number, call: string, ok: number, stop: number, unit: string, exercises: Exercise[]}} Plan */
/** @typedef {{entry: Entry, kind: string, told: URLSearchParams}} Said */
/** @typedef {{card: string, exercise?: Exercise, set?: SetPlan, flag?: string | null, pain?: number}} Step */

/** The names seen on this page: the shell knows only those that anyone may read. @type {string[]} */
let seen = [];

/** @param {Said[]} all @param {Exercise} exercise @param {SetPlan} set */
const logged = (all, exercise, { side, number }) => all.findLast(({ kind, told }) => kind === "sets"
  && told.get("prescription") === exercise.id && told.get("side") === side && told.get("number") === `${number}`);

/**
 * The first thing that is neither done nor said: the server's own order.
 * @param {Said[]} all @param {Plan} plan @returns {Step}
 */
export function next(all, plan) {
  const flag = all.find((each) => each.kind === "hurts");
  if (flag) return { card: "stop", flag: flag.told.get("flag") };
  const enough = all.some(({ told }) => told.get("during") && Number(told.get("pain")) >= plan.stop);
  if (enough || all.some((each) => each.kind === "finish")) return { card: "done" };
  for (const exercise of plan.exercises) {
    const found = exercise.sets.map((set) => logged(all, exercise, set));
    const set = exercise.sets.find((each, at) => !each.done && !found[at]);
    if (set) return { card: set.asks ? "effort" : set.most ? "most" : "plain", exercise, set };
    const last = Math.max(0, ...found.map((each) => each?.entry.id ?? 0));
    const heard = all.some(({ kind, told, entry }) => kind === "pain" && told.get("prescription") === exercise.id && (entry.id ?? 0) > last);
    const ways = exercise.sets.map((each, at) => found[at] ? found[at].told.get("skipped") : each.done);
    const trained = ways.some((way) => !way || way === "done" || way === "pain");
    if (trained && !heard && (last || !exercise.pain)) return { card: "pain", exercise };
    const told = all.findLast(({ kind, told }) => kind === "pain" && told.get("prescription") === exercise.id)?.told;
    const pain = told ? told.get("place") ? 0 : Number(told.get("pain")) : exercise.where ?? 0;
    if (pain > plan.ok) return { card: "place", exercise, pain };
  }
  return { card: "finish" };
}

/** What a set weighs where it follows another, and why. @param {Said[]} all @param {Plan} plan @param {Step} step @param {any} words */
function weight(all, { unit }, { exercise, set }, words) {
  const before = exercise?.sets.find((each) => each.side === set?.side && each.number === set.follows);
  const told = exercise && before && logged(all, exercise, before)?.told;
  const proposed = told?.get(`proposed_${unit}`), kg = Number(proposed || told?.get(`load_${unit}`));
  if (!before?.table || !told || told.get("skipped") || !kg) return { why: "" };
  const done = Number(told.get(before.table.fact));
  const table = { ...before.table, words: follow(before, words, unit) };
  const load = Number(told.get(`load_${unit}`));
  return { load: kg, why: proposed ? sentence(table, done, load, { kg, covered: true }) : "" };
}

/** @param {SetPlan} set @param {any} words the sentences of its table, with its aim in them @param {string} unit */
const follow = (set, words, unit) => JSON.parse(JSON.stringify(words.follow[set.table.fact]).replaceAll("{aim}", `${set.reps}`).replaceAll("{unit}", unit));

/** How far each side is. @param {Said[]} all @param {Exercise} exercise @param {SetPlan} now @param {any} words */
function dots(all, exercise, now, words) {
  /** @param {SetPlan} set */
  const way = (set) => {
    const told = logged(all, exercise, set)?.told;
    const done = told ? told.get("skipped") || "done" : set.done;
    return set === now ? "now" : !done ? "todo" : done === "done" ? "done" : "skipped";
  };
  const rows = [...new Set(exercise.sets.map((each) => each.side))].map((side) => {
    const sets = exercise.sets.filter((each) => each.side === side);
    const name = side === now.side ? `<b>${words.sides[side]}</b>` : words.sides[side];
    return name + sets.map((each) => ` <i class="${way(each)}"></i>`).join("");
  });
  return rows.join("</li><li>");
}

/** Everything a slot may stand for. @param {Said[]} all @param {Plan} plan @param {Step} step @param {any} words */
function values(all, plan, step, words) {
  const { exercise, set, pain = 0 } = step, at = exercise ? plan.exercises.indexOf(exercise) : 0;
  const [up, top, down] = set?.tempo ?? [];
  const last = all.findLast((each) => each.kind === "sets")?.told;
  const own = last && { ...Object.fromEntries(last), leg: words.legs[last.get("side") ?? ""] };
  const again = all.filter(({ kind, told }) => kind === "pain" && told.get("prescription") === exercise?.id).length;
  /** @type {Record<string, unknown>} */
  const found = {
    ...set, ...weight(all, plan, step, words), unit: plan.unit, session: plan.session, call: plan.call, stop: plan.stop, up, top, down,
    name: nameOf(plan, at, words), prescription: exercise?.id, during: "", rest: set?.rest,
    hold_s: set?.hold ?? 0, Leg: words.Legs[set?.side ?? ""], color: words.colors[set?.band ?? 0],
    revision: set ? 0 : (exercise?.pain ?? 0) + again, flag: words.flags[step.flag ?? ""]?.[0],
    table: set?.table && JSON.stringify({ ...set.table, words: follow(set, words, plan.unit) }),
    minutes: Math.max(1, Math.round((Date.now() - (all[0]?.entry.at ?? Date.now())) / 6e4)),
    pain, word: words.pain[pain], meaning: words.means[pain <= plan.ok ? 0 : pain < plan.stop ? 1 : 2],
    saved: own ? fill(last.get("skipped") ? words.skipped : words.saved, own) : "",
  };
  for (const name in found) found[name] = plain(found[name]);
  found.dots = exercise && set ? dots(all, exercise, set, words) : "";
  return found;
}

/** @param {Plan} plan @param {number} at @param {any} words */
const nameOf = (plan, at, words) => seen[at] || words.names[plan.exercises[at]?.revision ?? ""] || `${words.exercise} ${at + 1}`;

/**
 * The card of a step as HTML; empty where the shell has none.
 * @param {Document} shell @param {Said[]} all @param {Plan} plan @param {Step} step @param {Record<string, unknown>} [more]
 */
export function card(shell, all, plan, step, more) {
  const blank = /** @type {HTMLTemplateElement | null} */ (shell.getElementById(step.card));
  const words = wordsOf(shell), bars = document.querySelectorAll(".bars progress");
  if (bars.length) seen = [...bars].map((each) => each.getAttribute("aria-label") ?? "");
  const made = document.createElement("template");
  made.innerHTML = fill(blank?.innerHTML ?? "", { ...values(all, plan, step, words), ...more });
  prune(made.content, step, words);
  const line = made.content.querySelector(".bars");
  if (line) line.innerHTML = plan.exercises.map((each, at) => {
    const done = each.sets.filter((set) => set.done || logged(all, each, set)).length;
    return `<progress value="${done}" max="${each.sets.length}" aria-label="${plain(nameOf(plan, at, words))}"></progress>`;
  }).join("");
  return made.innerHTML.trim();
}

/** Take out what this step doesn't have. @param {DocumentFragment} part @param {Step} step @param {any} words */
function prune(part, { exercise, set, flag, pain }, words) {
  const rests = set?.rest && set.number > 1 && set.side === exercise?.sets[0]?.side;
  const urgent = words.flags[flag ?? ""]?.[1];
  const out = set ? [!set.load && ".stepper.load", !set.band && ".chip.dot", !set.table && "[data-table]", !rests && "[data-rest]"]
    : ["section:has(.did)", urgent ? "[data-soon]" : "[data-now]", new Set(exercise?.sets.map((each) => each.side)).size < 2 && "fieldset:has([name=side])"];
  for (const name of out) if (name) for (const found of part.querySelectorAll(name)) found.remove();
  for (const note of part.querySelectorAll(".note")) if (!note.textContent?.trim()) note.remove();
  part.querySelector(`[name=band_level] [value="${set?.band}"]`)?.setAttribute("selected", "");
  if (pain) part.querySelector(`.scale [value="${pain}"]`)?.setAttribute("aria-pressed", "true");
  for (const choice of part.querySelectorAll("[type=radio]")) choice.toggleAttribute("required", true);
}

// The set that follows another: its load, looked up in the table that came with the page, so that
// it needs no network. The server works it out again when the set arrives.

/**
 * @typedef {object} Table
 * @property {"reps" | "effort"} fact
 * @property {[number, number | null][]} rows what was done, from and to (null: no end)
 * @property {Record<string, string[]>} loads by the load done: a next load a row, both in the unit of the page
 * @property {Record<"more" | "less" | "same" | "kept" | "next" | "look", string>} words
 */

const plain = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 2 });

/**
 * The load that follows; null where the table doesn't know the load that was done.
 * @param {Table} table @param {number} done @param {number} kg
 */
export function nextLoad(table, done, kg) {
  const loads = table.loads[String(kg)];
  if (!loads) return null;
  const row = table.rows.findIndex(([low, high]) => low <= done && (high === null || done <= high));
  return row < 0 ? { kg, covered: false } : { kg: Number(loads[row]), covered: true };
}

/**
 * Why, and what, in the page's own words.
 * @param {Table} table @param {number} done @param {number} kg @param {{kg: number, covered: boolean}} next
 */
export function sentence(table, done, kg, next) {
  const change = next.kg - kg;
  const words = table.words;
  const why = !next.covered ? words.kept : change > 0 ? words.more : change < 0 ? words.less : words.same;
  const said = why.replace("{done}", String(done)).replace("{kg}", plain.format(Math.abs(change)));
  const then = words.next.replace("{kg}", plain.format(next.kg));
  return next.covered ? `${said} ${then}` : `${said} ${words.look}`;
}

/** What the form says was done; null where the set was skipped. @param {HTMLFormElement} form @param {SubmitEvent} event */
function told(form, event) {
  const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (pressed?.name === "skipped") return null;
  const fields = new FormData(form);
  if (pressed?.name) fields.set(pressed.name, pressed.value);
  return fields;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const box = form instanceof HTMLFormElement ? /** @type {HTMLInputElement | null} */ (form.querySelector("[data-table]")) : null;
  if (!box || !(form instanceof HTMLFormElement)) return;
  const table = /** @type {Table} */ (JSON.parse(box.dataset.table ?? "{}"));
  const fields = told(form, event);
  const done = fields?.get(table.fact) ?? null;
  const kg = Number(fields?.get("load_kg") ?? fields?.get("load_lb"));
  const next = done === null || done === "" ? null : nextLoad(table, Number(done), kg);
  box.value = next ? String(next.kg) : "";
  const line = form.querySelector("[data-state]");
  if (next && line) line.textContent = sentence(table, Number(done), kg, next);
}, true);

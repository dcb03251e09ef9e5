// The public shell as a page to copy from: its blank cards and its words hold no person.
import { told } from "./outbox.js";

/** @returns {Promise<Document>} the page with the blank cards: this one, or the one that is held */
async function find() {
  if (document.querySelector("#card[data-shell]")) return document;
  const found = await fetch(told.shell ?? "", { credentials: "omit" });
  return new DOMParser().parseFromString(await found.text(), "text/html");
}

/** @type {ReturnType<typeof find> | undefined} */
let asked;
export const shell = () => (asked ??= find()).catch((failed) => (asked = undefined, Promise.reject(failed)));

/** @param {Document} from @returns {any} what the phone says, in the page's language */
export const wordsOf = (from) => JSON.parse(from.getElementById("words")?.textContent ?? "{}");

/** @param {unknown} text */
export const plain = (text) => String(text ?? "").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {string} text @param {Record<string, unknown>} values a slot that has none stays */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (slot, name) => name in values ? `${values[name] ?? ""}` : slot);

// Who signs out takes their day off this phone. What was not sent yet stays, hidden, for them alone.
import { store } from "./outbox.js";

/** @typedef {import("./outbox.js").Entry} Entry */

async function forget() {
  await store("kept", (all) => all.clear());
  const all = /** @type {Entry[]} */ (await store("outbox", (every) => every.getAll()));
  for (const { id, sent } of all) if (sent) await store("outbox", (every) => every.delete(id ?? 0));
}

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-leave]"));
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  forget().catch(() => {}).finally(() => form.submit());
});
if (!form) forget().catch(() => {}); // the page of somebody who is about to sign in

// What has had its day goes: sent entries, a kept session, another person's entries after a week.
import { drop, me, store } from "./outbox.js";

/** @typedef {import("./outbox.js").Entry} Entry */

const WEEK = 7 * 864e5;

export async function sweep() {
  const now = Date.now();
  for (const each of /** @type {Entry[]} */ (await store("outbox", (all) => all.getAll()))) {
    const over = each.who === me.who ? each.sent && each.until < now : each.sent || each.at + WEEK < now;
    if (over) await drop(each);
  }
  for (const each of await store("kept", (all) => all.getAll())) {
    if (each.who !== me.who || each.until < now) await store("kept", (all) => all.delete(each.session));
  }
}

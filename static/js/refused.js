// What the server would not take: said one by one, to be looked at or put away. Nothing goes unsaid.
import { drop, entries } from "./outbox.js";
import { fill, plain, shell, wordsOf } from "./shell.js";

/** @param {string} url @param {URLSearchParams} said the page on which it can be said anew */
function place(url, said) {
  const session = /^\/sessions\/[0-9a-f-]{36}\//.exec(url)?.[0];
  const [one, side, number] = ["prescription", "side", "number"].map((name) => said.get(name));
  if (!session || !one) return session ?? "/today/";
  return session + (url.endsWith("/pain/") ? `?pain=${one}` : `?set=${one}.${side}.${number}`);
}

/** Show each of them in the page's own line. */
export async function confess() {
  const box = document.getElementById("outbox"), from = await shell(), { refused, legs } = wordsOf(from);
  const all = (await entries()).filter((each) => each.refused);
  if (!box) return;
  box.hidden = !all.length;
  box.innerHTML = all.map((each) => {
    const said = new URLSearchParams(each.body), kind = each.url.split("/").at(-2) ?? "";
    const told = { ...Object.fromEntries(said), leg: legs[said.get("side") ?? ""] };
    const words = kind === "sets" && said.get("skipped") ? refused.skipped : refused[kind];
    const values = { what: fill(words ?? "", told), place: place(each.url, said), id: each.id };
    return fill(from.getElementById("refused")?.innerHTML ?? "", Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)])));
  }).join("");
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-away]"))) {
    button.addEventListener("click", async () => {
      const gone = all.find((each) => `${each.id}` === button.dataset.away);
      if (gone) await drop(gone);
      await confess();
    });
  }
}

// What was typed: kept on this phone first, then sent in order, and never dropped unsaid.
// Entries belong to one person; another person's page neither shows nor sends them.

/**
 * @typedef {object} Entry
 * @property {number} [id]
 * @property {string} who
 * @property {string} url
 * @property {string} body form fields, without the forgery token
 * @property {number} at
 * @property {number} until when a sent one may go: the end of the patient's day
 * @property {boolean} [sent]
 * @property {number} [refused] the status of the server's no
 */
/** @typedef {{id: number, open: boolean, headers: Record<string, string>}} Live somebody waits for this answer */

const LATER = [401, 403, 408, 425, 429];
export const WRONG = 422;
const box = document.getElementById("outbox");

/** The words of the page, and the addresses of what it may need. */
export const told = box?.dataset ?? {};

/** What makes cards without a network, and says what was refused: fetched when it is needed. @returns {Promise<typeof import("./local.js")>} */
export const bring = () => import(told.kit ?? "");

/** Whose page this is; the shell learns it from what is kept. */
export const me = { who: told.who ?? "" };

/** @type {Promise<IDBDatabase> | undefined} */
let opened;
const open = () => opened ??= new Promise((done, fail) => {
  const asked = indexedDB.open("flexion", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
    asked.result.createObjectStore("kept", { keyPath: "session" });
  };
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    asked.result.onversionchange = () => asked.result.close();
    done(asked.result);
  };
});

/**
 * One step in one store; done once it is on the disk.
 * @param {"outbox" | "kept"} name @param {(store: IDBObjectStore) => IDBRequest} step @returns {Promise<any>}
 */
export async function store(name, step) {
  const base = await open();
  return new Promise((done, fail) => {
    const work = base.transaction(name, "readwrite", { durability: "strict" });
    const asked = step(work.objectStore(name));
    work.oncomplete = () => done(asked.result);
    work.onabort = () => fail(work.error);
  });
}

/** @returns {Promise<Entry[]>} mine, in the order in which they were typed */
export const entries = async () => (await store("outbox", (all) => all.getAll())).filter((/** @type {Entry} */ each) => each.who === me.who);

/** @param {Entry} entry */
export const waits = (entry) => !entry.sent && !entry.refused;

/** @param {Entry} entry @returns {Promise<number>} */
export const keep = (entry) => store("outbox", (all) => all.put(entry));

/** @param {Entry} entry */
export const drop = ({ id }) => store("outbox", (all) => all.delete(id ?? 0));

/** Say how it stands, in the card's own line where there is one. @param {string} word */
export function say(word) {
  const line = document.querySelector("[data-state]") ?? box;
  if (!line || !told[word]) return;
  line.textContent = told[word];
  line.classList.toggle("good", word === "sent");
  if (line === box) box.hidden = word === "sent";
  if (box?.hidden && line === box && location.pathname === told.today) location.reload();
}

/**
 * To the server, with this moment's forgery token: a kept one would be too old, and the shell has none.
 * @param {Pick<Entry, "who" | "url" | "body">} entry @param {Record<string, string>} headers @param {boolean} [again] @returns {Promise<Response>}
 */
export async function send(entry, headers, again) {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1] ?? "";
  const answer = await fetch(entry.url, {
    method: "POST",
    body: new URLSearchParams(entry.body),
    headers: { ...headers, "HX-Request": "true", "X-CSRFToken": token, "X-Who": entry.who },
    signal: AbortSignal.timeout(2e4),
  });
  await answer.clone().text(); // half an answer is none
  if (answer.status !== 403 || again) return answer;
  await fetch(location.href);
  return send(entry, headers, true);
}

/** Kept for later: no person, no right, too often, or trouble at the server. @param {Response} answer */
export const later = ({ status, redirected, url }) =>
  LATER.includes(status) || status >= 500 || (redirected && !/^\/(sessions|stop|today)\//.test(new URL(url).pathname));

let retry = 0;

/**
 * One entry's turn. Tells how it stands, and whether the next may go. What is refused stays until it was shown.
 * @param {Entry} entry @param {Live} [live] @returns {Promise<[string, (Response | undefined)?]>}
 */
async function turn(entry, live) {
  const found = await send(entry, live?.headers ?? {}), { ok, status } = found;
  if (status === 401) await store("kept", (all) => all.clear());
  if (later(found)) return status === 401 ? ["again", live?.open ? found : undefined] : ["kept"];
  await keep(ok ? { ...entry, sent: true } : { ...entry, refused: status });
  return ["sent", live?.open && (ok || status === WRONG) ? found : undefined];
}

/**
 * Send all that waits, in order, one tab at a time; stop at the first that can't go now.
 * @param {Live} [live] @returns {Promise<Response | undefined>} the answer to it, if it came in time
 */
export async function drain(live) {
  let word = "", answer;
  clearTimeout(retry);
  await navigator.locks.request("outbox", async () => {
    for (const entry of (await entries()).filter(waits)) {
      [word, answer] = await turn(entry, live?.id === entry.id ? live : undefined).catch(() => /** @type {[string]} */ (["kept"]));
      if (word !== "sent") break;
    }
  });
  if (word === "kept") retry = setTimeout(drain, 15e3);
  if (answer) return answer;
  say(word);
  if ((await entries()).some((each) => each.refused)) bring().then((kit) => kit.confess()).catch(() => say("refused"));
  return undefined;
}

/** Begin to send, once it is known whose page this is. */
export function begin() {
  drain();
  for (const name of ["online", "pageshow"]) addEventListener(name, () => drain());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && drain());
}

if (me.who && navigator.locks) begin();
navigator.serviceWorker?.addEventListener("message", ({ data }) => say(data));
if (told.worker) navigator.serviceWorker?.register(told.worker, { updateViaCache: "none" });

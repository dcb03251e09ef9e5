// While a person's timer runs, what they do on that patient's pages is told, so that idle time can
// be left out. A page whose address names no patient says whose it is. Only the timer's own address
// is kept, and only while it runs.
const KEY = "timer";
const EVERY = 30_000;

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-timer]"));
if (place?.dataset.timer) localStorage.setItem(KEY, place.dataset.timer);
else if (place) localStorage.removeItem(KEY);

const address = localStorage.getItem(KEY);
const token = /** @type {HTMLInputElement | null} */ (
  document.querySelector("[name=csrfmiddlewaretoken]")
);
const theirs = address?.slice(0, address.indexOf("monitoring/")) ?? "";
const about = /** @type {HTMLElement | null} */ (document.querySelector("[data-patient]"));
const atTheirs = about
  ? theirs.endsWith(`/${about.dataset.patient}/`)
  : location.pathname.startsWith(theirs);
let told = 0;

/** @param {string} to @param {string} secret */
async function tell(to, secret) {
  if (Date.now() - told < EVERY) return;
  told = Date.now();
  const body = new URLSearchParams({ do: "active", script: "1" });
  const sent = fetch(to, { method: "POST", headers: { "X-CSRFToken": secret }, body });
  const answer = await sent.catch(() => null); // without a line nothing is told: the time is idle
  if (answer?.status === 205) localStorage.removeItem(KEY);
}

if (address && token && atTheirs) {
  for (const sign of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(sign, () => tell(address, token.value), { passive: true });
  }
}

// Holds the public shell and the files it needs; no person's data. What was typed lies elsewhere,
// in IndexedDB, which no update of this worker touches.
const NAME = "flexion-{{ version }}", SHELL = "{{ shell }}", STATIC = "{{ static }}";
const FILES = {{ files|safe }};

const ask = (address) => new Request(address, { credentials: "omit", cache: "no-cache" });

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await cache.addAll([SHELL, ...FILES].map(ask));
  await skipWaiting();
})()));

// The cache before this one stays: pages that are open were made with its files.
addEventListener("activate", (event) => event.waitUntil((async () => {
  const ours = (await caches.keys()).filter((name) => name.startsWith("flexion-") && name !== NAME);
  await Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)));
})()));

async function held(request) {
  const found = await (await caches.open(NAME)).match(request, { ignoreVary: true });
  return found ?? (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

const late = () => new Promise((_, fail) => setTimeout(() => fail(new Error("late")), 10000));

// From the network, whole; else the shell at the same address.
async function page(request) {
  const training = new URL(request.url).pathname.startsWith("/sessions/");
  try {
    const found = await Promise.race([fetch(request), late()]);
    if (found.type === "opaqueredirect") return found;
    if (training && found.status >= 500) throw new Error(String(found.status));
    await Promise.race([found.clone().blob(), late()]);
    return found;
  } catch (failed) {
    return held(SHELL);
  }
}

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && /^\/(sessions\/|today\/|stop\/)/.test(pathname)) event.respondWith(page(event.request));
  else if (pathname.startsWith(STATIC) || pathname === SHELL) event.respondWith(held(event.request));
});

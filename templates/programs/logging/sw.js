// Holds the public shell and the files it needs; no person's data. What was typed lies elsewhere,
// in IndexedDB, which no update of this worker touches.
const NAME = "flexion-{{ version }}", SHELL = "{{ shell }}", STATIC = "{{ static }}";
const FILES = {{ files|safe }};
const START = "{% url 'programs:session-start' %}";
const OWN = /^\/(sessions|today|stop|not-today|usual-pain|progress|decisions|messages|settings|help)\//;

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

const late = (wait) => new Promise((_, fail) => setTimeout(() => fail(new Error("late")), wait));

// From the network, whole; else the shell at the same address.
async function page(request) {
  const training = new URL(request.url).pathname.startsWith("/sessions/");
  try {
    const found = await Promise.race([fetch(request), late(10000)]);
    if (found.type === "opaqueredirect") return found;
    if (training && found.status >= 500) throw new Error(String(found.status));
    await Promise.race([found.clone().blob(), late(10000)]);
    return found;
  } catch (failed) {
    return held(SHELL);
  }
}

// A form: if it can't be sent, the page stays as it is, with what was typed, and says so. Today's
// session can begin on the phone: the server opens the same one whenever it hears of it.
async function post(request, starts) {
  try {
    return await (starts ? Promise.race([fetch(request), late(5000)]) : fetch(request));
  } catch (failed) {
    if (starts) return Response.redirect(START, 303);
    for (const each of await clients.matchAll({ type: "window" })) {
      if (!request.referrer || each.url.split("#")[0] === request.referrer) each.postMessage("unsent");
    }
    return new Response(null, { status: 204 });
  }
}

// A picture of a movement: kept once it was seen.
async function picture(request) {
  const cache = await caches.open(NAME), kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const found = await fetch(request);
  if (found.ok) await cache.put(request, found.clone());
  return found;
}

// A notification: a second one of the same message takes the first one's place, and rings no more.
addEventListener("push", (event) => {
  const { title, body, tag, url } = event.data.json();
  event.waitUntil(registration.showNotification(title, { body, tag, renotify: false, icon: "{{ icon }}", data: url }));
});

// Lead to its page, and nowhere but within this site: in a window that is open, else in a new one.
async function lead(address) {
  const { origin, href } = new URL(address || "/", location.href);
  const goal = origin === location.origin ? href : `${location.origin}/`;
  const [open] = await clients.matchAll({ type: "window" });
  if (!open) return clients.openWindow(goal);
  await open.focus();
  return open.navigate(goal);
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data));
});

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  const own = mode === "navigate" && OWN.test(pathname);
  if (own && method === "POST") event.respondWith(post(event.request, pathname === START));
  else if (method !== "GET") return;
  else if (own) event.respondWith(page(event.request));
  else if (pathname.startsWith(STATIC) || pathname === SHELL) event.respondWith(held(event.request));
  else if (pathname.startsWith("/offline/")) event.respondWith(picture(event.request));
});

// A form is sent once: a second tap while it is on its way does nothing.
// The server answers a repeated post the same way; this only spares the wait.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog") return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("aria-busy", "true");
}, true);

/** @param {ParentNode} root */
function free(root) {
  for (const form of root.querySelectorAll("form[aria-busy=true]")) form.removeAttribute("aria-busy");
}

document.addEventListener("htmx:finally:request", () => free(document));
addEventListener("pageshow", () => free(document));
navigator.serviceWorker?.addEventListener("message", () => free(document));

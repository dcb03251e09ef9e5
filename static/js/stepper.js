// Plus and minus, along the steps of the equipment. Without script they are hidden and the number itself is typed.

const plural = new Intl.PluralRules(document.documentElement.lang || undefined);

/** @param {HTMLInputElement} input @param {number} direction */
function step(input, direction) {
  const by = Number(input.dataset.by) || 1;
  const from = Number(input.dataset.from || input.dataset.planned) || 0;
  const at = ((Number(input.value) || 0) - from) / by;
  const low = input.min === "" ? -Infinity : Number(input.min);
  const high = input.max === "" ? Infinity : Number(input.max);
  const next = from + by * (direction > 0 ? Math.floor(at + 0.1) + 1 : Math.ceil(at - 0.1) - 1);
  input.value = String(Number(Math.min(high, Math.max(low, next)).toFixed(input.name.endsWith("lb") ? 1 : 2)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-step]") : null;
  const input = button?.closest(".stepper")?.querySelector("input");
  if (button && input) step(input, Number(button.getAttribute("data-step")));
});

/** The button says what it will send: as planned, or with the change. @param {HTMLFormElement} form */
function label(form) {
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(".stepper input"));
  const changed = [...inputs].some((input) => Number(input.value) !== Number(input.dataset.planned ?? input.value));
  form.toggleAttribute("data-changed", changed);
  count(form);
}

/** Where as many as possible are asked for, the button says how many it saves. @param {HTMLFormElement} form */
function count(form) {
  const words = /** @type {HTMLElement | null} */ (form.querySelector("[data-other]"));
  const reps = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=reps]"));
  if (!words || !reps) return;
  const one = plural.select(Number(reps.value)) === "one";
  words.textContent = ((one ? words.dataset.one : words.dataset.other) ?? "").replace("{n}", reps.value);
}

document.addEventListener("input", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (form?.querySelector(".stepper")) label(form);
});

/** An answer with an error keeps what was typed: the button says so from the start. @param {ParentNode} root */
function labelAll(root) {
  for (const part of root.querySelectorAll(".stepper")) {
    const form = part.closest("form");
    if (form) label(form);
  }
}

document.addEventListener("htmx:after:settle", (event) => event.target instanceof Element && labelAll(event.target));
labelAll(document);

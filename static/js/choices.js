// The words of a chosen number stand below its scale.

/** @param {HTMLInputElement} input */
function show(input) {
  const scale = input.closest(".scale");
  for (const line of scale?.querySelectorAll("[data-for]") ?? []) {
    line.toggleAttribute("hidden", line.getAttribute("data-for") !== input.value);
  }
}

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.type === "radio") show(event.target);
});

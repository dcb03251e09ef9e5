// The zone of this phone, where the clinic's guess is shown; the person still sees and says it.
const field = /** @type {HTMLSelectElement | null} */ (document.querySelector("select[data-zone]"));
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const untouched = field && ![...document.querySelectorAll(".error")].length;
if (untouched && [...field.options].some((each) => each.value === here)) field.value = here;

// Entry of the desk's pages: each module looks after one thing.
import "./focus.js";
import "./once.js";
import "./queue.js";
import "./timer.js";

document.documentElement.classList.add("js");

// A wide chart on a narrow screen starts at today, not at the first week.
for (const strip of document.querySelectorAll("[data-end]")) {
  const today = strip.querySelector(".c-today")?.getBoundingClientRect().left ?? 0;
  strip.scrollLeft = today - strip.getBoundingClientRect().left - strip.clientWidth * 0.6;
}

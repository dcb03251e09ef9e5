// Entry of the patient's pages: each module looks after one thing.
import "./focus.js";
import "./once.js";

document.documentElement.classList.add("js");

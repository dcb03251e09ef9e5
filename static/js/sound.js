// A short tone where the movement turns and where a rest ends. Off until it is wanted; this phone
// remembers.

const HIGH = [660, 880, 550, 440, 440, 990]; // up, hold, down, breathe, get ready, over

/** @type {AudioContext | undefined} */
let air;
const wanted = () => localStorage.getItem("sound") === "1";

function show() {
  for (const button of document.querySelectorAll("[data-sound]")) button.setAttribute("aria-pressed", `${wanted()}`);
}

/** @param {number} which */
function sing(which) {
  if (!wanted()) return;
  air ??= new AudioContext();
  air.resume();
  const tone = air.createOscillator(), loud = air.createGain(), now = air.currentTime;
  tone.frequency.value = HIGH[which] ?? 660;
  loud.gain.setValueAtTime(0.15, now);
  loud.gain.exponentialRampToValueAtTime(0.001, now + 0.2);
  tone.connect(loud).connect(air.destination);
  tone.start();
  tone.stop(now + 0.2);
}

export function toggle() {
  if (wanted()) localStorage.removeItem("sound");
  else localStorage.setItem("sound", "1");
  show();
  sing(0);
}

document.addEventListener("tick", (event) => sing(/** @type {CustomEvent} */ (event).detail));
document.addEventListener("htmx:after:settle", show);
// A browser lets a page sound only after a tap on it.
document.addEventListener("click", () => wanted() && (air ??= new AudioContext()).resume());
show();

// The keys of both devices, under a finger, the mouse or the keyboard: what is held is told.

import * as sound from "./sound.js";
import { every, send } from "./state.js";

const SPOKEN_MS = 15000; // after a key the display is read out so long
const LETTERS = { a: "A", b: "B" };
const HOME = { ArrowLeft: "left", ArrowRight: "right", Enter: "ok", Escape: "return" };
const held = new Set();
let touched_ms = -SPOKEN_MS;

export const areInUse = () => Date.now() - touched_ms < SPOKEN_MS;

const caps = (key) => every(`button[data-key="${key}"]`);

function press(key) {
  if (held.has(key)) return;
  held.add(key);
  touched_ms = Date.now();
  for (const cap of caps(key)) cap.classList.add("down");
  sound.click(700, 0.08);
  send({ do: "press", key });
}

function release(key) {
  if (!held.delete(key)) return;
  touched_ms = Date.now();
  for (const cap of caps(key)) cap.classList.remove("down");
  send({ do: "release", key });
}

for (const button of every("button[data-key]")) {
  const key = button.dataset.key;
  const pushes = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press(key);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
    button.addEventListener(end, () => release(key));
  }
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (!pushes(event)) return;
    event.preventDefault();
    event.stopPropagation();
    press(key);
  });
  button.addEventListener("keyup", (event) => pushes(event) && release(key));
}

// Arrows and Enter mean something else to what has the focus, but for the display's own keys.
const takesLetters = (target) => target.matches("input:not([type=checkbox], [type=radio], [type=range])");
const takesKeys = (target) => target.matches("input, button, a, [tabindex]") && !target.closest("#home");

function keyOf(event) {
  if (event.key in HOME) {
    const own = event.key === "Escape" ? takesLetters : takesKeys;
    return own(event.target) ? null : HOME[event.key];
  }
  return takesLetters(event.target) ? null : LETTERS[event.key.toLowerCase()] ?? null;
}

addEventListener("keydown", (event) => {
  const shortcut = event.ctrlKey || event.metaKey || event.altKey;
  const key = shortcut || document.body.dataset.view !== "panel" ? null : keyOf(event);
  if (!key) return;
  if (event.key in HOME) event.preventDefault(); // no scrolling
  if (!event.repeat) press(key);
});
addEventListener("keyup", (event) => {
  const key = HOME[event.key] ?? LETTERS[event.key.toLowerCase()];
  if (key) release(key);
});
addEventListener("blur", () => [...held].forEach(release));

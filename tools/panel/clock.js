// The clock: local time, how fast it runs, and jumps ahead.

import { $, every, send, state, text } from "./state.js";
import { civil, clock, dateAndZone, instant, later, next } from "./words.js";

const SPEEDS = [1, 10, 60, 600, 3600];
const JUMPS = ["+1 h", "10:00", "16:00", "00:00"]; // an hour on, or when the clock next reads so
const HOUR_MS = 3600000;

export function show() {
  const now = instant(state.utc);
  const [face, under] = $("clock").children;
  face.textContent = clock(now);
  face.dateTime = now.toISOString();
  under.textContent = dateAndZone(now);
  for (const radio of every("#speed input")) radio.checked = Number(radio.value) === state.speed;
  const slowed = state.pace === 1 && state.speed > 1 ? "×1 while you press" : "";
  text("pace", state.jumping ? "jumping…" : slowed);
  const input = $("jump");
  if (document.activeElement !== input && !input.dataset.edited) {
    input.value = civil(now).slice(0, 16);
  }
}

function jump(to) {
  delete $("jump").dataset.edited;
  text("clock-fault", "");
  send({ do: "jump", local: to });
}

$("speed").innerHTML = SPEEDS.map((x) => `<label>
  <input type="radio" name="speed" value="${x}"><span>×${x}</span>
</label>`).join("");
$("speed").addEventListener("change", ({ target }) => {
  send({ do: "speed", x: Number(target.value) });
});
$("jump").addEventListener("input", () => { $("jump").dataset.edited = 1; });
$("jump-form").addEventListener("submit", (event) => {
  event.preventDefault();
  jump($("jump").value);
});
$("chips").innerHTML = JUMPS.map((to) => `<button type="button">${to}</button>`).join("");
$("chips").addEventListener("click", ({ target }) => {
  if (!JUMPS.includes(target.textContent)) return;
  const now = instant(state.utc);
  const hour = target.textContent === JUMPS[0];
  jump(hour ? civil(later(now, HOUR_MS)) : next(now, target.textContent));
});

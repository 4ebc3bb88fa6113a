// The front panel: shows what the server says of the simulated silicon, sends what hands do.
// One WebSocket, JSON both ways; nothing else is fetched.

import { makeDisplay } from "./glyphs.js";
import * as sound from "./sound.js";
import { civil, clock, count, dateAndZone, instant, later, money, next, watts } from "./words.js";

const $ = (id) => document.getElementById(id);
const every = (selector) => document.querySelectorAll(selector);

const APPLIANCES = [
  ["kettle", "Kettle", 3000], ["washer", "Washing machine", 2000], ["heater", "Heater", 2000],
  ["fridge", "Fridge", 120], ["tv", "Television", 90], ["lights", "Lights", 60],
];
const SPEEDS = [1, 10, 60, 600, 3600];
const JUMPS = ["+1 h", "10:00", "16:00", "00:00"]; // an hour on, or when the clock next reads so
const HOUR_MS = 3600000, BLINK_MS = 70, SPOKEN_MS = 15000, AGAIN_MS = 1000;

const state = { // as the server tells it; see tools/live/meter.py and board/virtual/live_world.py
  vm: "starting", cells: [], text: "", contact: 1, buzzer: 0, led: 0, mains: true,
  coil_faults: 0, relay_operations: 0, on: [], other_w: 0, watts: 0, speed: 1, pace: 1,
};
let socket = null;
let pressed_ms = 0; // when a key was last touched
const held = new Set();

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function text(id, value) {
  if ($(id).textContent !== value) $(id).textContent = value;
}

function name(id, value) {
  if ($(id).ariaLabel !== value) $(id).ariaLabel = value;
}

// ---- what is seen ----------------------------------------------------------------------------

const showCells = makeDisplay($("display"), 8);

function showDisplay() {
  showCells(state.cells);
  $("display").dataset.text = state.text;
  const meaning = state.vm === "running" && state.meter ? state.meter.screen : state.text;
  name("display", `Display: ${meaning || "dark"}`);
  if (Date.now() - pressed_ms < SPOKEN_MS) text("spoken", meaning);
}

function showRelay() {
  const relay = $("relay"), lamp = $("lamp");
  const lit = state.contact === 1 && state.mains;
  const before = relay.dataset.contact;
  if (before && Number(before) !== state.contact) sound.click(90, 0.5);
  relay.dataset.contact = state.contact;
  relay.classList.toggle("live", state.mains);
  name("relay", `Relay contact ${state.contact ? "closed" : "open"}`);
  text("relay-word", state.contact ? "closed" : "open");
  lamp.dataset.lit = Number(lit);
  name("lamp", lit ? "Lamp lit" : "Lamp dark");
  text("watts", watts(lit ? state.watts : 0));
}

function showTells() {
  $("buzzer").dataset.on = state.buzzer;
  name("buzzer", state.buzzer ? "Buzzer sounding" : "Buzzer silent");
  sound.buzz(state.buzzer === 1);
  $("supply-led").classList.toggle("lit", state.led === 1);
}

function blink(total) {
  const led = $("imp");
  if (blink.last !== undefined && total !== blink.last) {
    led.classList.add("lit");
    clearTimeout(blink.timer);
    blink.timer = setTimeout(() => led.classList.remove("lit"), BLINK_MS);
  }
  blink.last = total;
}

function showClock() {
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

function showTruth(meter) {
  const { state: ec, left_mp, owed_mp } = meter.emergency;
  const left = ec === "none" || ec === "offered" ? "" : ` · ${money(left_mp)} left`;
  $("balance").dataset.mp = meter.balance_mp;
  $("balance").classList.toggle("owing", meter.balance_mp < 0);
  text("balance", money(meter.balance_mp));
  text("emergency", ec.replace("_", " ") + left + (owed_mp ? ` · owes ${money(owed_mp)}` : ""));
  text("debt", money(meter.debt.total_mp));
  text("supply", meter.supply.replace("_", " ") + (meter.friendly ? " · friendly hours" : ""));
  text("energy", `${(meter.energy_wh / 1000).toFixed(3)} kWh`);
  text("restore", money(meter.owed_to_restore_mp));
  text("ledger", meter.ledger);
}

function showHouse() {
  for (const box of every("#appliances input")) box.checked = state.on.includes(box.value);
  if (document.activeElement !== $("load")) $("load").value = state.other_w;
  text("load-w", watts(state.other_w));
  $("mains").checked = state.mains;
}

const STATUS = {
  starting: () => "Starting…",
  running: () => `Running on ${state.interpreter}`,
  repl: () => "REPL: the meter is interrupted; it starts again 5 s after the port is closed",
  off: () => "Mains off: the meter is dark, its records are kept",
};
const FAULTS = { sell: "till-fault", jump: "clock-fault" };

function update(change) {
  Object.assign(state, change);
  document.body.dataset.vm = state.vm;
  $("badge").hidden = state.vm !== "repl";
  text("status", STATUS[state.vm]());
  text("port", state.port ? `mpremote connect ${state.port}` : "");
  text("serial", `№ ${state.meter_id.replace(/(.{4})(?=.)/g, "$1 ")}`);
  showDisplay();
  showRelay();
  showTells();
  showClock();
  showHouse();
  if ("blinks" in change) blink(state.blinks);
  if (state.meter) showTruth(state.meter);
  const moves = count(state.relay_operations, "operation");
  text("operations", `${moves}, ${count(state.coil_faults, "coil fault")}`);
}

function showReceipt(receipt) {
  const paper = $("receipt");
  for (const [part, value] of Object.entries(receipt)) text(`receipt-${part}`, value);
  $("no-receipt").hidden = true;
  paper.hidden = false;
  paper.style.animation = "none";
  void paper.offsetWidth; // so that the paper comes out once more
  paper.style.animation = "";
}

// ---- what hands do ---------------------------------------------------------------------------

function press(key) {
  if (held.has(key)) return;
  held.add(key);
  pressed_ms = Date.now();
  $(`button-${key.toLowerCase()}`).classList.add("down");
  sound.click(700, 0.08);
  send({ do: "press", key });
}

function release(key) {
  if (!held.delete(key)) return;
  pressed_ms = Date.now();
  $(`button-${key.toLowerCase()}`).classList.remove("down");
  send({ do: "release", key });
}

for (const button of every(".key")) {
  const key = button.dataset.key;
  const pushes = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press(key);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    button.addEventListener(end, () => release(key));
  }
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (!pushes(event)) return;
    event.preventDefault();
    press(key);
  });
  button.addEventListener("keyup", (event) => pushes(event) && release(key));
}

const letter = (event) => (/^[ab]$/i.test(event.key) ? event.key.toUpperCase() : null);
const isTyping = (target) => target.matches("#jump, #till-amount");

addEventListener("keydown", (event) => {
  const key = letter(event);
  const shortcut = event.ctrlKey || event.metaKey || event.altKey;
  if (key && !event.repeat && !shortcut && !isTyping(event.target)) press(key);
});
addEventListener("keyup", (event) => letter(event) && release(letter(event)));
addEventListener("blur", () => [...held].forEach(release));

$("appliances").innerHTML = APPLIANCES.map(([id, label, w]) => `<label>
  <input type="checkbox" value="${id}"><i></i><span>${label}</span><small>${watts(w)}</small>
</label>`).join("");
$("appliances").addEventListener("change", ({ target }) => {
  send({ do: "appliance", name: target.value, on: target.checked });
});
$("load").addEventListener("input", () => send({ do: "load", other_w: $("load").valueAsNumber }));
$("mains").addEventListener("change", () => send({ do: "mains", on: $("mains").checked }));

$("speed").innerHTML = SPEEDS.map((x) => `<label>
  <input type="radio" name="speed" value="${x}"><span>×${x}</span>
</label>`).join("");
$("speed").addEventListener("change", ({ target }) => {
  send({ do: "speed", x: Number(target.value) });
});

function jump(to) {
  delete $("jump").dataset.edited;
  text("clock-fault", "");
  send({ do: "jump", local: to });
}

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

$("till-form").addEventListener("submit", (event) => {
  event.preventDefault();
  text("till-fault", "");
  send({ do: "sell", pounds: $("till-amount").value });
});

$("sound").addEventListener("click", () => {
  sound.toggle();
  $("sound").ariaPressed = String(sound.on());
  text("sound", sound.on() ? "Sound on" : "Sound off");
  sound.buzz(state.buzzer === 1);
});

// ---- the line to the server ------------------------------------------------------------------

function connect() {
  socket = new WebSocket(`ws://${location.host}/socket`);
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.receipt) showReceipt(message.receipt);
    else if (message.fault) text(FAULTS[message.about] ?? "status", message.fault);
    else update(message);
  };
  socket.onclose = () => {
    document.body.dataset.vm = "gone";
    text("status", "The meter has been switched off at the computer; waiting for it…");
    setTimeout(connect, AGAIN_MS);
  };
}

connect();

// The meter on the wall: its display, relay, lamps and plate; the lamp it feeds.

import { makeDisplay } from "./glyphs.js";
import * as keys from "./keys.js";
import * as sound from "./sound.js";
import { $, every, name, state, text } from "./state.js";
import { watts } from "./words.js";

const BLINK_MS = 70;
const KINDS = { // what the plate says
  smart_payg: "Prepayment electricity meter", key_meter: "Electricity key meter",
  gas_weekly: "Prepayment gas meter", remote_tiered: "Remote electricity meter",
};

const showCells = makeDisplay($("display"), 8);

function showDisplay() {
  showCells(state.cells);
  $("display").dataset.text = state.text;
  const meaning = state.vm === "running" && state.meter ? state.meter.screen : state.text;
  name("display", `Display: ${meaning || "dark"}`);
  if (keys.areInUse()) text("spoken", meaning);
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
  const what = document.body.dataset.profile === "gas_weekly" ? "Burner" : "Lamp";
  name("lamp", `${what} ${lit ? "lit" : "dark"}`);
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

export function show(change) {
  const profile = state.meter?.profile;
  if (profile) document.body.dataset.profile = profile;
  text("kind", KINDS[document.body.dataset.profile]);
  $("badge").hidden = state.vm !== "repl";
  const rating = profile === "gas_weekly" ? "" : " · 230 V 50 Hz";
  text("serial", `№ ${state.meter_id.replace(/(.{4})(?=.)/g, "$1 ")}${rating}`);
  showDisplay();
  showRelay();
  showTells();
  if ("blinks" in change) blink(state.blinks);
}

// ---- which device is seen where there is room for one only

function look(device) {
  document.body.dataset.device = device;
  for (const tab of every(".devices button")) {
    const chosen = tab.dataset.device === device;
    tab.ariaSelected = String(chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
}

for (const tab of every(".devices button")) {
  tab.addEventListener("click", () => look(tab.dataset.device));
  tab.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = tab.dataset.device === "meter" ? "home" : "meter";
    look(other);
    $(`tab-${other}`).focus();
  });
}
look("meter");

// The in-home display: what power costs now as a light and in figures, and the meter's text.

import { makeDisplay } from "./glyphs.js";
import { $, name, state, symbol, text } from "./state.js";
import { money, pennies, watts } from "./words.js";

const LEVELS = [ // up to so many W, what the light shows
  [500, "low", "Low use"], [2500, "medium", "Medium use"], [Infinity, "high", "High use"],
];

const showCells = makeDisplay($("home-display"), 8);

function showLight(power_w) {
  const [, level, meaning] = LEVELS.find(([limit]) => power_w <= limit);
  $("light").dataset.level = state.vm === "running" ? level : "";
  name("light", state.vm === "running" ? meaning : "Light off");
}

export function show() {
  const { meter } = state;
  $("home").classList.toggle("dark", state.vm === "off");
  showCells(state.cells);
  $("home-display").dataset.text = state.text;
  name("home-display", `Display: ${meter?.screen || state.text || "dark"}`);
  showLight(meter?.power_w ?? 0);
  text("home-cost", meter?.usage ? pennies(meter.hourly_mp, symbol()) : "–");
  text("home-power", watts(meter?.power_w ?? 0));
  text("home-today", meter?.usage ? pennies(meter.usage.today[1], symbol()) : "–");
  text("home-balance", meter ? money(Math.floor(meter.balance_mp / 1000) * 1000, symbol()) : "–");
}

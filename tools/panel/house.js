// The house: what is switched on, what of it costs most, the mains, and what the meter holds.

import { $, every, send, state, symbol, text } from "./state.js";
import { count, money, pennies, price, watts } from "./words.js";

const APPLIANCES = { // what each can draw is tools/live/house.py
  electricity: [
    ["kettle", "Kettle", 3000], ["washer", "Washing machine", 2000], ["heater", "Heater", 2000],
    ["fridge", "Fridge", 120], ["tv", "Television", 90], ["lights", "Lights", 60],
  ],
  gas: [
    ["heating", "Central heating", 12000], ["water", "Hot water", 9000], ["dryer", "Dryer", 5000],
    ["fire", "Gas fire", 4000], ["oven", "Oven", 3000], ["hob", "Hob", 2500],
  ],
};
const LABELS = Object.fromEntries(Object.values(APPLIANCES).flat().map(([id, label]) => [id, label]));
const SHOWN = 5; // of the ranking
let fuel = "";

function furnish() {
  const wanted = document.body.dataset.profile === "gas_weekly" ? "gas" : "electricity";
  if (wanted === fuel) return;
  fuel = wanted;
  $("appliances").innerHTML = APPLIANCES[fuel].map(([id, label, w]) => `<label>
    <input type="checkbox" value="${id}"><i></i><span>${label}</span><small>${watts(w)}</small>
  </label>`).join("");
}

function showRanking() {
  const price_mp = state.meter?.rate?.price_mp ?? 0;
  const ranked = state.ranking.slice(0, SHOWN);
  $("no-ranking").hidden = ranked.length > 0;
  text("dearest-price", price_mp && ranked.length ? `at ${price(price_mp, symbol())} a kWh` : "");
  const key = JSON.stringify([ranked, price_mp, symbol()]);
  if (showRanking.last === key) return;
  showRanking.last = key;
  $("ranking").innerHTML = ranked.map(({ name, w, times }) => `<li>
    <span>${LABELS[name] ?? "Something else"}</span>
    <b>${pennies(Math.round(w * price_mp / 1000), symbol())}/h</b>
    <i style="width: ${Math.max(1, 100 * w / ranked[0].w)}%"></i>
    <small>+${(w / 1000).toFixed(2)} kW · ${count(times, "time")}</small>
  </li>`).join("");
}

function showTruth(meter) {
  const { state: ec, left_mp, owed_mp } = meter.emergency;
  const amount = (mp) => money(mp, symbol());
  const left = ec === "none" || ec === "offered" ? "" : ` · ${amount(left_mp)} left`;
  $("balance").dataset.mp = meter.balance_mp;
  $("balance").classList.toggle("owing", meter.balance_mp < 0);
  text("balance", amount(meter.balance_mp));
  text("emergency", ec.replace("_", " ") + left + (owed_mp ? ` · owes ${amount(owed_mp)}` : ""));
  const due = meter.weekly_due_mp ? ` · ${amount(meter.weekly_due_mp)} due` : "";
  text("debt", amount(meter.debt.total_mp) + due);
  text("supply", meter.supply.replace("_", " ") + (meter.friendly ? " · friendly hours" : ""));
  text("energy", `${(meter.energy_wh / 1000).toFixed(3)} kWh`);
  text("restore", amount(meter.owed_to_restore_mp));
  text("ledger", meter.ledger);
}

export function show() {
  furnish();
  for (const box of every("#appliances input")) box.checked = state.on.includes(box.value);
  if (document.activeElement !== $("load")) $("load").value = state.other_w;
  text("load-w", watts(state.other_w));
  $("mains").checked = state.mains;
  showRanking();
  if (state.meter) showTruth(state.meter);
  const moves = count(state.relay_operations, "operation");
  text("operations", `${moves}, ${count(state.coil_faults, "coil fault")}`);
}

$("appliances").addEventListener("change", ({ target }) => {
  send({ do: "appliance", name: target.value, on: target.checked });
});
$("load").addEventListener("input", () => send({ do: "load", other_w: $("load").valueAsNumber }));
$("mains").addEventListener("change", () => send({ do: "mains", on: $("mains").checked }));

// One meter: its balance, why it may differ, and a tab for each thing that is known of it.

import { ask, grouped, h, more, pill } from "./dom.js";
import { bills } from "./bills.js";
import { deeds } from "./deeds.js";
import { orders, packets } from "./orders.js";
import { overview, readings } from "./readings.js";
import { outbox } from "./sms.js";

const TABS = {
  overview: ["Overview", overview], orders: ["Orders", orders], bills: ["Bills", bills],
  readings: ["Readings", readings], record: ["Record", record], sms: ["SMS", smsOf], deeds: ["Actions", deeds],
};

function record(place, meter) {
  let before = "";
  return async () => {
    const found = await ask(`meters/${meter}/record`);
    if (JSON.stringify(found) === before) return;
    before = JSON.stringify(found);
    const older = h("div");
    place.replaceChildren(h("section", { class: "card" }, h("h2", {}, "Communication record"),
      h("p", { class: "dim" }, "Every packet to the meter and from it, newest first."), packets(found), older));
    more(older, found, (last) => `meters/${meter}/record?before=${last}`, packets);
  };
}

function smsOf(place, meter) {
  let before = "";
  return async () => {
    const found = await ask(`meters/${meter}/sms`);
    if (JSON.stringify(found) === before) return;
    before = JSON.stringify(found);
    place.replaceChildren(h("section", { class: "card" }, h("h2", {}, "SMS"), outbox(found, false)));
  };
}

function title(found) {
  const low = found.balance?.mp < 0;
  return [
    h("div", {}, h("h2", {}, found.name ?? "Meter"), h("p", { class: "mono dim", id: "meter-id" }, grouped(found.id))),
    h("p", { class: "row" },
      found.supply ? pill(`supply ${found.supply.replace("_", " ")}`, found.supply === "enabled" ? "good" : "bad") : null,
      found.on_the_way ? pill(`${found.on_the_way} on the way`, "busy") : null,
      found.flagged ? pill(`${found.flagged} late`, "bad") : null,
      found.is_late ? pill(found.heard ? `not heard since ${found.heard.text}` : "never heard", "bad") : pill(`heard ${found.heard.text}`, "good")),
    h("p", { class: low ? "big owing" : "big", id: "balance" }, found.balance?.text ?? "–"),
  ];
}

export function meter(main, id, tab = "overview") {
  const head = h("section", { class: "card title" });
  const tabs = h("nav", { "aria-label": "Of this meter" }, Object.entries(TABS).map(([name, [text]]) =>
    h("a", { href: `#/meter/${id}/${name}`, "aria-current": name === tab ? "true" : null }, text)));
  const place = h("div", { class: "drawings" });
  main.append(head, h("div", { class: "row" }, tabs), place);
  const redraw = (TABS[tab] ?? TABS.overview)[1](place, id);
  let before = "";
  return async () => {
    const found = await ask(`meters/${id}`);
    if (JSON.stringify(found) !== before) {
      before = JSON.stringify(found);
      head.replaceChildren(...title(found));
    }
    await redraw(found);
  };
}

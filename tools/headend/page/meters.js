// All meters, those that need somebody first.

import { ask, grouped, h, pill, row, table } from "./dom.js";

const COLUMNS = [["Meter"], ["Balance", "number"], ["Supply"], ["On the way"], ["Heard"]];

function line(meter) {
  const waiting = [
    meter.on_the_way ? pill(`${meter.on_the_way} on the way`, "busy") : null,
    meter.flagged ? pill(`${meter.flagged} late`, "bad") : null,
  ];
  const id = h("small", { class: "mono" }, grouped(meter.id));
  return row(COLUMNS, [
    h("span", {}, h("a", { href: `#/meter/${meter.id}` }, meter.name ?? "Meter"), id),
    meter.balance?.text ?? "–",
    meter.supply ? pill(meter.supply.replace("_", " "), meter.supply === "enabled" ? "good" : "bad") : "–",
    meter.on_the_way ? h("span", { class: "pills" }, waiting) : null,
    meter.is_late ? pill(meter.heard ? `not since ${meter.heard.text}` : "never", "bad") : meter.heard.text,
  ], { class: "link", onclick: () => { location.hash = `#/meter/${meter.id}`; } });
}

export function meters(main) {
  const place = h("div");
  main.append(h("section", { class: "card" }, h("h2", {}, "Meters"), place));
  let before = "";
  return async () => {
    const found = await ask("meters");
    if (JSON.stringify(found) === before) return;
    before = JSON.stringify(found);
    found.sort((a, b) => b.flagged - a.flagged || b.is_late - a.is_late);
    place.replaceChildren(table(COLUMNS, found.map(line), "No meter is known here yet."));
  };
}

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
  const wanted = h("input", { id: "find", type: "search", autocomplete: "off", placeholder: "Name, number or phone", "aria-label": "Find a meter" });
  main.append(h("section", { class: "card" }, h("div", { class: "row" }, h("h2", {}, "Meters"), h("div", { class: "find" }, wanted)), place));
  let before = "", found = [];
  const draw = () => {
    const text = wanted.value.replace(/\s/g, "").toUpperCase();
    const has = (meter) => [meter.name, meter.id, meter.phone].some((each) => each?.replace(/\s/g, "").toUpperCase().includes(text));
    const shown = text ? found.filter(has) : found;
    place.replaceChildren(table(COLUMNS, shown.map(line), text ? "No meter is called so." : "No meter is known here yet."));
  };
  wanted.addEventListener("input", draw);
  return async () => {
    const told = await ask("meters");
    if (JSON.stringify(told) === before) return;
    before = JSON.stringify(told);
    found = told.sort((a, b) => b.flagged - a.flagged || b.is_late - a.is_late);
    draw();
  };
}

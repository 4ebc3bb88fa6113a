// What the meter said last, why the SMS may say something else; readings and drawings.

import { ask, attempt, facts, h, row, table } from "./dom.js";

const COLUMNS = [["When"], ["What"], ["Register", "number"], ["Balance", "number"], ["Owed", "number"]];
const ALERTS = [["When"], ["Alert"], ["GBCS", "mono"]];

function whyCard(id) {
  const figures = h("div", { class: "figures", id: "figures" });
  const causes = h("ul", { class: "causes", id: "causes" });
  const golden = h("p", { class: "dim" });
  const display = h("input", { id: "display", inputmode: "decimal", autocomplete: "off", placeholder: "12.40" });
  const said = h("p");
  let read = "";
  const card = h("section", { class: "card" }, h("h2", {}, "Why do the figures differ?"), figures, causes, golden,
    h("form", { class: "fields", onsubmit: (event) => { event.preventDefault(); read = display.value.trim(); attempt(said, async () => { await draw(); return ""; }); } },
      h("label", {}, "What the customer reads at the meter", display), h("button", {}, "Compare")), said);
  async function draw() {
    const found = await ask(`meters/${id}/why${read ? `?display=${encodeURIComponent(read)}` : ""}`);
    figures.replaceChildren(...found.figures.map((each) => h("div", { class: each.what.includes("display") ? "display" : null },
      h("small", {}, each.what), h("b", { class: each.mp < 0 ? "owing" : null }, each.text), h("small", {}, each.at, each.note ? `, ${each.note}` : ""))));
    causes.replaceChildren(...found.causes.map((each) => h("li", { class: each.code }, each.text, h("p", {}, each.do))));
    golden.textContent = found.golden;
  }
  return [card, async () => {
    try {
      await draw();
    } catch (error) {
      read = "";
      throw error;
    }
  }];
}

export function overview(place, id) {
  const [card, draw] = whyCard(id);
  const pair = h("div", { class: "pair" });
  place.append(card, pair);
  let before = "";
  return async (found) => {
    await draw();
    const alerts = await ask(`meters/${id}/alerts`);
    const now = JSON.stringify([found, alerts]);
    if (now === before) return;
    before = now;
    const lines = alerts.slice(0, 8).map((each) => row(ALERTS, [each.at.text, each.text, each.gbcs]));
    pair.replaceChildren(
      h("section", { class: "card" }, h("h2", {}, "What the meter said last"),
        found.facts.length ? facts(found.facts) : h("p", { class: "empty" }, "Nothing yet.")),
      h("section", { class: "card" }, h("h2", {}, "What is agreed"), facts(found.settings),
        found.registers.length ? [h("h3", {}, "Registers"), facts(found.registers)] : null,
        h("h3", {}, "Alerts"), table(ALERTS, lines, "None."),
        found.refused.length ? [h("h3", {}, "Packets that counted for nothing"), facts(found.refused)] : null));
  };
}

// The drawings come from the head-end as SVG in HTML: its own, with every text escaped
async function drawings(place, id) {
  const text = await ask(`meters/${id}/plots`);
  const parsed = new DOMParser().parseFromString(text, "text/html");
  place.replaceChildren(...parsed.body.childNodes);
}

export function readings(place, id) {
  const plots = h("div", { class: "drawings", id: "plots" }, h("p", { class: "empty" }, "Drawing…"));
  const list = h("div");
  place.append(plots, list);
  let before = "";
  return async () => {
    const found = await ask(`meters/${id}/readings`);
    if (JSON.stringify(found) === before) return;
    before = JSON.stringify(found);
    list.replaceChildren(h("section", { class: "card" }, h("h2", {}, "Readings"), table(COLUMNS, found.map((each) =>
      row(COLUMNS, [each.at.text, each.what, `${each.kwh} kWh`, each.balance?.text ?? "", each.owed?.text ?? ""])), "The meter has not told any yet.")));
    await drawings(plots, id);
  };
}

// Bills by month and day: what was used at which price, standing charge, and whether the meter agrees.

import { ask, h, pill, row, table } from "./dom.js";

const COLUMNS = [["Day"], ["kWh", "number"], ["Energy", "number"], ["Standing", "number"], ["Cost", "number"], ["Topped up", "number"], ["Balance then", "number"], [""]];

const EVERY_MS = 30_000; // a bill is much to reckon

const none = (money) => (money && money.mp ? money.text : "");

function notes(bill) {
  return h("span", { class: "pills" },
    bill.is_now ? pill("not over yet", "busy") : null,
    bill.is_spread ? pill("spread over prices", "busy") : null,
    bill.differs === null ? pill("not checked") : bill.differs.mp ? pill(`meter took ${bill.taken.text}`, "bad") : pill("as the meter took", "good"));
}

function lines(bill) {
  const many = new Set(bill.lines.map((each) => each.rate)).size > 1;
  return bill.lines.map((each) => h("tr", { class: "inner" },
    h("td", { class: "first" }, `${many ? `Rate ${each.rate}, tier` : "Tier"} ${each.block} at ${each.price.text}`),
    h("td", { class: "number", "data-label": "kWh" }, (each.wh / 1000).toFixed(3)),
    h("td", { class: "number", "data-label": "Energy" }, each.cost.text), h("td", { colspan: COLUMNS.length - 3 })));
}

function part(name, bills) {
  const columns = [[name], ...COLUMNS.slice(1)];
  const rows = bills.flatMap((bill) => [
    row(columns, [
      h("b", {}, bill.name), bill.kwh, bill.energy.text, none(bill.standing), bill.cost.text,
      h("span", {}, none(bill.topped_up), bill.debt_paid.mp ? h("small", {}, `debt ${bill.debt_paid.text}`) : null,
        bill.adjusted.mp ? h("small", {}, `adjusted ${bill.adjusted.text}`) : null),
      bill.balance_to.text, notes(bill),
    ], { class: "bill", "data-cost-mp": bill.cost.mp }),
    ...lines(bill),
  ]);
  return h("section", { class: "card", id: name === "Month" ? "months" : "days" },
    h("h2", {}, name === "Month" ? "Months" : "Days"), table(columns, rows, "The meter has not told any daily reads yet."));
}

export function bills(place, id) {
  let before = "", asked = 0;
  return async () => {
    if (Date.now() - asked < EVERY_MS) return;
    const found = await ask(`meters/${id}/bills`);
    asked = Date.now();
    if (JSON.stringify(found) === before) return;
    before = JSON.stringify(found);
    const changes = found.changes.map((each) => h("li", {}, `From ${each.name}: ${each.text} a kWh`));
    place.replaceChildren(
      h("div", { class: "row" }, h("a", { class: "button", href: `api/meters/${id}/bills.csv`, download: `bills-${id}.csv` }, "Save as CSV"),
        h("span", { class: "dim" }, "A day is from 00:00 to 00:00 UTC; each has the standing charge of the midnight that ends it.")),
      changes.length ? h("section", { class: "card" }, h("h2", {}, "Prices changed"), h("ul", {}, changes)) : "",
      part("Month", found.months), part("Day", found.days));
  };
}

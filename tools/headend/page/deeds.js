// What an operator may do with a meter. Each form becomes one request; the answer stands below it.

import { ask, attempt, h } from "./dom.js";

const DEBTS = [["payment", "by top-ups"], ["time1", "by time"], ["accumulated", "accumulated"]];
const SUPPLY = [
  ["disable", "Switch supply off"], ["enable", "Lift 'off by order'"], ["arm", "Arm supply"],
  ["activate_ec", "Give emergency credit"], ["clear_lockout", "End the lock-out of codes"],
  ["set_time", "Set the clock"], ["read_registers", "Read the registers"],
];

const field = (name, label, more = {}) => h("label", {}, label, h("input", { name, autocomplete: "off", ...more }));
const choice = (name, label, options) =>
  h("label", {}, label, h("select", { name }, options.map(([value, text]) => h("option", { value }, text))));

export function deeds(place, id) {
  const changed = () => document.dispatchEvent(new Event("headend-changed"));
  const command = async (wish) => {
    const made = await ask(`meters/${id}/commands`, "POST", wish);
    changed();
    return made.text ?? `Order no. ${made.number}: ${made.what}. It is on its way to the meter.`;
  };

  function deed(name, title, about, fields, wish, text = "Send") {
    const said = h("p");
    const button = h("button", {}, text);
    const form = h("form", { class: "fields", id: `do-${name}`, onsubmit: async (event) => {
      event.preventDefault();
      if (button.disabled) return; // a double click is one order
      button.disabled = true;
      const given = Object.fromEntries(new FormData(form));
      if (await attempt(said, () => wish(given))) form.reset();
      button.disabled = false;
    } }, fields, button);
    return h("section", { class: "card" }, h("h2", {}, title), h("p", { class: "dim" }, about), form, said);
  }

  const said = h("p");
  const sure = (name, text) => h("button", { type: "button", "data-command": name, onclick: () =>
    (name !== "disable" || confirm("Switch this household's supply off?")) && attempt(said, () => command({ command: name })) }, text);

  place.append(h("div", { class: "deeds" },
    deed("debt", "One-off debt payment", "All of it goes to the debt; it is no top-up.",
      [choice("debt", "Debt", DEBTS), field("amount", "Amount", { inputmode: "decimal", placeholder: "10.00" })],
      (given) => command({ command: "pay_debt", ...given })),
    deed("reading", "The customer's own reading", "Kept beside the meter's.",
      [field("kwh", "Register, kWh", { inputmode: "decimal", placeholder: "12345.6" })],
      async (given) => (await ask(`meters/${id}/readings`, "POST", given)).text, "Keep"),
    deed("text", "Message on the display", "At most 48 letters, digits and signs; empty takes it away.",
      [field("text", "Text", { maxlength: 48 })], (given) => command({ command: "text", ...given })),
    deed("adjust", "Adjust the balance", "Added, or with a minus taken off.",
      [field("amount", "Amount", { inputmode: "decimal", placeholder: "-2.50" })],
      (given) => command({ command: "adjust_balance", ...given })),
    deed("set-debt", "Debt brought over", "What is owed from now on: below 500.00.",
      [choice("debt", "Debt", DEBTS.slice(0, 2)), field("amount", "Amount", { inputmode: "decimal", placeholder: "120.00" })],
      (given) => command({ command: "set_debt", ...given })),
    deed("price", "One price for every kWh", "Pence (hundredths); rates and tiers go through the API.",
      [field("rate", "Pence a kWh", { inputmode: "decimal", placeholder: "24.50" })],
      (given) => command({ command: "set_tariff", tariff: { rates: { all: given.rate } } })),
    deed("facts", "What is agreed", "Only what is filled in changes. Standing charge and price are those the meter began with: the bills need them.",
      [field("name", "Name", { maxlength: 60 }), field("phone", "Phone for SMS", { inputmode: "tel" }),
        field("warn", "SMS below", { inputmode: "decimal", placeholder: "2.00" }),
        field("standing", "Standing, pence a day", { inputmode: "decimal" }), field("rate", "Pence a kWh", { inputmode: "decimal" })],
      async ({ rate, ...given }) => {
        const facts = Object.fromEntries(Object.entries(given).filter(([, text]) => text.trim()));
        if (rate.trim()) facts.tariff = { rates: { all: rate.trim() } };
        await ask(`meters/${id}`, "PUT", facts);
        changed();
        return "Kept.";
      }, "Keep"),
    h("section", { class: "card" }, h("h2", {}, "Supply and more"), h("p", { class: "row" }, SUPPLY.map(([name, text]) => sure(name, text))), said),
    h("section", { class: "card" }, h("h2", {}, "Label"), h("p", {}, "The vending barcode, to print again."),
      h("p", { class: "row" }, h("a", { class: "button", href: `api/meters/${id}/label.svg`, target: "_blank", rel: "noopener" }, "Open the label")))));
  return async () => {};
}

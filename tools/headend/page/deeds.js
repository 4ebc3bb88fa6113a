// What an operator may do with a meter. Each form becomes one request; the answer stands below it.

import { UNSURE, ask, attempt, h } from "./dom.js";
import { Intent } from "./intent.js";

const DEBTS = [["payment", "by a share of top-ups"], ["time1", "by time"], ["accumulated", "accumulated"]];
const SUPPLY = [
  ["disable", "Switch supply off"], ["enable", "Lift 'off by order'"], ["arm", "Arm supply"],
  ["activate_ec", "Give emergency credit"], ["clear_lockout", "End the lock-out of codes"],
  ["set_time", "Set the clock"], ["read_registers", "Read the registers"],
];

const field = (name, label, { wide, ...more } = {}) => h("label", { class: wide ? "wide" : null }, label, h("input", { name, autocomplete: "off", ...more }));
const choice = (name, label, options) =>
  h("label", {}, label, h("select", { name }, options.map(([value, text]) => h("option", { value }, text))));

// What is no date and word goes as it is: the head-end refuses it. Left out, it would take days away.
const specialDays = (text) => (text.trim() === "none" ? {} : Object.fromEntries(text.split(",").map((day) => {
  const [date, ...words] = day.trim().split(/\s+/);
  return [date, words.join(" ")];
})));

export function deeds(place, id) {
  const changed = () => document.dispatchEvent(new Event("headend-changed"));
  const intent = new Intent(id); // one for all of this page: another order between two makes them two
  const command = async (wish, note) => {
    const made = await intent.send(`meters/${id}/commands`, wish, note);
    changed();
    if (made.text) return made.text;
    const what = `Order no. ${made.number} of ${made.created.text}: ${made.what}${made.amount ? ` ${made.amount.text}` : ""}.`;
    return made.state === "received" ? `${what} The meter has it.` : `${what} It is on its way to the meter.`;
  };

  function deed(name, title, about, fields, wish, text = "Send", stays = false) {
    const said = h("p");
    const button = h("button", {}, text);
    const form = h("form", { class: "fields", id: `do-${name}`, onsubmit: async (event) => {
      event.preventDefault();
      if (button.disabled) return; // a double click is one order
      button.disabled = true;
      const given = Object.fromEntries(new FormData(form));
      if (await attempt(said, () => wish(given, { form: name, given }), UNSURE) && !stays) form.reset();
      button.disabled = false;
    } }, fields, button);
    const open = intent.open();
    if (open?.note.form === name) { // it was sent, and the page was loaded anew before the answer came
      for (const [key, value] of Object.entries(open.note.given)) form.elements[key].value = value;
      said.className = "fault";
      said.textContent = UNSURE;
    }
    return h("section", { class: "card" }, h("h2", {}, title), h("p", { class: "dim" }, about), form, said);
  }

  const said = h("p");
  const sure = (name, text) => h("button", { type: "button", "data-command": name, onclick: async ({ currentTarget: button }) => {
    if (button.disabled || (name === "disable" && !confirm("Switch this household's supply off?"))) return;
    button.disabled = true;
    await attempt(said, () => command({ command: name }, { form: name, given: {} }), UNSURE);
    button.disabled = false;
  } }, text);

  place.append(h("div", { class: "deeds" },
    deed("debt", "One-off debt payment", "All of it goes to the debt; it is no top-up.",
      [choice("debt", "Debt", DEBTS), field("amount", "Amount", { inputmode: "decimal", placeholder: "10.00" })],
      (given, note) => command({ command: "pay_debt", ...given }, note)),
    deed("reading", "The customer's own reading", "Kept beside the meter's.",
      [field("kwh", "Register, kWh", { inputmode: "decimal", placeholder: "12345.6" })],
      async (given, note) => (await intent.send(`meters/${id}/readings`, given, note)).text, "Keep"),
    deed("text", "Message on the display", "At most 48 letters, digits and signs; empty takes it away.",
      [field("text", "Text", { maxlength: 48, wide: true })], (given, note) => command({ command: "text", ...given }, note)),
    deed("adjust", "Adjust the balance", "Added, or with a minus taken off.",
      [field("amount", "Amount", { inputmode: "decimal", placeholder: "-2.50" })],
      (given, note) => command({ command: "adjust_balance", ...given }, note)),
    deed("set-debt", "Debt brought over", "What is owed from now on: below 500.00.",
      [choice("debt", "Debt", DEBTS.slice(0, 2)), field("amount", "Amount", { inputmode: "decimal", placeholder: "120.00" })],
      (given, note) => command({ command: "set_debt", ...given }, note)),
    deed("price", "One price for every kWh", "Pence (hundredths); rates and tiers go through the API.",
      [field("rate", "Pence a kWh", { inputmode: "decimal", placeholder: "24.50" })],
      (given, note) => command({ command: "set_tariff", tariff: { rates: { all: given.rate } } }, note)),
    deed("days", "Special days", "All of them at once, those of before go; the word none: take all away. holiday: nobody is cut off; working: a bank holiday that is none.",
      [field("days", "Dates", { placeholder: "2026-12-24 holiday, 2027-05-03 working", wide: true, required: true })],
      ({ days }, note) => command({ command: "special_days", days: specialDays(days) }, note)),
    deed("who", "Who it is", "As it is kept now. Without a phone number nobody gets an SMS: empty the field to remove it.",
      [field("name", "Name", { maxlength: 60 }), field("phone", "Phone for SMS", { inputmode: "tel" })],
      async (given) => {
        const kept = await ask(`meters/${id}`, "PUT", given);
        changed();
        return kept.phone ? "Kept." : "Kept. There is no phone number: no SMS is sent.";
      }, "Keep", true),
    deed("facts", "What is agreed", "Only what is filled in changes. Standing charge and price are those the meter began with: the bills need them.",
      [field("warn", "SMS below", { inputmode: "decimal", placeholder: "2.00" }),
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
  let is_filled = false;
  return async (found) => {
    if (is_filled || !found) return;
    is_filled = true;
    const form = place.querySelector("#do-who");
    form.elements.name.value = found.name ?? "";
    form.elements.phone.value = found.phone ?? "";
  };
}

// The till: the barcode of a label, an amount, a receipt. A failed sale has no code and says so.

import { Refused, ask, grouped, h, sentence } from "./dom.js";
import { Intent } from "./intent.js";
import { steps } from "./orders.js";

const ID = /^[0-9A-F]{16}$/;
const QUICK = ["5.00", "10.00", "20.00", "50.00"];

export function till(main) {
  const intent = new Intent("till");
  let meter = null, order = null;
  const scan = h("input", { class: "scan", id: "scan", autocomplete: "off", maxlength: 24, autofocus: true });
  const amount = h("input", { class: "amount", id: "amount", inputmode: "decimal", autocomplete: "off" });
  const whose = h("p", { id: "whose", class: "dim" }, "Scan the barcode on the meter's label, or type its 16 digits.");
  const symbol = h("span", {}, "Amount");
  const sell = h("button", { class: "main", id: "sell", disabled: true }, "Sell");
  const slot = h("div", { class: "slot", id: "slot" }, h("p", { class: "empty" }, "The receipt comes out here."));
  const progress = h("p", { id: "progress" });

  function found(next) {
    meter = next;
    sell.disabled = !next;
    if (!next) return;
    symbol.textContent = `Amount in ${next.symbol}`;
    whose.className = "said";
    whose.textContent = `${next.name ?? "Meter"}, ${grouped(next.id)}`;
    amount.focus();
  }

  async function look(event) {
    event.preventDefault();
    found(null);
    const id = scan.value.replace(/\s/g, "").toUpperCase();
    try {
      if (!ID.test(id)) throw new Refused("This is no meter's barcode: it has 16 digits, 0 to 9 and A to F.");
      found(await ask(`meters/${id}`));
    } catch (error) {
      whose.className = "fault";
      whose.textContent = error.message;
      scan.select();
    }
  }

  const pairs = (lines) => h("dl", {}, lines.map(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));

  function paper(failed, ...lines) {
    const head = h("p", { class: "shop" }, failed ? "NO RECEIPT" : "TOP-UP");
    slot.replaceChildren(h("div", { class: failed ? "slip failed" : "slip", role: "status" }, head, lines));
  }

  function receipt(sale) {
    order = sale.order;
    paper(false, sale.is_again ? h("p", {}, "This was sold before: it is the same sale.") : null, pairs([
      ["Meter", sale.meter], ["Amount", sale.amount.text], ["Sale no.", String(sale.number)], ["Time", sale.time],
    ]), h("p", { class: "code", id: "code" }, sale.groups),
    h("p", { class: "hint" }, "It goes to the meter by itself, usually in 1 to 5 minutes. If not: type these 20 digits at the meter. It counts once."));
  }

  function failure(error) {
    const known = error instanceof Refused;
    order = null;
    progress.replaceChildren();
    paper(true, h("p", {}, known ? "The sale failed. There is no code." : "It is not known whether this was sold."),
      h("p", {}, sentence(error.message)),
      known ? null : h("p", {}, "Press Sell again: the same sale is never made twice."));
  }

  async function sale(event) {
    event.preventDefault();
    if (!meter || !amount.value.trim()) return; // Enter once more: the receipt stays
    sell.disabled = true;
    const wanted = { amount: amount.value };
    try {
      receipt(await intent.send(`meters/${meter.id}/topups`, wanted, { meter: meter.id, ...wanted }, "sale"));
      amount.value = "";
    } catch (error) {
      failure(error);
    }
    sell.disabled = false;
  }

  scan.addEventListener("input", () => found(null));
  const quick = QUICK.map((each) => h("button", {
    type: "button", onclick: () => { amount.value = each; amount.focus(); },
  }, each));
  main.append(h("div", { class: "till" },
    h("section", { class: "card" }, h("h2", {}, "Till"),
      h("form", { onsubmit: look, id: "scan-form" }, h("label", {}, "Meter", scan), whose),
      h("form", { onsubmit: sale, id: "sale-form" }, h("label", {}, symbol, amount),
        h("div", { class: "row" }, quick), sell), progress),
    slot));
  scan.focus();
  const open = intent.open();
  if (open) { // the page was loaded anew before the answer came
    scan.value = open.note.meter;
    amount.value = open.note.amount;
    look(new Event("submit")).then(() => failure(new Error("The page was loaded anew before the answer came.")));
  }
  return async () => {
    if (!order) return;
    const now = await ask(`orders/${order}`);
    if (now.id === order) progress.replaceChildren(steps(now));
  };
}

// The outbox of SMS: what was written when, from which copy, and when it went.

import { ask, grouped, h, pill, row, table } from "./dom.js";

const COLUMNS = [["Text"], ["Written"], ["From figures of"], ["Sent"]];

export function outbox(page, withMeter) {
  const lines = page.messages.map((sms) => row(COLUMNS, [
    h("span", {}, sms.text, h("small", {}, withMeter
      ? h("a", { href: `#/meter/${sms.meter}/sms`, class: "mono" }, grouped(sms.meter)) : sms.phone)),
    sms.batch.text, sms.copy_of?.text ?? "",
    sms.sent ? sms.sent.text : pill("not sent", "bad"),
  ]));
  return [
    h("p", { class: "dim" }, `Batches at ${page.times.join(" and ")}, the next ${page.next.text}. `
      + "An SMS says what the head-end knew then; the meter's own display is what counts."),
    table(COLUMNS, lines, "No SMS was written yet."),
  ];
}

export function sms(main) {
  const place = h("div", { class: "pair" });
  place.style.gridTemplateColumns = "minmax(0, 1fr)";
  main.append(h("section", { class: "card" }, h("h2", {}, "SMS outbox"), place));
  let before = "";
  return async () => {
    const page = await ask("sms");
    if (JSON.stringify(page) === before) return;
    before = JSON.stringify(page);
    place.replaceChildren(...outbox(page, true));
  };
}

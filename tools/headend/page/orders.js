// Orders: how far each has come, every attempt, every packet; its code for a caller; sending it again.

import { ask, attempt, grouped, h, more, pill, row, table } from "./dom.js";

const COLUMNS = [["Order"], ["Amount", "number"], ["State"], ["Attempts", "number"], ["Ordered"], ["Answered"]];
const STATES = ["processing", "issued", "received"];
const PACKETS = [["When"], ["Way"], ["What"], ["Why"], ["Packet"]];

// Processing, Issued, Received: reached ones are filled; a failed one says what the meter answered
export function steps(order) {
  const reached = order.state === "failed" ? 1 : STATES.indexOf(order.state);
  const names = order.state === "failed" ? ["processing", "issued", "failed"] : STATES;
  return h("span", { class: "steps", "data-state": order.state }, names.map((name, place) => {
    const kind = name === "failed" ? "failed" : place <= reached ? "reached" : null;
    return h("span", { class: kind }, name.charAt(0).toUpperCase() + name.slice(1));
  }));
}

function state(order) {
  const how = order.state === "received" && order.how === "buttons" ? "typed at the meter" : null;
  const said = order.state === "failed" ? order.outcome : how;
  return h("span", {}, steps(order), order.flagged ? pill("late: more than 15 minutes", "bad") : null,
    said ? h("small", {}, said) : null);
}

export const packets = (messages) => table(PACKETS, messages.map((message) => row(PACKETS, [
  message.at.text,
  pill(message.direction === "down" ? "to the meter" : "from it", message.direction === "down" ? "busy" : "good"),
  h("span", {}, message.what, message.number && message.direction === "down" ? ` no. ${message.number}` : "",
    message.copies > 1 ? ` ×${message.copies}` : ""),
  message.why === message.what ? "" : message.why,
  h("details", {}, h("summary", {}, `${message.bytes} bytes`), h("span", { class: "hex" }, message.hex)),
])));

function showCode(code) {
  const close = h("button", { type: "button", onclick: () => dialog.close() }, "Close");
  const dialog = h("dialog", { id: "code-dialog", onclose: () => dialog.remove() },
    h("h2", {}, "The code of this order"), h("p", { class: "code" }, code.groups),
    h("p", { class: "dim" }, `For meter ${grouped(code.meter)} only. It is this very top-up: typed and sent, it counts once.`),
    h("p", { class: "row" }, close));
  document.body.append(dialog);
  dialog.showModal();
}

async function opened(order, place) {
  const page = await ask(`orders/${order.id}`);
  const said = h("p");
  const deeds = [];
  if (page.has_code) deeds.push(h("button", { type: "button", onclick: () => attempt(said, async () => { showCode(await ask(`orders/${order.id}/code`)); return ""; }) }, "Show code to a caller"));
  if (page.can_reissue) deeds.push(h("button", { type: "button", onclick: () => attempt(said, async () => { await ask(`orders/${order.id}/reissue`, "POST"); document.dispatchEvent(new Event("headend-changed")); return "It is sent again under the same number."; }) }, "Send again"));
  const tries = page.tries.map((each) => h("li", {}, `${each.at.text}: ${each.why}`));
  place.replaceChildren(
    h("p", { class: "row" }, deeds), said,
    h("h3", {}, "Attempts"), tries.length ? h("ol", {}, tries) : h("p", { class: "empty" }, "Not sent yet."),
    page.next ? h("p", { class: "dim" }, `Next attempt ${page.next.text}.`) : "",
    h("h3", {}, "Packets"), packets(page.messages));
}

export function orders(place, meter) {
  let before = "", open = null;
  const listed = (found, again) => table(COLUMNS, found.flatMap((order) => {
      const line = row(COLUMNS, [
        h("span", {}, h("b", {}, `No. ${order.number} `), order.what, h("small", {}, order.channel)),
        order.amount?.text ?? "", state(order), String(order.attempts), order.created.text,
        order.answered ? h("span", {}, order.answered.text, order.balance_after ? h("small", {}, `then ${order.balance_after.text}`) : null) : "",
      ], { class: "link", "data-order": order.id, tabindex: 0 });
      const toggle = () => { open = open === order.id ? null : order.id; again(); };
      line.addEventListener("click", toggle);
      line.addEventListener("keydown", (event) => { if (event.key === "Enter") toggle(); });
      if (open !== order.id) return [line];
      const inside = h("div", { class: "inside" }, "…");
      opened(order, inside);
      return [line, h("tr", { class: "inner" }, h("td", { colspan: COLUMNS.length, class: "first" }, inside))];
  }), "No order yet.");
  const list = (found) => {
    const held = h("div");
    const again = () => held.replaceChildren(listed(found, again));
    again();
    return held;
  };
  const draw = (found) => {
    const older = h("div");
    place.replaceChildren(h("section", { class: "card" }, h("h2", {}, "Orders"),
      h("p", { class: "dim" }, "Choose an order to see every attempt and packet, to show its code, or to send it again."), list(found), older));
    more(older, found, (last) => `meters/${meter}/orders?before=${last}`, list);
  };
  return async () => {
    const found = await ask(`meters/${meter}/orders`);
    if (JSON.stringify(found) === before) return;
    before = JSON.stringify(found);
    draw(found);
  };
}

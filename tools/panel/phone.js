// The phone: buys top-ups that travel by radio, shows what became of them, the texts, and why figures differ.

import { $, every, send, state, symbol, text } from "./state.js";
import { clock, count, instant, money } from "./words.js";

const DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", weekday: "short", day: "numeric", month: "short",
});
const LETTER = { processing: "Processing", issued: "Issued", received: "Received", failed: "Failed" };
const STEPS = ["processing", "issued", "received"];
const codes = {}; // order id -> digits in groups, once asked for
let seen = null; // texts that were looked at

const make = (tag, kind, words, ...parts) => {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (words) made.textContent = words;
  made.append(...parts);
  return made;
};

const minute = (at) => clock(instant(at)).slice(0, 5);

function when(at) {
  return at[0] === state.utc[0] ? minute(at) : `${DAY.format(instant(at))}, ${minute(at)}`;
}

// ---- orders

function story(order) {
  const bought = `Bought ${when(order.created)}`;
  const by = order.shop ? `${bought} at the shop` : bought;
  if (order.state === "received") {
    const how = { buttons: "Typed at the meter", log: "In the meter" }[order.how] ?? "In the meter";
    return `${by}. ${how} ${when(order.answered)}.`;
  }
  if (order.state === "failed") return `${by}. Nothing was credited: ${order.outcome}.`;
  if (order.state === "processing") return `${by}. Waits to be sent.`;
  if (order.flagged) return `${by}. Late; sent ${count(order.attempts, "time")}, last ${when(order.sent)}.`;
  if (order.shop && order.attempts === 1) {
    return `${by}. Type its code; by radio it takes a quarter of an hour.`;
  }
  return `${by}. Sent ${when(order.sent)}; it takes 1 to 5 minutes, at times more.`;
}

function track(order) {
  const at = STEPS.indexOf(order.state);
  const line = make("i", "track");
  line.setAttribute("aria-hidden", "true");
  line.append(...STEPS.map((_, step) => make("i", step <= at ? "done" : "")));
  return line;
}

function codeOf(order) {
  if (codes[order.id]) return make("code", "", codes[order.id]);
  const button = make("button", "link", "Show the code");
  button.type = "button";
  button.addEventListener("click", () => send({ do: "code", id: order.id }));
  return button;
}

function item(order) {
  const name = order.flagged && order.state === "issued" ? "Late" : LETTER[order.state];
  const made = make("li", "", "", make("b", "", money(order.amount_mp, symbol())),
    make("span", "word", name), track(order), make("small", "", story(order)));
  made.dataset.state = order.state;
  made.dataset.id = order.id;
  made.classList.toggle("late", order.flagged === true);
  if (order.state === "processing" || order.state === "issued") made.append(codeOf(order));
  return made;
}

// ---- texts and figures

const bubble = (sms) => make("li", "", "", make("time", "", when(sms.at)), make("p", "", sms.text));

const figure = (each) => make("tr", "", "",
  make("th", "", each.what, make("small", "", each.note ? `${each.at} · ${each.note}` : each.at)),
  make("td", "", each.text));

const cause = (each) => make("li", "", "", make("p", "", each.text), make("p", "do", each.do));

function showWhy({ figures, causes, golden }) {
  $("phone-figures").replaceChildren(...figures.map(figure));
  $("phone-causes").replaceChildren(...causes.map(cause));
  text("phone-golden", golden);
}

// ---- the whole

function redraw(id, key, parts) {
  const kept = JSON.stringify(key);
  if ($(id).dataset.drawn === kept) return;
  $(id).dataset.drawn = kept;
  $(id).replaceChildren(...parts());
}

function showBadge() {
  const { texts } = state.phone;
  const last = texts[0]?.id ?? 0;
  if (seen === null || $("phone").dataset.tab === "texts") seen = last;
  const fresh = texts.filter(({ id }) => id > seen).length;
  $("phone-badge").hidden = fresh === 0;
  text("phone-badge", String(fresh));
}

export function show(change) {
  text("phone-clock", minute(state.utc));
  text("phone-symbol", symbol());
  if (!state.phone) return;
  const { account, orders, texts, wrong } = state.phone;
  text("phone-balance", account ? money(Math.floor(account.mp / 1000) * 1000, symbol()) : "–");
  $("phone-balance").classList.toggle("owing", (account?.mp ?? 0) < 0);
  text("phone-heard", wrong ?? (account ? `as the meter said ${when(account.heard)}` : "not heard yet"));
  const today = [state.utc[0], symbol()];
  redraw("phone-orders", [orders, codes, today], () => orders.map(item));
  redraw("phone-sms", [texts, today], () => texts.map(bubble));
  $("phone-no-orders").hidden = orders.length > 0;
  $("phone-no-texts").hidden = texts.length > 0;
  showBadge();
  if (change.phone && $("phone").dataset.tab === "why") send({ do: "why" });
}

export function showReply(message) {
  if (message.why) showWhy(message.why);
  if (message.code) {
    codes[message.code.id] = message.code.digits;
    show({});
  }
}

function open(tab) {
  $("phone").dataset.tab = tab;
  for (const button of every("#phone nav button")) {
    const chosen = button.dataset.tab === tab;
    button.ariaSelected = String(chosen);
    button.tabIndex = chosen ? 0 : -1;
    $(`phone-${button.dataset.tab}`).hidden = !chosen;
  }
  if (tab === "why") send({ do: "why" });
  if (state.phone) showBadge();
}

for (const button of every("#phone nav button")) {
  button.addEventListener("click", () => open(button.dataset.tab));
  button.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    const all = [...every("#phone nav button")];
    const next = all[(all.indexOf(button) + way + all.length) % all.length];
    open(next.dataset.tab);
    next.focus();
  });
}
$("phone-again").addEventListener("click", () => send({ do: "why" }));
$("phone-amounts").addEventListener("click", ({ target }) => {
  if (target.value) $("phone-amount").value = target.value;
});
$("phone-form").addEventListener("submit", (event) => {
  event.preventDefault();
  text("phone-fault", "");
  send({ do: "buy", pounds: $("phone-amount").value });
});
open("buy");

// Which view is shown, and that it stays new: each view gives a function that draws it again.

import { fail } from "./dom.js";
import { meters } from "./meters.js";
import { meter } from "./meter.js";
import { sms } from "./sms.js";
import { till } from "./till.js";

const EVERY_MS = 3000;
const VIEWS = [
  [/^#\/meter\/([0-9A-F]{16})(?:\/(\w+))?$/, meter, "meters"],
  [/^#\/till$/, till, "till"],
  [/^#\/sms$/, sms, "sms"],
  [/^/, meters, "meters"],
];

const main = document.getElementById("main");
let redraw = async () => {};
let shown = 0;

async function refresh() {
  const which = shown;
  try {
    await redraw(() => which === shown);
    if (which === shown) fail(null);
  } catch (error) {
    if (which === shown) fail(error);
  }
}

async function show() {
  const [pattern, view, name] = VIEWS.find(([each]) => each.test(location.hash));
  shown += 1;
  for (const link of document.querySelectorAll("header nav a")) {
    link.toggleAttribute("aria-current", link.dataset.view === name);
  }
  main.replaceChildren();
  redraw = view(main, ...(pattern.exec(location.hash) ?? []).slice(1));
  await refresh();
}

async function tend() {
  if (!document.hidden) await refresh();
  setTimeout(tend, EVERY_MS);
}

addEventListener("hashchange", show);
document.addEventListener("headend-changed", refresh);
await show();
setTimeout(tend, EVERY_MS);

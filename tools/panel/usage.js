// The usage view: what `shilling report` draws, fetched from the live records when it is asked for.

import { $, every, text } from "./state.js";

async function refresh() {
  text("usage-status", "Reading the meter's records…");
  $("usage-refresh").disabled = true;
  try {
    const answer = await fetch("/usage");
    const told = await answer.text();
    if (!answer.ok) throw new Error(told.trim());
    const page = new DOMParser().parseFromString(told, "text/html");
    $("usage-report").replaceChildren(...page.querySelector("main").children);
    text("usage-status", page.querySelector("header p").textContent);
  } catch (error) {
    text("usage-status", `The records cannot be shown: ${error.message}`);
  }
  $("usage-refresh").disabled = false;
}

function view(name) {
  document.body.dataset.view = name;
  for (const button of every(".views button")) {
    button.ariaPressed = String(button.dataset.view === name);
  }
  $("panel").hidden = name !== "panel";
  $("usage").hidden = name !== "usage";
  if (name === "usage") refresh();
}

for (const button of every(".views button")) {
  button.addEventListener("click", () => view(button.dataset.view));
}
$("usage-refresh").addEventListener("click", refresh);

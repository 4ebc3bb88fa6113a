// Elements out of texts (never out of HTML), and the head-end's answers.

export function h(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

export class Refused extends Error {} // it was not done
export class Lost extends Error {} // nobody answered

export const UNSURE = "It is not known whether this was done. Send it again: it is never done twice.";

const LOST = "The head-end does not answer. Is it still running?";

export async function ask(path, method = "GET", body) {
  let answer;
  try {
    answer = await fetch(`api/${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Lost(LOST);
  }
  const kind = answer.headers.get("Content-Type") ?? "";
  const told = kind.startsWith("application/json") ? await answer.json() : await answer.text();
  if (answer.ok) return told;
  const why = sentence(told.detail ?? answer.statusText);
  throw answer.status < 500 ? new Refused(why) : new Error(why);
}

export function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

export const grouped = (id) => id.replace(/(.{4})(?=.)/g, "$1 ");

export const pill = (text, kind = "") => h("span", { class: `pill ${kind}` }, text);

// A table whose rows become cards on a phone. columns: [label, class]; a row: its cells
export function table(columns, rows, empty = "Nothing yet.") {
  if (!rows.length) return h("p", { class: "empty" }, empty);
  const head = columns.map(([label, kind]) => h("th", { class: kind, scope: "col" }, label));
  return h("table", { class: "folds" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
}

export function row(columns, cells, given = {}) {
  return h("tr", given, cells.map((cell, place) => {
    const [label, kind = ""] = columns[place];
    return h("td", { class: `${kind} ${place ? "" : "first"}`, "data-label": label }, cell ?? "");
  }));
}

// "Older" below a list that has more than one answer holds; draw(rows) gives what is put above it
export function more(place, found, path, draw) {
  if (found.length < 200) return;
  const button = h("button", { type: "button", onclick: async () => {
    button.disabled = true;
    const next = await ask(path(found.at(-1).id));
    button.remove();
    if (next.length) place.append(draw(next));
    more(place, next, path, draw);
  } }, "Older");
  place.append(button);
}

export const facts = (lines) =>
  h("dl", { class: "facts" }, lines.map((line) => [
    h("dt", {}, line.name), h("dd", { class: line.alarm ? "alarm" : null }, line.text),
  ]));

export function fail(error) {
  const line = document.getElementById("fault");
  line.hidden = !error;
  line.textContent = error ? error.message : "";
}

// A form's answer: what was said, or why not; `unsure` is said too where it may have been done all the same
export async function attempt(place, deed, unsure = "") {
  place.textContent = "";
  try {
    place.className = "said";
    place.textContent = (await deed()) ?? "Done.";
    return true;
  } catch (error) {
    place.className = "fault";
    place.textContent = error instanceof Refused ? error.message : `${error.message} ${unsure}`;
    return false;
  }
}

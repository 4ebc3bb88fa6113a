// How numbers read: money, power, counts, and the local time of a UTC instant.
// Money in mp (100000 = £1), power in W, instants as [day since 2000-01-01, second of day].

const DAY_MS = 86400000;
const EPOCH_MS = Date.UTC(2000, 0, 1);
const TWO = "2-digit";

// All of it, down to the milli-penny.
export function money(mp, symbol) {
  const pence = Math.floor(Math.abs(mp) / 1000);
  const rest = Math.abs(mp) % 1000; // milli-pence, shown only where there are any
  const fraction = rest ? String(rest).padStart(3, "0").replace(/0+$/, "") : "";
  const pounds = Math.floor(pence / 100);
  return `${mp < 0 ? "-" : ""}${symbol}${pounds}.${String(pence % 100).padStart(2, "0")}${fraction}`;
}

// To the nearest penny.
export const pennies = (mp, symbol) => money(Math.round(mp / 1000) * 1000, symbol);

// A price of one kWh, in pence where there are such.
export const price = (mp, symbol) =>
  (symbol === "£" ? `${(mp / 1000).toFixed(2)}p` : `${symbol}${(mp / 100000).toFixed(4)}`);

export const watts = (w) => (w >= 1000 ? `${(w / 1000).toFixed(2)} kW` : `${w} W`);

export const count = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

export const instant = ([day, second]) => new Date(EPOCH_MS + day * DAY_MS + second * 1000);

export const later = (date, ms) => new Date(date.getTime() + ms);

const local = (options) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", ...options });
const CLOCK = local({ hour: TWO, minute: TWO, second: TWO });
const DATE = local({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const ZONE = local({ timeZoneName: "short" });
const PARTS = local({
  year: "numeric", month: TWO, day: TWO, hour: TWO, minute: TWO, second: TWO,
});

export const clock = (date) => CLOCK.format(date);

export function dateAndZone(date) {
  const zone = ZONE.formatToParts(date).find((part) => part.type === "timeZoneName").value;
  return `${DATE.format(date)}, ${zone}`;
}

// The local time as an input of type datetime-local writes it: 2026-11-20T15:30:00.
export function civil(date) {
  const part = Object.fromEntries(PARTS.formatToParts(date).map((p) => [p.type, p.value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

// The next time after `date` at which the local clock reads hh:mm.
export function next(date, hhmm) {
  const today = `${civil(date).slice(0, 10)}T${hhmm}:00`;
  if (today > civil(date)) return today;
  return `${civil(later(date, DAY_MS)).slice(0, 10)}T${hhmm}:00`;
}

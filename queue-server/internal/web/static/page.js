// What every page starts from: its texts, its paths, its elements, the server's clock.

const island = JSON.parse(document.getElementById("island").textContent);

export const lang = island.lang;
export const firstFrame = island.frame || null;
const plural = new Intl.PluralRules(lang);

export const $ = (id) => document.getElementById(id);

// text is the page's text of a key; Count also chooses the plural form. A missing
// key shows itself.
export function text(key, args = {}) {
  let found = island.texts[key];
  if (found && typeof found === "object") {
    found = found[plural.select(Number(args.Count) || 0)] || found.other;
  }
  if (found === undefined) return key;
  return found.replace(/{{\s*\.(\w+)\s*}}/g, (_, name) => (name in args ? String(args[name]) : ""));
}

export const hasText = (key) => key in island.texts;

// path fills a path of the wire: path("command", {office, counter, command}).
export function path(name, values = {}) {
  return island.paths[name].replace(/:(\w+)/g, (whole, key) => (key in values ? encodeURIComponent(values[key]) : whole));
}

// topic fills a topic, whose id is not escaped.
export function topic(name, values = {}) {
  return island.paths[name].replace(/:(\w+)/g, (whole, key) => (key in values ? values[key] : whole));
}

// inLanguage is an office's own text in the page's language, else Indonesian.
export const inLanguage = (names) => (names && (names[lang] || names.id)) || "";

// say sets an element's text, and touches it only where it changed, so that a
// screen reader is told once.
export function say(id, words) {
  const el = $(id);
  if (el.textContent !== words) el.textContent = words;
}

export function show(id, visible) {
  const el = $(id);
  if (el.hidden === visible) el.hidden = !visible;
}

// The server's clock. This machine's own may be wrong by hours, so only how far it
// moved is used. A frame's time is never ahead of the server's, and may be behind
// it (the frame is shared and kept): the latest reading wins.
let ahead = -Infinity; // ms from this page's steady clock to the server's wall clock
const steady = () => performance.now();

export function hearTime(instant) {
  const reading = new Date(instant).getTime() - steady();
  if (reading > ahead) ahead = reading;
}

// setTime is for an answer made just now: it may also set the clock back.
export function setTime(instant) {
  const reading = new Date(instant).getTime() - steady();
  if (reading > ahead || ahead - reading > 3000) ahead = reading;
}
export const now = () => new Date(ahead === -Infinity ? Date.now() : steady() + ahead);
hearTime(island.now);

const pad = (n) => String(n).padStart(2, "0");

// clockText writes an instant as the office does: "08.05 WITA", in English "08:05 WITA".
export function clockText(instant, place) {
  const parts = { hour: "00", minute: "00" };
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: place.time_zone };
  let made;
  try {
    made = new Intl.DateTimeFormat("en-GB", format);
  } catch (unknownZone) {
    made = new Intl.DateTimeFormat("en-GB", { ...format, timeZone: "UTC" });
  }
  for (const p of made.formatToParts(new Date(instant))) parts[p.type] = p.value;
  return `${parts.hour}${lang === "id" ? "." : ":"}${parts.minute} ${place.zone_name}`.trim();
}

// dateText writes a date like "2026-11-23" in words: "Senin, 23 November 2026", or
// short: "Sen, 23 Nov".
export function dateText(date, short = false) {
  const form = short ? { weekday: "short", day: "numeric", month: "short" } : { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat(lang === "id" ? "id-ID" : "en-GB", { ...form, timeZone: "UTC" }).format(at);
}

// instantOf is the instant at which the office's clocks show a date and an hour.
export function instantOf(date, hour, place) {
  const guess = new Date(`${date}T${hour}:00Z`);
  const parts = {};
  const format = { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric", hourCycle: "h23", timeZone: place.time_zone };
  for (const p of new Intl.DateTimeFormat("en-GB", format).formatToParts(guess)) parts[p.type] = p.value;
  const shown = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute);
  return new Date(2 * guess.getTime() - shown);
}

// spanText writes how long something took, in words; stopwatch in figures.
export function spanText(ms) {
  const minutes = Math.floor(Math.max(0, ms) / 60000);
  if (minutes < 1) return text("web.under_minute");
  if (minutes < 60) return text("web.minutes", { Count: minutes });
  const rest = minutes % 60;
  const hours = text("web.hours", { Count: Math.floor(minutes / 60) });
  return rest ? `${hours} ${text("web.minutes", { Count: rest })}` : hours;
}
export function stopwatch(ms) {
  const s = Math.floor(Math.max(0, ms) / 1000);
  const tail = `${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${tail}` : tail;
}

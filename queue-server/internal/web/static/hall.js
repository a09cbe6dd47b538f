// The hall as the frame of topic "office" says: draws it, decides nothing.

import { $, clockText, dateText, hasText, inLanguage, now, say, show, spanText, stopwatch, text } from "./page.js";
import { rows, set, spans } from "./rows.js";

const closedText = (code) => (hasText(`closed.${code}`) ? text(`closed.${code}`) : code);

// momentText is an hour of today, else with its date.
function momentText(instant, place) {
  const dayOf = (at) => new Intl.DateTimeFormat("en-CA", { timeZone: place.time_zone }).format(new Date(at));
  const hour = clockText(instant, place);
  return dayOf(instant) === dayOf(now()) ? hour : `${dateText(dayOf(instant), true)}, ${hour}`;
}

function drawDay(view) {
  const { day, clock, place } = view;
  say("day-date", day.date ? dateText(day.date) : text("supervisor.day_none"));
  say("day-state", text(day.open ? "supervisor.day_open" : "supervisor.day_closed"));
  $("day-state").dataset.open = day.open ? "yes" : "no";
  const parts = [];
  if (clock.plausible) parts.push(text("supervisor.clock_right"));
  else parts.push(text("supervisor.clock_wrong", { Wall: clock.wall ? momentText(clock.wall, place) : "?" }));
  if (!clock.plausible && clock.believed) parts.push(text("supervisor.clock_believed", { Time: momentText(clock.believed, place) }));
  say("clock-state", parts.join(". "));
  $("clock-state").classList.toggle("wrong", !clock.plausible);
  for (const what of ["taken", "served", "waiting"]) say(`${what}-total`, String(view[what]));
  show("office-closed", Boolean(view.closed));
  if (view.closed) {
    const opens = view.closed.opens_at ? `, ${text("supervisor.opens_at", { Time: momentText(view.closed.opens_at, place) })}` : "";
    say("office-closed", text("supervisor.office_closed", { Why: closedText(view.closed.code) }) + opens);
  }
}

function drawAlerts(view) {
  const rank = (a) => (a.level === "fault" ? 0 : 1);
  const alerts = (view.alerts || []).slice().sort((a, b) => rank(a) - rank(b)); // stable: else as the server says
  show("alerts-none", !alerts.length);
  rows(
    $("alert-list"),
    alerts,
    (a) => `${a.code} ${(a.args || {}).service || (a.args || {}).counter || ""}`,
    () => spans("li", "level", "text", "since"),
    (li, a) => {
      li.dataset.level = a.level;
      li.dataset.alert = a.code;
      set(li.children[0], text(a.level === "fault" ? "supervisor.level_fault" : "supervisor.level_warning"));
      set(li.children[1], alertText(a, view));
      set(li.children[2], a.since ? text("supervisor.since", { Time: momentText(a.since, view.place) }) : "");
    },
  );
}

// alertText names a service in the page's language.
function alertText(a, view) {
  const args = { ...a.args };
  const service = view.services.find((s) => s.id === args.service);
  if (service) args.name = inLanguage(service.name);
  return hasText(`alert.${a.code}`) ? text(`alert.${a.code}`, args) : a.code;
}

const standing = (c) => (!c.open ? "closed" : c.number ? "busy" : c.paused ? "paused" : "free");

function drawCounters(view) {
  const open = view.counters.filter((c) => c.open).length;
  say("counters-open", text("supervisor.counters_open", { Open: open, All: view.counters.length }));
  rows(
    $("counter-grid"),
    view.counters,
    (c) => c.counter.id,
    () => spans("li", "name", "state", "what", "since", "counts"),
    (li, c) => {
      const at = standing(c);
      li.dataset.counter = c.counter.id;
      li.dataset.state = at;
      const about = inLanguage(c.counter.name) || inLanguage(c.agency);
      set(li.children[0], text("counter.name", { Label: c.counter.label }));
      set(li.children[1], text(`supervisor.counter_${at}`));
      li.title = about;
      li.children[2].className = c.number ? "what number" : "what";
      set(li.children[2], c.number || about);
      set(li.children[3], c.since && c.number ? stopwatch(now() - new Date(c.since)) : "");
      set(li.children[4], text("supervisor.counter_counts", { Waiting: c.waiting, Served: c.served || 0 }));
    },
  );
}

// orderText says a service's rules in words.
export function orderText(order) {
  const turns = ["appointment", "priority", "regular"]
    .filter((c) => order && order[c] > 0)
    .map((c) => text("supervisor.order_turn", { Count: order[c], Class: text(`web.class_${c}`).toLowerCase() }));
  if (!turns.length) return text("supervisor.order_plain");
  const Round = turns.join(text("supervisor.order_then"));
  return order.bound > 0 ? text("supervisor.order_bound", { Round, Bound: order.bound }) : text("supervisor.order_ratio", { Round });
}

function makeService(force) {
  const tr = document.createElement("tr");
  const th = spans("th", "name", "agency", "rule");
  th.scope = "row";
  const cell = (look, ...inside) => {
    const td = spans("td", ...inside);
    td.className = look;
    return td;
  };
  const last = document.createElement("td");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.ask = "";
  button.addEventListener("click", () => force(tr.service));
  last.append(button);
  tr.append(th, cell("figure waiting"), cell("oldest"), cell("state", "closed", "opens", "alone"), cell("figure quota"), cell("figure open"), last);
  return tr;
}

function fillService(tr, s, view, agency, off) {
  const [th, waiting, oldest, state, quota, open, last] = tr.children;
  const name = inLanguage(s.name);
  tr.service = s;
  tr.dataset.service = s.id;
  tr.classList.toggle("nobody", !s.waiting);
  set(th.children[0], name);
  set(th.children[1], agency);
  set(th.children[2], orderText(s.order));
  set(waiting, String(s.waiting));
  set(oldest, s.waiting && s.oldest ? spanText(now() - new Date(s.oldest)) : "–");
  let words = text(s.forced ? "supervisor.state_forced" : "supervisor.state_open");
  if (s.closed) words = s.forced ? text("supervisor.forced_closed", { Why: closedText(s.closed.code) }) : closedText(s.closed.code);
  set(state.children[0], words);
  state.children[0].className = s.closed || s.forced ? "closed" : "";
  set(state.children[1], s.closed && s.closed.opens_at ? text("supervisor.opens_at", { Time: momentText(s.closed.opens_at, view.place) }) : "");
  set(state.children[2], s.waiting && !s.open ? text("supervisor.nobody_serves") : "");
  set(quota, s.quota ? `${s.taken || 0} / ${s.quota}` : String(s.taken || 0));
  set(open, String(s.open || 0));
  set(last.firstChild, text("supervisor.force"));
  last.firstChild.setAttribute("aria-label", `${text("supervisor.force")}: ${name}`);
  last.firstChild.disabled = off;
}

function drawServices({ view, agencies }, off, force) {
  const parts = $("find-service").value.toLowerCase().split(/\s+/).filter(Boolean);
  const busy = $("only-busy").checked;
  const found = view.services.filter((s) => {
    if (busy && !s.waiting && !s.closed && !s.forced) return false;
    const words = `${inLanguage(s.name)} ${agencies.get(s.agency) || ""}`.toLowerCase();
    return parts.every((p) => words.includes(p));
  });
  show("services-none", !found.length);
  rows(
    $("service-list"),
    found,
    (s) => s.id,
    () => makeService(force),
    (tr, s) => fillService(tr, s, view, agencies.get(s.agency) || "", off),
  );
}

// drawHall draws the view; off: nothing can be asked now. force(service) is pressed.
export function drawHall(state, off, force) {
  const { view } = state;
  drawDay(view);
  drawAlerts(view);
  drawCounters(view);
  drawServices(state, off, force);
  for (const id of ["open-day", "force-office"]) $(id).disabled = off;
  $("close-day").disabled = off || !view.day.open;
  document.title = `${view.alerts && view.alerts.length ? `(${view.alerts.length}) ` : ""}${text("supervisor.title")} · Antrean`;
}

// The counter at work: draws what the counter's frame says, decides nothing but
// which buttons make sense.

import { $, hasText, inLanguage, now, say, show, spanText, stopwatch, text } from "./page.js";
import { codeName, drawLists } from "./lists.js";
import { rows, set, spans } from "./rows.js";

const WITH_TICKET = ["park", "transfer", "add-service", "class"];
const ALWAYS = ["undo", "walk-in", "lists"];
const ALLOWED = {
  idle: ["call-next", "call", "pause", "close"],
  paused: ["pause", "close"],
  called: ["recall", "start", "no-show", ...WITH_TICKET],
  serving: ["finish", ...WITH_TICKET],
};
// The button that is made to stand out.
const USUAL = { idle: "call-next", paused: "pause", called: "start", serving: "finish" };

const doing = (view) => {
  if (view.current) return view.current.state === "serving" ? "serving" : "called";
  return view.paused ? "paused" : "idle";
};

const undoLeft = ({ undo }) => (undo ? Math.max(0, Math.ceil((new Date(undo.until) - now()) / 1000)) : 0);

// needs is what a command cannot do without, beside the counter's standing.
const NEEDS = {
  "call-next": (view) => view.day.open,
  call: (view) => view.day.open,
  "walk-in": (view) => view.day.open,
  park: (view) => (view.parkings || []).length > 0,
  pause: (view) => Boolean(view.paused) || (view.pauses || []).length > 0,
  transfer: (view) => (view.targets || []).length > 0,
  "add-service": (view) => (view.targets || []).length > 1,
  undo: (view) => undoLeft(view) > 0,
};

// usable says whether a press would make sense; the server decides whether it does.
export function usable(state, standing, name) {
  if (standing !== "mine" || !state.on || state.pending || state.awaited) return false;
  if (NEEDS[name] && !NEEDS[name](state.view)) return false;
  return ALWAYS.includes(name) || ALLOWED[doing(state.view)].includes(name);
}

const chip = (id, key, code) => {
  show(id, Boolean(code));
  say(id, code ? (hasText(key + code) ? text(key + code) : code) : "");
};

function stateText(view) {
  if (view.current) return text(`counter.state_${doing(view)}`);
  if (!view.day.open) return text("counter.state_no_day");
  if (view.paused) return text("counter.state_paused", { Why: codeName(view.pauses, view.paused) });
  return text(view.waiting ? "counter.state_idle" : "counter.state_empty");
}

function drawLost(standing, pending) {
  show("lost", standing !== "mine");
  if (standing === "mine") return;
  say("lost-title", text(`counter.${standing}_title`));
  say("lost-text", text(`counter.${standing}_text`));
  say("take-back", text(standing === "lost" ? "counter.take_back" : "counter.open_again"));
  $("take-back").disabled = Boolean(pending);
}

function drawWaiting(view) {
  say("waiting-total", String(view.waiting));
  rows(
    $("waiting-list"),
    view.services,
    (s) => s.id,
    () => spans("li", "name", "count", "since"),
    (row, s) => {
      row.dataset.service = s.id;
      set(row.children[0], inLanguage(s.name));
      set(row.children[1], String(s.waiting));
      set(row.children[2], s.waiting && s.since ? text("counter.longest", { Time: spanText(now() - new Date(s.since)) }) : text("counter.nobody"));
      row.classList.toggle("none", !s.waiting);
    },
  );
}

// drawUndo offers the last action back for the seconds that it has left.
function drawUndo(state, standing) {
  const { undo } = state.view;
  const left = standing === "mine" ? undoLeft(state.view) : 0;
  show("undo", left > 0);
  $("undo").disabled = !usable(state, standing, "undo");
  if (!left) return;
  const key = `counter.undo_${undo.action}`;
  say("undo-what", text(hasText(key) ? key : "counter.undo_called", { Number: undo.number || "" }));
  say("undo-left", text("counter.undo_left", { Count: left }));
}

export function drawDesk(state, standing) {
  const { view } = state;
  const at = doing(view);
  $("desk").dataset.state = standing === "mine" ? at : standing;
  drawLost(standing, state.pending);
  say("counter-name", text("counter.name", { Label: view.counter.label }));
  say("counter-services", inLanguage(view.counter.name));
  say("state-text", stateText(view));
  const t = view.current;
  say("current-number", t ? t.number.text : "–");
  $("current-number").classList.toggle("long", Boolean(t) && t.number.text.length > 6);
  $("current-number").parentElement.classList.toggle("empty", !t);
  say("current-service", t ? inLanguage(t.service_name) : "");
  const next = (t && t.next) || [];
  say("current-next", next.length ? text("counter.then", { Services: next.map(inLanguage).join(", ") }) : "");
  show("current-here", Boolean(t && t.here));
  chip("current-class", "web.class_", t && t.class);
  $("current-class").dataset.class = t ? t.class : "";
  chip("current-language", "web.spoken_", t && t.language);
  for (const button of document.querySelectorAll("[data-command]")) {
    const name = button.dataset.command;
    button.disabled = !usable(state, standing, name);
    button.classList.toggle("primary", standing === "mine" && USUAL[at] === name);
    button.classList.toggle("pending", state.pending === name);
  }
  $("close-counter").disabled = !usable(state, standing, "close");
  $("close-counter").title = t ? text("counter.close_first") : "";
  $("pause").title = t ? text("counter.pause_first") : "";
  say("pause-text", text(view.paused ? "counter.resume" : "counter.pause"));
  drawWaiting(view);
  say("served", String(view.served));
  say("last", view.last ? view.last.number.text : "–");
  document.title = `${t ? `${t.number.text} · ` : ""}${text("counter.name", { Label: view.counter.label })} · Antrean`;
  tickDesk(state, standing);
}

// tickDesk writes what changes with time alone.
export function tickDesk(state, standing) {
  const { view } = state;
  if (!view) return;
  drawUndo(state, standing);
  drawLists(view, !usable(state, standing, "lists"));
  const t = view.current;
  if (!t) {
    for (const id of ["waited", "calls", "serving-clock"]) say(id, "–");
    say("serving-label", text("counter.serving_clock"));
    return drawWaiting(view);
  }
  say("waited", spanText(new Date(t.called || now()) - new Date(t.taken)));
  say("calls", text("counter.times", { Count: t.calls }));
  const from = t.started || t.called;
  say("serving-label", text(t.started ? "counter.serving_clock" : "counter.since_call"));
  say("serving-clock", from ? stopwatch(now() - new Date(from)) : "–");
  drawWaiting(view);
}

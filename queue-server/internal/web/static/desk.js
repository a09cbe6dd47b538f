// The counter at work: draws what the counter's frame says, decides nothing but
// which buttons make sense.

import { $, hasText, inLanguage, now, say, show, spanText, stopwatch, text } from "./page.js";

const ALLOWED = {
  idle: ["call-next", "close"],
  called: ["recall", "start", "no-show"],
  serving: ["finish"],
};
const USUAL = { idle: "call-next", called: "start", serving: "finish" }; // the button that is made to stand out

const doing = (view) => (view.current ? (view.current.state === "serving" ? "serving" : "called") : "idle");

// usable says whether a press would make sense; the server decides whether it does.
export function usable(state, standing, name) {
  if (standing !== "mine" || !state.on || state.pending || state.awaited) return false;
  if (name === "call-next" && !state.view.day.open) return false;
  return ALLOWED[doing(state.view)].includes(name);
}

const chip = (id, key, code) => {
  show(id, Boolean(code));
  say(id, code ? (hasText(key + code) ? text(key + code) : code) : "");
};

function stateText(view) {
  if (view.current) return text(`counter.state_${doing(view)}`);
  if (!view.day.open) return text("counter.state_no_day");
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
  const list = $("waiting-list");
  const old = new Map([...list.children].map((el) => [el.dataset.service, el]));
  view.services.forEach((s, i) => {
    let row = old.get(s.id);
    old.delete(s.id);
    if (!row) {
      row = document.createElement("li");
      row.dataset.service = s.id;
      for (const look of ["name", "count", "since"]) {
        const span = document.createElement("span");
        span.className = look;
        row.append(span);
      }
    }
    const set = (el, words) => el.textContent !== words && (el.textContent = words);
    set(row.children[0], inLanguage(s.name));
    set(row.children[1], String(s.waiting));
    set(row.children[2], s.waiting && s.since ? text("counter.longest", { Time: spanText(now() - new Date(s.since)) }) : text("counter.nobody"));
    row.classList.toggle("none", !s.waiting);
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] || null);
  });
  for (const row of old.values()) row.remove();
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
  $("close-counter").title = at === "idle" ? "" : text("counter.close_first");
  drawWaiting(view);
  say("served", String(view.served));
  say("last", view.last ? view.last.number.text : "–");
  document.title = `${t ? `${t.number.text} · ` : ""}${text("counter.name", { Label: view.counter.label })} · Antrean`;
  tickDesk(state);
}

// tickDesk writes what changes with time alone.
export function tickDesk({ view }) {
  if (!view) return;
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

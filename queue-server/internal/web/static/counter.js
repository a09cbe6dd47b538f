// The officer's page. What it shows comes from frames alone, never from an answer:
// an answer only ends the waiting of a press.

import { $, inLanguage, now, path, say, show, text, topic, clockText } from "./page.js";
import { command, request, why } from "./ask.js";
import { askSession, logout, toLogin, toPassword } from "./account.js";
import { Line } from "./line.js";
import { askTakeOver, drawCounters } from "./chooser.js";
import { dropChoice } from "./choice.js";
import { drawDesk, tickDesk, usable } from "./desk.js";
import { flowsOf } from "./flows.js";
import { listenLists, openTab } from "./lists.js";
import { drawOffices } from "./offices.js";
import { listenKeys } from "./keys.js";

const SHOWN_WITHIN = 3000; // ms for which an answered press waits for its frame

const state = {
  session: null,
  offices: [],
  office: "",
  counter: "", // chosen, held or just lost; empty: the list is shown
  held: false, // this session has held the counter since it was chosen
  hall: null, // OfficeView
  view: null, // CounterView
  seq: 0, // up to which view is true
  on: false, // the line
  pending: "", // the command that is out
  awaited: 0, // the sequence that an answered press waits to see
  asking: "", // the ticket at the counter that a question is about
};
let line = null;

const panels = ["loading", "offices", "chooser", "desk"];
const panel = (name) => panels.forEach((p) => show(p, p === name));

const standing = () => {
  if (!state.view) return "loading";
  const mine = state.view.holder && state.view.holder.session === state.session.id;
  if (state.view.open && mine) return "mine";
  if (!state.held) return "loading";
  return state.view.open ? "lost" : "closed";
};

function draw() {
  const place = (state.view || state.hall || {}).place;
  if (place) {
    say("place", inLanguage(place.name));
    say("clock", clockText(now(), place));
  }
  if (state.hall) show("clock-wrong", !state.hall.clock.plausible);
  $("line-state").dataset.line = state.on ? "on" : "off";
  say("line-text", text(state.on ? "counter.line_on" : "counter.line_off"));
  show("line-down", !state.on);
  if (!state.office) return;
  const at = state.counter ? standing() : "choose";
  show("help-open", at === "mine");
  if (at === "loading" && !state.hall) return panel("loading");
  if (at === "choose" || at === "loading") {
    panel("chooser");
    return drawCounters(state, choose);
  }
  panel("desk");
  drawDesk(state, at);
}

function onFrame(frame) {
  if (frame.problem) {
    if (frame.problem.status === 401) return toLogin(true);
    if (frame.topic === counterTopic(state.counter)) goTo("");
    $("chooser-notice").textContent = why({ status: frame.problem.status, body: frame.problem });
    show("chooser-notice", true);
    return draw();
  }
  if (frame.topic === path("topic_office")) state.hall = frame.view;
  if (state.counter && frame.topic === counterTopic(state.counter)) {
    tellCancelled(frame.view);
    state.view = frame.view;
    state.seq = frame.seq;
    if (frame.seq >= state.awaited) state.awaited = 0;
    if (standing() === "mine") state.held = true;
    else dropChoice();
    if (state.asking && (!frame.view.current || frame.view.current.id !== state.asking)) dropChoice();
  }
  draw();
}

// tellCancelled says why a number has vanished: its visitor gave it up.
function tellCancelled({ current, last }) {
  const before = state.view && state.view.current;
  if (before && !current && last && last.id === before.id && last.state === "cancelled") {
    say("notice", text("counter.visitor_cancelled", { Number: last.number.text }));
  }
}

const counterTopic = (counter) => topic("topic_counter", { counter });

// goTo leaves one counter for another, or for the list where it is empty.
function goTo(counter, remember = true) {
  if (state.counter && state.counter !== counter && line) line.leave(counterTopic(state.counter));
  dropChoice();
  Object.assign(state, { counter, view: null, held: false, pending: "", awaited: 0, asking: "", seq: 0 });
  $("notice").textContent = "";
  if (counter && line) line.watch(counterTopic(counter));
  if (remember) {
    const q = new URLSearchParams();
    if (state.office) q.set("office", state.office);
    if (counter) q.set("counter", counter);
    history.pushState(null, "", `/counter?${q}`);
  }
  draw();
}

// choose opens a counter; one that another session holds only when the officer says so.
async function choose(counter, known) {
  if (state.pending) return;
  const holder = known && known.holder;
  let takeOver = false;
  if (holder && holder.session !== state.session.id) {
    takeOver = await askTakeOver(known);
    if (!takeOver) return;
  }
  show("chooser-notice", false);
  let answer = await sendAt(counter, "open", takeOver ? { take_over: true } : {});
  if (answer.status === 409 && !takeOver && answer.body && answer.body.code === "counter_held") {
    if (!(await askTakeOver(known))) return draw();
    answer = await sendAt(counter, "open", { take_over: true });
  }
  if (!answer.ok) {
    $("chooser-notice").textContent = why(answer);
    show("chooser-notice", true);
    return draw();
  }
  if (state.counter !== counter) goTo(counter);
}

// send asks for a command; until its answer no other is asked.
async function send(name, where, body, key) {
  state.pending = name;
  draw();
  const answer = await command(where, body, () => say("notice", text("counter.repeating")), key);
  state.pending = "";
  if (answer.status === 401) toLogin(true);
  if (answer.status === 403 && answer.body && answer.body.code === "password_must_change") toPassword();
  draw();
  return answer;
}

const sendAt = (counter, name, body) => send(name, path("command", { office: state.office, counter, command: name }), body);

// told is a command of the desk, with its refusal shown.
async function told(sending) {
  say("notice", "");
  const answer = await sending;
  say("notice", answer.ok ? "" : why(answer));
  return answer;
}

// at is a command of this counter: the desk rests until its frame is here.
async function at(name, body) {
  const answer = await told(sendAt(state.counter, name, body));
  if (answer.ok && answer.body && answer.body.seq > state.seq) {
    state.awaited = answer.body.seq;
    setTimeout(() => {
      state.awaited = 0;
      draw();
    }, SHOWN_WITHIN);
  }
  draw();
  return answer;
}

const flows = flowsOf({
  state,
  at,
  may: (name) => usable(state, standing(), name),
  about: (ticket, name, body) => told(send(name, path("ticket", { office: state.office, ticket, command: name }), body)),
  take: (where, body, key) => told(send("walk-in", where, body, key)),
  watch: (id) => {
    state.asking = id;
  },
});

// press is a button or a key of the desk. The ticket that was seen is named, so
// that a late press never ends another's service.
async function press(name) {
  if (!usable(state, standing(), name)) return;
  say("notice", "");
  if (flows[name]) return flows[name]();
  const seen = state.view.current;
  await at(name, name === "call-next" || !seen ? {} : { ticket: seen.id });
}

async function closeCounter() {
  if (!usable(state, standing(), "close")) return;
  const answer = await sendAt(state.counter, "close", {});
  if (answer.ok) return goTo("");
  say("notice", why(answer));
}

async function takeBack() {
  if (state.pending) return;
  const answer = await sendAt(state.counter, "open", { take_over: true });
  if (!answer.ok) say("notice", why(answer));
}

function enterOffice(office) {
  state.office = office;
  $("to-supervisor").href = `/supervisor?office=${encodeURIComponent(office)}`;
  line = new Line({
    path: path("socket", { office }),
    probe: path("view", { office, topic: path("topic_office") }),
    topics: [path("topic_office")],
    onFrame,
    onState: (on) => {
      state.on = on;
      draw();
    },
    onProbe: (answer) => answer.status === 401 && toLogin(true),
  });
  fromAddress();
  line.start();
}

// fromAddress makes the page what its address says: after a reload, and on "back".
function fromAddress() {
  goTo(new URLSearchParams(location.search).get("counter") || "", false);
}

async function start() {
  let answer;
  try {
    answer = await askSession();
  } catch (offline) {
    show("line-down", true);
    setTimeout(start, 2000 + Math.random() * 1000);
    return;
  }
  if (answer.status === 401) return toLogin(false);
  if (!answer.ok || !answer.body) {
    show("line-down", true);
    setTimeout(start, 2000 + Math.random() * 1000);
    return;
  }
  show("line-down", false);
  state.session = answer.body;
  if (state.session.must_change_password) return toPassword();
  say("who", state.session.name || state.session.user);
  show("to-supervisor", ["supervisor", "admin"].includes(state.session.role));
  show("line-unsafe", !state.session.line_safe);
  state.offices = state.session.offices || [];
  const asked = new URLSearchParams(location.search).get("office");
  if (state.offices.includes(asked)) return enterOffice(asked);
  if (state.offices.length === 1) return enterOffice(state.offices[0]);
  panel("offices");
  drawOffices(state.offices, officeNames, (office) => {
    enterOffice(office);
    goTo("");
  });
}

// officeNames reads what an office calls itself.
async function officeNames(office) {
  const answer = await request(path("view", { office, topic: path("topic_office") }));
  return answer.ok ? inLanguage(answer.body.view.place.name) : "";
}

for (const button of document.querySelectorAll("[data-command]")) {
  button.addEventListener("click", () => press(button.dataset.command));
}
$("close-counter").addEventListener("click", closeCounter);
$("take-back").addEventListener("click", takeBack);
$("choose-other").addEventListener("click", () => goTo(""));
$("logout").addEventListener("click", logout);
window.addEventListener("popstate", () => state.office && fromAddress());
listenLists((kind, ticket) => usable(state, standing(), "lists") && flows.listed(kind, ticket));
const KEYS = {
  N: "call-next", R: "recall", S: "start", F: "finish", X: "no-show",
  P: "park", T: "transfer", A: "add-service", C: "class", U: "undo", W: "walk-in", B: "pause",
};
const TAB_KEYS = { 1: "services", 2: "line", 3: "parked", 4: "missed" };
listenKeys({ ...KEYS, ...TAB_KEYS }, (name, key) => !$("desk").hidden && (TAB_KEYS[key] ? openTab(name) : press(name)));
setInterval(() => {
  const place = (state.view || state.hall || {}).place;
  if (place) say("clock", clockText(now(), place));
  if (!$("desk").hidden) tickDesk(state, standing());
}, 1000);
start();

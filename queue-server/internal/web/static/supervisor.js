// The supervisor's page. What it shows comes from frames alone, like the counter's.

import { $, clockText, inLanguage, now, path, say, show, text } from "./page.js";
import { command, request } from "./ask.js";
import { askSession, logout, toLogin, toPassword } from "./account.js";
import { drawHall } from "./hall.js";
import { Line } from "./line.js";
import { drawOffices } from "./offices.js";
import { ordersOf } from "./orders.js";
import { listenStory } from "./story.js";

const ROLES = ["supervisor", "admin"];
const state = {
  session: null,
  office: "",
  view: null, // OfficeView
  agencies: new Map(), // id -> name
  on: false, // the line
  pending: false, // a command is out
};

const panels = ["loading", "offices", "only", "hall"];
const panel = (name) => panels.forEach((p) => show(p, p === name));

const { force } = ordersOf({ state, send });
listenStory(state);

function draw() {
  $("line-state").dataset.line = state.on ? "on" : "off";
  say("line-text", text(state.on ? "counter.line_on" : "counter.line_off"));
  if (!state.office) return;
  show("line-down", !state.on);
  if (!state.view) return panel("loading");
  panel("hall");
  say("place", inLanguage(state.view.place.name));
  tick();
}

function tick() {
  if (!state.view) return;
  say("clock", clockText(now(), state.view.place));
  drawHall(state, !state.on || state.pending, force);
}

// send asks for a command; until its answer no other is asked.
async function send(where, body, tell) {
  state.pending = true;
  draw();
  const answer = await command(where, body, () => tell(text("counter.repeating")));
  state.pending = false;
  if (answer.status === 401) toLogin(true);
  draw();
  return answer;
}

function onFrame(frame) {
  if (frame.problem) {
    if (frame.problem.status === 401) return toLogin(true);
    say("notice", frame.problem.title);
    show("notice", true);
    return panel("hall");
  }
  if (frame.topic === path("topic_office")) state.view = frame.view;
  draw();
}

// nameAgencies reads what the agencies call themselves, which the hall's view leaves out.
async function nameAgencies() {
  try {
    const answer = await request(path("view", { office: state.office, topic: path("topic_kiosk") }));
    if (!answer.ok || !answer.body) return;
    state.agencies = new Map(answer.body.view.agencies.map((a) => [a.id, inLanguage(a.name)]));
    draw();
  } catch (offline) {
    // The next time that the line comes.
  }
}

function enterOffice(office) {
  state.office = office;
  history.replaceState(null, "", `/supervisor?office=${encodeURIComponent(office)}`);
  $("to-counter").href = `/counter?office=${encodeURIComponent(office)}`;
  draw();
  new Line({
    path: path("socket", { office }),
    probe: path("view", { office, topic: path("topic_office") }),
    topics: [path("topic_office")],
    onFrame,
    onState: (on) => {
      state.on = on;
      if (on) nameAgencies();
      draw();
    },
    onProbe: (answer) => answer.status === 401 && toLogin(true),
  }).start();
}

async function officeName(office) {
  const answer = await request(path("view", { office, topic: path("topic_office") }));
  return answer.ok ? inLanguage(answer.body.view.place.name) : "";
}

async function start() {
  let answer = null;
  try {
    answer = await askSession();
  } catch (offline) {
    answer = { ok: false };
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
  show("line-unsafe", !state.session.line_safe);
  if (!ROLES.includes(state.session.role)) return panel("only");
  const offices = state.session.offices || [];
  const asked = new URLSearchParams(location.search).get("office");
  if (asked) return enterOffice(asked);
  if (offices.length === 1) return enterOffice(offices[0]);
  panel("offices");
  drawOffices(offices, officeName, enterOffice);
}

$("logout").addEventListener("click", logout);
$("find-service").addEventListener("input", tick);
$("only-busy").addEventListener("change", tick);
setInterval(tick, 1000);
start();

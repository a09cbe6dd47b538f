// The visitor's phone: shows the ticket's newest frame, rings when it is called.

import { $, clockText, firstFrame, inLanguage, now, path, say, show, text } from "./page.js";
import { command, why } from "./ask.js";
import { Line } from "./line.js";
import { Bell } from "./bell.js";

const LAST_STATES = ["done", "no_show", "cancelled", "expired"];
const OFFLINE_AFTER = 4000; // ms: a short gap, as at every return from the background, is not worth a banner

let view = null;
let heard = null; // when the view was last known to be true
let rung = 0; // the call that was last rung for
let offlineTimer = 0;
const bell = new Bell();

const mayLeave = () => ["waiting", "called", "parked"].includes(view.state);
const over = () => LAST_STATES.includes(view.state);

function hint() {
  if (view.state === "waiting" && view.ahead === 0) return text("phone.hint_next");
  return text(`phone.hint_${view.state}`);
}

function title() {
  const label = view.counter ? view.counter.label : "";
  if (view.state === "waiting") return text("phone.title_waiting", { Number: view.number.text, Count: view.ahead });
  if (view.state === "called") return text("phone.title_called", { Number: view.number.text, Counter: label });
  return `${view.number.text}: ${text(`phone.state_${view.state}`)}`;
}

function draw() {
  document.body.dataset.state = view.state;
  $("state").setAttribute("aria-live", view.state === "called" ? "assertive" : "polite");
  document.title = title();
  say("place", inLanguage(view.place.name));
  say("number", view.number.text);
  $("number").dataset.length = view.number.text.length;
  say("service", inLanguage(view.service));
  say("agency", inLanguage(view.agency));
  say("state-text", text(`phone.state_${view.state}`));
  const atCounter = ["called", "serving"].includes(view.state) && Boolean(view.counter);
  show("counter-line", atCounter);
  say("counter", atCounter ? view.counter.label : "");
  say("counter-more", atCounter ? inLanguage(view.counter.name) : "");
  show("ahead-line", view.state === "waiting");
  say("ahead", String(view.ahead));
  say("ahead-text", text("phone.ahead", { Count: view.ahead }));
  say("state-hint", hint());
  say("taken", text("phone.taken", { Time: clockText(view.taken, view.place) }));
  show("bell", mayLeave());
  show("bell-hint", mayLeave() && bell.on);
  show("cancel", mayLeave() && $("cancel-sure").hidden);
  if (!mayLeave()) show("cancel-sure", false);
  drawTime();
}

function drawTime() {
  if (!heard) return;
  say("clock", text("phone.live", { Time: clockText(heard, view.place) }));
  say("updated", text("phone.updated", { Time: clockText(heard, view.place) }));
}

// ended loads the page that says what became of the link; never in a tight circle.
let leaving = 0;
function ended() {
  clearTimeout(leaving);
  leaving = setTimeout(() => location.reload(), 2000 + Math.random() * 3000);
}

function onFrame(frame) {
  if (frame.problem || !frame.view) return ended();
  const first = view === null;
  view = frame.view;
  heard = now();
  if (view.state === "called" && view.calls !== rung) {
    rung = view.calls;
    if (!first || bell.on) bell.ring();
  } else if (view.state !== "called") {
    bell.hush();
  }
  if (over()) bell.end();
  draw();
}

const line = new Line({
  path: path("socket"),
  probe: path("visit"),
  onFrame,
  onState: (on) => {
    clearTimeout(offlineTimer);
    if (on) show("offline", false);
    else offlineTimer = setTimeout(() => show("offline", !over()), OFFLINE_AFTER);
  },
  onProbe: (answer) => {
    if (answer.status === 404) return ended();
    if (answer.ok && !line.on) show("offline", false); // right by asking, where no socket gets through
  },
});

function sure(asked) {
  show("cancel-sure", asked);
  show("cancel", !asked && mayLeave());
  (asked ? $("cancel-no") : $("cancel")).focus();
}

async function cancel() {
  const buttons = [$("cancel-yes"), $("cancel-no")];
  for (const b of buttons) b.disabled = true;
  say("notice", text("phone.cancelling"));
  const answer = await command(path("cancel"), {});
  for (const b of buttons) b.disabled = false;
  say("notice", answer.ok ? "" : answer.unknown ? text("phone.cancel_unknown") : why(answer));
  if (answer.ok || answer.status === 409) line.renew(); // the frame tells what became of it
}

$("cancel").addEventListener("click", () => sure(true));
$("cancel-no").addEventListener("click", () => sure(false));
$("cancel-yes").addEventListener("click", cancel);
$("bell").addEventListener("click", () => {
  bell.toggle();
  $("bell").setAttribute("aria-pressed", String(bell.on));
  say("bell-text", text(bell.on ? "phone.bell_on" : "phone.bell_off"));
  show("bell-hint", bell.on);
});

onFrame(firstFrame);
line.start();

// A ticket's story by its number: what happened, and why it was called when it was.

import { $, clockText, dateText, path, say, show, text } from "./page.js";
import { request, why } from "./ask.js";

let asked = 0; // the newest question: an older one's answer is not shown

function line(l, place) {
  const li = document.createElement("li");
  const time = document.createElement("time");
  time.dateTime = l.at;
  time.textContent = clockText(l.at, place);
  const what = document.createElement("span");
  what.textContent = l.text;
  li.append(time, what);
  if (l.why) {
    const because = document.createElement("span");
    because.className = "why";
    because.textContent = l.why;
    li.append(because);
  }
  return li;
}

function fail(words) {
  say("story-error", words);
  show("story-error", Boolean(words));
}

async function find(state) {
  const number = $("story-number").value.trim().toUpperCase();
  if (!number) return $("story-number").focus();
  const mine = ++asked;
  const q = new URLSearchParams({ number });
  if ($("story-day").value) q.set("day", $("story-day").value);
  fail("");
  let answer;
  try {
    answer = await request(`${path("story", { office: state.office })}?${q}`);
  } catch (offline) {
    answer = { ok: false, unknown: true };
  }
  if (mine !== asked) return;
  const found = answer.ok && answer.body;
  show("story-of", Boolean(found));
  $("story-list").replaceChildren();
  if (!found) return fail(why(answer));
  say("story-of", text("supervisor.story_of", { Number: found.number, Date: dateText(found.day) }));
  $("story-list").replaceChildren(...found.sentences.map((l) => line(l, state.view.place)));
  if (!found.sentences.length) fail(text("supervisor.story_empty"));
}

export function listenStory(state) {
  $("story-form").addEventListener("submit", (e) => {
    e.preventDefault();
    if (state.view) find(state);
  });
}

// The list from which an officer chooses a counter.

import { $, inLanguage, say, show, text } from "./page.js";
import { tile } from "./offices.js";

const counterName = (counter) => text("counter.name", { Label: counter.label });

function status(c, session) {
  if (!c.open) return [text("counter.tile_closed"), "status"];
  if (c.holder && c.holder.session === session.id) return [text("counter.tile_mine"), "status mine"];
  return [text("counter.tile_held"), "status held"];
}

// drawCounters keeps the buttons that are there: one may be under a finger.
export function drawCounters(state, choose) {
  const list = $("counter-list");
  const counters = (state.hall && state.hall.counters) || [];
  show("chooser-lead", counters.length > 0);
  if (state.hall && !counters.length) {
    list.textContent = text("counter.no_counters");
    return;
  }
  const old = new Map([...list.children].map((el) => [el.dataset.counter, el]));
  counters.forEach((c, i) => {
    const made = tile("counter", c.counter.id, counterName(c.counter), [
      [inLanguage(c.counter.name) || inLanguage(c.agency), "what"],
      status(c, state.session),
      [text("counter.tile_waiting", { Count: c.waiting }), "count"],
    ]);
    let el = old.get(c.counter.id);
    old.delete(c.counter.id);
    if (!el) {
      el = made;
      el.addEventListener("click", () => choose(c.counter.id, el.known));
    } else if (el.innerHTML !== made.innerHTML) {
      el.replaceChildren(...made.childNodes);
    }
    el.known = c;
    el.disabled = !state.on || Boolean(state.pending);
    if (list.children[i] !== el) list.insertBefore(el, list.children[i] || null);
  });
  for (const el of old.values()) el.remove();
}

let answered = null; // tells whoever asked; null while nobody asks

function answerWith(yes) {
  const tell = answered;
  answered = null;
  if ($("take-over").open) $("take-over").close();
  if (tell) tell(yes);
}

// askTakeOver asks the officer; it resolves to true only for a plain yes.
export function askTakeOver(known) {
  answerWith(false);
  say("take-over-text", text("counter.take_over_text", { Counter: counterName(known.counter) }));
  $("take-over").showModal();
  return new Promise((tell) => {
    answered = tell;
  });
}
$("take-over-yes").addEventListener("click", () => answerWith(true));
$("take-over-no").addEventListener("click", () => answerWith(false));
// Escape. The event comes late: by then another question may be open.
$("take-over").addEventListener("close", () => !$("take-over").open && answerWith(false));

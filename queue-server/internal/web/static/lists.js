// The lists beside the desk: who waits by number, who is parked, who missed a call.
// A number is chosen by one press, and what to do with it by another.

import { $, hasText, inLanguage, now, say, show, spanText, text } from "./page.js";
import { rows, set, spans } from "./rows.js";

const TABS = ["services", "line", "parked", "missed"];
let pick = () => {};

export function openTab(name) {
  for (const tab of TABS) {
    $(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
    show(`list-${tab}`, tab === name);
  }
}

// listenLists tells choose(kind, ticket) which number was pressed in which list.
export function listenLists(choose) {
  pick = choose;
  for (const tab of TABS) $(`tab-${tab}`).addEventListener("click", () => openTab(tab));
}

const className = (t) => (t.class === "regular" ? "" : hasText(`web.class_${t.class}`) ? text(`web.class_${t.class}`) : t.class);

function makeRow(kind) {
  const li = document.createElement("li");
  const button = spans("button", "n", "what", "class", "more");
  button.type = "button";
  button.addEventListener("click", () => pick(kind, button.ticket));
  li.append(button);
  return li;
}

function drawList(kind, tickets, off, more) {
  show(`${kind}-none`, !tickets.length);
  show(`${kind}-list`, tickets.length > 0);
  rows(
    $(`${kind}-list`),
    tickets,
    (t) => t.id,
    () => makeRow(kind),
    (li, t) => {
      const button = li.firstChild;
      button.ticket = t;
      button.dataset.ticket = t.number.text;
      button.disabled = off;
      set(button.children[0], t.number.text);
      set(button.children[1], inLanguage(t.service_name));
      set(button.children[2], className(t));
      set(button.children[3], more(t));
    },
  );
}

// codeName is how the settings call a code.
export function codeName(codes, code) {
  const found = (codes || []).find((c) => c.code === code);
  return found ? inLanguage(found.name) || code : code;
}

export function drawLists(view, off) {
  const parked = view.parked || [];
  const missed = view.missed || [];
  say("parked-total", parked.length ? String(parked.length) : "");
  say("missed-total", missed.length ? String(missed.length) : "");
  drawList("line", view.line || [], off, (t) => text("counter.row_waited", { Time: spanText(now() - new Date(t.taken)) }));
  drawList("parked", parked, off, (t) => codeName(view.parkings, t.parking || ""));
  drawList("missed", missed, off, (t) => text("counter.row_missed", { Time: spanText(now() - new Date(t.ended || t.called || t.taken)) }));
}

// A question with a list of answers. Up to nine are chosen by a digit, more by
// typing a part of the name. Nothing is chosen by a held key.

import { $, say, show } from "./page.js";

const DIGITS = 9;
let tell = null; // whoever asked; null while nobody asks
let held = false; // the key that asked may still be down: its repeats are nothing

function end(value) {
  const answer = tell;
  tell = null;
  if ($("choice").open) $("choice").close();
  if (answer) answer(value);
}

// dropChoice takes the question back: what it was about is no longer so.
export const dropChoice = () => end(undefined);

const shown = () => [...$("choice-list").querySelectorAll("button")].filter((b) => !b.hidden && !b.disabled);

function option(o, digit) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "option";
  button.disabled = Boolean(o.disabled);
  button.dataset.value = o.name || "";
  button.dataset.words = `${o.label} ${o.hint || ""} ${o.group || ""}`.toLowerCase();
  const kbd = document.createElement("kbd");
  kbd.textContent = digit;
  kbd.hidden = !digit;
  const label = document.createElement("span");
  label.className = "name";
  label.textContent = o.label;
  const hint = document.createElement("span");
  hint.className = "hint";
  hint.textContent = o.hint || "";
  button.append(kbd, label, hint);
  button.addEventListener("click", () => end(o.value));
  return button;
}

function filter() {
  const parts = $("choice-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let head = null;
  let any = false;
  const close = () => head && (head.hidden = !any);
  for (const el of $("choice-list").children) {
    if (el.tagName === "H3") {
      close();
      head = el;
      any = false;
      continue;
    }
    el.hidden = !parts.every((p) => el.dataset.words.includes(p));
    any = any || !el.hidden;
  }
  close();
  show("choice-none", !shown().length);
}

// choose asks; it resolves to the value of the chosen option, or to undefined.
// options: {value, label, hint, group, disabled, name}; name marks it for tests.
export function choose({ title, lead = "", options }) {
  end(undefined);
  const many = options.length > DIGITS;
  say("choice-title", title);
  say("choice-lead", lead);
  show("choice-lead", Boolean(lead));
  show("choice-find", many);
  $("choice-search").value = "";
  const list = $("choice-list");
  list.replaceChildren();
  let group = "";
  options.forEach((o, i) => {
    if (o.group && o.group !== group) {
      group = o.group;
      const head = document.createElement("h3");
      head.textContent = group;
      list.append(head);
    }
    list.append(option(o, many ? "" : String(i + 1)));
  });
  filter();
  held = true;
  $("choice").showModal();
  list.scrollTop = 0;
  if (many) $("choice-search").focus();
  else if (shown()[0]) shown()[0].focus();
  return new Promise((answer) => {
    tell = answer;
  });
}

function step(by) {
  const all = shown();
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (next) next.focus();
}

$("choice-search").addEventListener("input", filter);
$("choice-cancel").addEventListener("click", () => end(undefined));
$("choice").addEventListener("close", () => !$("choice").open && end(undefined)); // Escape
$("choice").addEventListener("keyup", () => (held = false));
$("choice").addEventListener("keydown", (e) => {
  if (held && e.repeat) return e.preventDefault();
  held = false;
  if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing) return;
  const typing = e.target === $("choice-search");
  if (e.repeat && (e.key === "Enter" || (e.key === " " && !typing))) return e.preventDefault();
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    return step(e.key === "ArrowDown" ? 1 : -1);
  }
  if (typing) {
    if (e.key !== "Enter") return;
    e.preventDefault();
    const all = shown();
    if (all.length === 1) all[0].click();
    else if (all[0]) all[0].focus(); // several fit: which one is for the officer to say
    return;
  }
  if (e.repeat || !$("choice-find").hidden || !/^[1-9]$/.test(e.key)) return;
  e.preventDefault();
  const chosen = $("choice-list").querySelectorAll("button")[Number(e.key) - 1];
  if (chosen && !chosen.disabled) chosen.click();
});

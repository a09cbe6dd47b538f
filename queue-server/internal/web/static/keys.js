// Single keys of the counter. Never on repeat, never with a modifier, never while
// something is typed or asked; they can be switched off (WCAG 2.1.4).

import { $ } from "./page.js";

const KEPT = "antrean.keys";

function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch (forbidden) {
    return true; // a browser that keeps nothing: on, as at the first visit
  }
}
function remember(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch (forbidden) {
    // It holds for this page, then.
  }
}

export function listenKeys(keys, press) {
  let on = remembered();
  const mark = () => document.body.classList.toggle("no-keys", !on);
  $("keys-on").checked = on;
  mark();
  $("keys-on").addEventListener("change", () => {
    on = $("keys-on").checked;
    remember(on);
    mark();
  });
  const help = () => !$("help").open && $("help").showModal();
  $("help-open").addEventListener("click", help);
  $("help-close").addEventListener("click", () => $("help").close());
  document.addEventListener("keydown", (e) => {
    if (e.repeat || e.ctrlKey || e.altKey || e.metaKey || e.isComposing) return;
    if (document.querySelector("dialog[open]") || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    if (e.key === "?" && !$("help-open").hidden) {
      e.preventDefault();
      return help();
    }
    const name = on && keys[e.key.toUpperCase()];
    if (!name) return;
    e.preventDefault();
    press(name, e.key.toUpperCase());
  });
}

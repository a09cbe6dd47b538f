// The list of offices, for an account that has several; and its tiles.

import { $, text } from "./page.js";

export function tile(kind, id, head, lines) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tile";
  button.dataset[kind] = id;
  const strong = document.createElement("strong");
  strong.textContent = head;
  button.append(strong);
  for (const [words, look] of lines) {
    if (!words) continue;
    const span = document.createElement("span");
    span.textContent = words;
    span.className = look;
    button.append(span);
  }
  return button;
}

export function drawOffices(offices, nameOf, choose) {
  const list = $("office-list");
  list.replaceChildren();
  if (!offices.length) list.textContent = text("counter.no_office");
  for (const office of offices) {
    const button = tile("office", office, office, []);
    button.addEventListener("click", () => choose(office));
    list.append(button);
    nameOf(office).then(
      (name) => name && (button.firstChild.textContent = name),
      () => {}, // its id stays: the office can be chosen without its name
    );
  }
}

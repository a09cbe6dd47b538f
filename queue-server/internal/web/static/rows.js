// A list whose rows stay the same elements while their content changes: one may be
// under a finger, or have the focus.

// rows makes list show items in their order. key(item) names a row, make() builds an
// empty one, fill(row, item) writes it.
export function rows(list, items, key, make, fill) {
  const old = new Map([...list.children].map((el) => [el.dataset.key, el]));
  items.forEach((item, i) => {
    const id = key(item);
    let row = old.get(id);
    old.delete(id);
    if (!row) {
      row = make(item);
      row.dataset.key = id;
    }
    fill(row, item);
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] || null);
  });
  for (const row of old.values()) row.remove();
}

// set writes an element's text where it changed.
export function set(el, words) {
  if (el.textContent !== words) el.textContent = words;
}

// spans is an element with one empty span for each look.
export function spans(tag, ...looks) {
  const el = document.createElement(tag);
  for (const look of looks) {
    const span = document.createElement("span");
    span.className = look;
    el.append(span);
  }
  return el;
}

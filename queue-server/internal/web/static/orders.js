// What a supervisor asks for: the day opened or closed, a service or the office
// opened or closed against its hours. Each is confirmed in a dialog of its own, which
// stays until the server has answered and shows a refusal where the person looks.

import { $, dateText, hasText, inLanguage, instantOf, now, path, say, show, text } from "./page.js";
import { why } from "./ask.js";

const REASONS = ["closed_by_hand", "break", "friday_prayer", "holiday", "system_down", "emergency"];
const MINUTES = [30, 60, 120, 240];
const dayOf = (at, place) => new Intl.DateTimeFormat("en-CA", { timeZone: place.time_zone }).format(at);

// ordersOf wires the dialogs. desk: state, send(path, body).
export function ordersOf({ state, send }) {
  let about = null; // the service that is forced; null: the office

  const fail = (dialog, words) => {
    say(`${dialog}-error`, words);
    show(`${dialog}-error`, Boolean(words));
  };

  // ask sends what a dialog is about, and closes it once it is done.
  async function ask(dialog, where, body) {
    const button = $(`${dialog}-yes`);
    if (button.disabled) return;
    fail(dialog, "");
    button.disabled = true;
    const answer = await send(where, body, (words) => fail(dialog, words));
    button.disabled = false;
    if (answer.ok) $(`${dialog}-ask`).close();
    else fail(dialog, why(answer));
  }

  // The next day: its date is read out in words, and confirmed.
  const sure = () => {
    const date = $("open-day-date").value;
    say("open-day-words", text("supervisor.open_day_sure", { Date: date ? dateText(date) : "–" }));
    $("open-day-sure").disabled = !date;
    $("open-day-yes").disabled = !date || !$("open-day-sure").checked;
  };
  $("open-day").addEventListener("click", () => {
    $("open-day-date").value = state.view.clock.next_date || (state.view.clock.plausible ? dayOf(now(), state.view.place) : "");
    $("open-day-sure").checked = false;
    fail("open-day", "");
    sure();
    $("open-day-ask").showModal();
  });
  $("open-day-date").addEventListener("input", () => {
    $("open-day-sure").checked = false; // another date is another question
    sure();
  });
  $("open-day-sure").addEventListener("change", sure);
  $("open-day-yes").addEventListener("click", () =>
    ask("open-day", path("day", { office: state.office, command: "open" }), { date: $("open-day-date").value }));

  $("close-day").addEventListener("click", () => {
    say("close-day-title", text("supervisor.close_day_title", { Date: dateText(state.view.day.date) }));
    say("close-day-text", text("supervisor.close_day_text", { Count: state.view.waiting }));
    fail("close-day", "");
    $("close-day-ask").showModal();
  });
  $("close-day-yes").addEventListener("click", () => ask("close-day", path("day", { office: state.office, command: "close" }), {}));

  const fill = (select, options) => {
    select.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
  };
  const how = () => document.querySelector('[name="force"]:checked').value;
  const fields = () => {
    show("force-reason-field", how() === "close");
    show("force-until-field", how() !== "lift");
    show("force-time-field", how() !== "lift" && $("force-until").value === "clock");
  };
  function force(service) {
    about = service;
    const name = service ? inLanguage(service.name) : inLanguage(state.view.place.name);
    say("force-title", text("supervisor.force_title", { Name: name }));
    fill($("force-reason"), REASONS.map((r) => [r, hasText(`closed.${r}`) ? text(`closed.${r}`) : r]));
    fill($("force-until"), [
      ["", text("supervisor.until_lifted")],
      ...MINUTES.map((m) => [String(m), text("supervisor.until_minutes", { Count: m })]),
      ["clock", text("supervisor.until_clock")],
    ]);
    const forced = service ? service.forced : (state.view.alerts || []).some((a) => a.code.startsWith("office_forced_"));
    $(forced ? "force-lift" : service && service.closed ? "force-open" : "force-close").checked = true;
    $("force-lift").disabled = !forced;
    fail("force", "");
    fields();
    $("force-ask").showModal();
  }
  $("force-office").addEventListener("click", () => force(null));
  $("force-ask").addEventListener("change", fields);

  // until is when the forcing ends; null: not before it is lifted.
  function until() {
    const chosen = $("force-until").value;
    if (!chosen) return null;
    if (chosen !== "clock") return new Date(now().getTime() + Number(chosen) * 60000);
    const hour = $("force-time").value;
    if (!hour) return undefined;
    const at = instantOf(dayOf(now(), state.view.place), hour, state.view.place);
    return at > now() ? at : new Date(at.getTime() + 24 * 3600000); // that hour has passed: tomorrow's
  }
  $("force-yes").addEventListener("click", () => {
    const body = about ? { service: about.id } : {};
    const end = how() === "lift" ? null : until();
    if (end === undefined) return fail("force", text("supervisor.force_time_missing"));
    if (how() === "lift") body.lift = true;
    else if (how() === "open") body.open = true;
    else body.reason = $("force-reason").value;
    if (end) body.until = end.toISOString();
    ask("force", path("force", { office: state.office }), body);
  });

  // Enter must not confirm what was only being looked at, nor a held key anything.
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("keydown", (e) => {
      const field = e.key === "Enter" && e.target.tagName !== "BUTTON";
      if (field || (e.repeat && (e.key === "Enter" || e.key === " "))) e.preventDefault();
    });
  }
  return { force };
}

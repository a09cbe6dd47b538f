// The commands that need an answer first: a reason, an outcome, a service, a
// counter. One key asks, one choice does it. The ticket that was seen when the
// question came is the one that is named, whatever has happened since.

import { $, hasText, inLanguage, now, path, say, show, text } from "./page.js";
import { newTicketID } from "./ask.js";
import { choose } from "./choice.js";
import { codeName } from "./lists.js";

const options = (codes) => codes.map((c) => ({ value: c.code, name: c.code, label: inLanguage(c.name) || c.code }));
const classText = (c) => (hasText(`web.class_${c}`) ? text(`web.class_${c}`) : c);
const CLASSES = ["regular", "priority"];

// desk is the counter page: state, may(name), at(command, body), about(ticket,
// command, body), take(path, body, key) and watch(id), which takes the question back
// once another ticket is at the counter.
export function flowsOf(desk) {
  const { state } = desk;
  const here = () => state.view.current;
  const number = () => ({ Number: here().number.text });

  // asked puts a question about the ticket at the counter.
  async function asked(name, question) {
    const seen = here();
    desk.watch(seen.id);
    const value = await choose(question);
    desk.watch("");
    return value !== undefined && desk.may(name) ? { ticket: seen.id, value } : null;
  }

  async function finish() {
    const outcomes = state.view.outcomes || [];
    if (!outcomes.length) return desk.at("finish", { ticket: here().id });
    const got = await asked("finish", { title: text("counter.ask_finish", number()), options: options(outcomes) });
    return got && desk.at("finish", { ticket: got.ticket, outcome: got.value });
  }

  async function park() {
    const got = await asked("park", { title: text("counter.ask_park", number()), options: options(state.view.parkings) });
    return got && desk.at("park", { ticket: got.ticket, reason: got.value });
  }

  const byService = (targets, hint) =>
    targets.map((t) => ({ value: t, name: t.service, label: inLanguage(t.name), group: inLanguage(t.agency), hint: hint(t) }));

  // transfer asks for the service, then for any counter or one that serves it.
  async function transfer() {
    const was = here();
    const mine = state.counter;
    const open = new Set(((state.hall && state.hall.counters) || []).filter((c) => c.open).map((c) => c.counter.id));
    const others = (t) => t.counters.filter((c) => c.id !== mine && open.has(c.id)); // a closed counter takes nobody
    const targets = state.view.targets.filter((t) => t.service !== was.service || others(t).length);
    const hint = (t) => (t.service === was.service ? text("counter.same_service") : "");
    const first = await asked("transfer", { title: text("counter.ask_transfer", number()), options: byService(targets, hint) });
    if (!first) return null;
    const target = first.value;
    const counters = others(target).map((c) => ({
      value: c.id, name: c.id, label: text("counter.name", { Label: c.label }), hint: inLanguage(c.name),
    }));
    if (target.service !== was.service) counters.unshift({ value: "", name: "any", label: text("counter.any_counter") });
    let to = "";
    if (counters.length > 1 || target.service === was.service) {
      const second = await asked("transfer", {
        title: text("counter.ask_transfer_to", number()), lead: inLanguage(target.name), options: counters,
      });
      if (!second || second.ticket !== first.ticket) return null;
      to = second.value;
    }
    return desk.at("transfer", { ticket: first.ticket, service: target.service, ...(to ? { counter: to } : {}) });
  }

  async function addService() {
    const targets = state.view.targets.filter((t) => t.service !== here().service);
    const got = await asked("add-service", {
      title: text("counter.ask_add", number()), lead: text("counter.ask_add_lead"), options: byService(targets, () => ""),
    });
    return got && desk.at("add-service", { ticket: got.ticket, service: got.value.service });
  }

  const classes = (t) => CLASSES.map((c) => ({
    value: c, name: c, label: classText(c), disabled: c === t.class, hint: c === t.class ? text("counter.class_now") : "",
  }));

  async function changeClass() {
    const got = await asked("class", { title: text("counter.ask_class", number()), options: classes(here()) });
    return got && desk.about(got.ticket, "class", { class: got.value });
  }

  async function pause() {
    if (state.view.paused) return desk.at("resume", {});
    const reason = await choose({ title: text("counter.ask_pause"), options: options(state.view.pauses) });
    return reason !== undefined && desk.may("pause") ? desk.at("pause", { reason }) : null;
  }

  const undo = () => desk.at("undo", { seq: state.view.undo.seq });

  // listed is a number that was pressed in a list.
  async function listed(kind, t) {
    const call = {
      value: "call", name: "call", label: text("counter.do_call"), disabled: !desk.may("call"),
      hint: state.view.paused ? text("counter.do_call_paused") : here() ? text("counter.do_call_busy") : "",
    };
    const back = { value: "back", name: "back", label: text(kind === "missed" ? "counter.do_return" : "counter.do_unpark") };
    const others = CLASSES.filter((c) => c !== t.class).map((c) => ({
      value: `class ${c}`, name: `class-${c}`, label: text("counter.do_class", { Class: classText(c) }),
    }));
    const what = await choose({
      title: text(`counter.ask_${kind}`, { Number: t.number.text }),
      lead: [inLanguage(t.service_name), kind === "parked" ? codeName(state.view.parkings, t.parking || "") : ""].filter(Boolean).join(" · "),
      options: { line: [call, ...others], parked: [call, back], missed: [back, call] }[kind],
    });
    if (what === undefined || !desk.may("lists")) return null;
    if (what === "call") return desk.may("call") ? desk.at("call", { ticket: t.id }) : null;
    if (what === "back") return desk.about(t.id, kind === "missed" ? "return" : "unpark", { counter: state.counter });
    return desk.about(t.id, "class", { class: what.split(" ")[1] });
  }

  // walkIn gives a number to somebody who stands at the desk. Its id is made once, so
  // that repeating the request is the same ticket.
  async function walkIn() {
    const service = await choose({ title: text("counter.ask_walk_in"), options: desksServices(state) });
    if (service === undefined || !desk.may("walk-in")) return;
    const of = await choose({
      title: text("counter.ask_walk_in_class"), lead: service.label,
      options: CLASSES.map((c) => ({ value: c, name: c, label: classText(c) })),
    });
    if (of === undefined || !desk.may("walk-in")) return;
    const id = newTicketID(now());
    const answer = await desk.take(path("tickets", { office: state.office }), { id, service: service.id, class: of }, id);
    if (!answer.ok) return;
    say("taken-number", answer.body.number.text);
    say("taken-service", `${service.label} · ${classText(answer.body.class)}`);
    say("taken-ahead", text("web.people_ahead", { Count: answer.body.ahead }));
    show("taken-call", service.mine);
    $("taken").dataset.ticket = id;
    $("taken-call").disabled = !desk.may("call");
    if (!document.querySelector("dialog[open]")) $("taken").showModal();
  }
  $("taken-close").addEventListener("click", () => $("taken").close());
  $("taken-call").addEventListener("click", () => {
    $("taken").close();
    if (desk.may("call")) desk.at("call", { ticket: $("taken").dataset.ticket });
  });
  $("taken").addEventListener("keydown", (e) => e.repeat && e.preventDefault());

  return { finish, park, transfer, "add-service": addService, class: changeClass, pause, undo, "walk-in": walkIn, listed };
}

// desksServices are the services for a new number: the counter's own first.
function desksServices({ view, hall }) {
  const agencies = new Map((view.targets || []).map((t) => [t.service, inLanguage(t.agency)]));
  const own = new Set(view.services.map((s) => s.id));
  const all = ((hall && hall.services) || view.services).slice();
  all.sort((a, b) => Number(own.has(b.id)) - Number(own.has(a.id))); // stable: else the office's order
  return all.map((s) => {
    const label = inLanguage(s.name);
    const shut = s.closed && s.closed.code !== "quota_reached"; // the desk may have places of its own
    return {
      value: { id: s.id, label, mine: own.has(s.id) }, name: s.id, label, disabled: Boolean(shut),
      group: own.has(s.id) ? text("counter.tab_own") : agencies.get(s.id) || "",
      hint: s.closed ? (hasText(`closed.${s.closed.code}`) ? text(`closed.${s.closed.code}`) : s.closed.code) : "",
    };
  });
}

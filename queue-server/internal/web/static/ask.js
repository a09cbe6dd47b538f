// Commands over HTTP. A command keeps its key until the server has answered, so
// that asking again can never call a second number.

import { lang, text, hasText } from "./page.js";

const PATIENCE = 60000; // ms for which an unanswered command is repeated
const ONE_TRY = 10000; // ms that one try may take

// newKey is a UUID of version 4. crypto.randomUUID is missing over plain http.
export function newKey() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  return asUUID(b);
}

// newTicketID is a UUID of version 7: the asker makes it, so that asking twice is one ticket.
export function newTicketID(now) {
  const b = crypto.getRandomValues(new Uint8Array(16));
  let ms = now.getTime();
  for (let i = 5; i >= 0; i--) {
    b[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  return asUUID(b);
}

function asUUID(b) {
  const h = Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

// request is fetch with a limit on its time. It throws where there is no answer.
export async function request(path, options = {}, limit = ONE_TRY) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  try {
    const res = await fetch(path, {
      cache: "no-store",
      credentials: "same-origin",
      ...options,
      headers: { Accept: "application/json", "Accept-Language": lang, ...options.headers },
      signal: stop.signal,
    });
    const raw = await res.text();
    let body = null;
    try {
      body = raw ? JSON.parse(raw) : null;
    } catch (notJSON) {
      body = null; // a proxy's page: the status tells enough
    }
    return { ok: res.ok, status: res.status, body };
  } finally {
    clearTimeout(timer);
  }
}

const postOptions = (body, headers) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
});

// post sends once, for what has no key: log-in, log-out, password.
export const post = (path, body) => request(path, postOptions(body));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// command sends until it is answered, with one key: after a broken connection and
// after 502, 503 and 504, whose outcome is unknown. It resolves to the answer, or
// to {unknown: true} when patience ends; repeating() is called before each repeat.
export async function command(path, body, repeating = () => {}, key = newKey()) {
  const options = postOptions(body, { "Idempotency-Key": key });
  const end = performance.now() + PATIENCE;
  for (let wait = 400; ; wait = Math.min(wait * 2, 5000)) {
    try {
      const answer = await request(path, options);
      if (![502, 503, 504].includes(answer.status)) return answer;
    } catch (noAnswer) {
      // The command may have arrived: the same key asks what became of it.
    }
    if (performance.now() > end) return { ok: false, unknown: true, status: 0, body: null };
    repeating();
    await pause(wait * (0.5 + Math.random() / 2));
  }
}

// why is what a person reads of an answer that says no.
export function why(answer) {
  if (answer.unknown) return text("web.no_answer");
  const problem = answer.body || {};
  if (problem.title && problem.title !== problem.code && answer.status < 500) return problem.title;
  if (problem.code && hasText(`refusal.${problem.code}`)) return text(`refusal.${problem.code}`, problem.args || {});
  return text(answer.status >= 500 ? "web.fault" : "web.refused");
}

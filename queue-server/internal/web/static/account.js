// What the pages of an account share: who is logged in, where to go next.

import { $, path, show, text } from "./page.js";
import { post, request } from "./ask.js";

// nextPage is where a log-in leads: a page of this server, never elsewhere.
export function nextPage() {
  const next = new URLSearchParams(location.search).get("next") || "";
  return /^\/(counter|supervisor)(\?[^#\\]*)?$/.test(next) ? next : "/counter";
}

const here = () => encodeURIComponent(location.pathname + location.search);

// toLogin leaves for the log-in, which comes back to this page.
export function toLogin(ended) {
  location.replace(`/login?next=${here()}${ended ? "&ended=1" : ""}`);
}

export function toPassword() {
  location.replace(`/password?next=${encodeURIComponent(location.pathname === "/login" ? nextPage() : location.pathname + location.search)}`);
}

export const askSession = () => request(path("session"));

export async function logout() {
  try {
    await post(path("logout"), {});
  } catch (offline) {
    // The session's cookie stays; the log-in page tells whether the server is there.
  }
  location.assign("/login");
}

// fail writes a refusal where the person looks, and brings a screen reader there.
export function fail(words) {
  $("error").textContent = words;
  show("error", Boolean(words));
}

// busy turns a form's button off while its question is out.
export function busy(button, words) {
  const was = button.textContent;
  button.disabled = true;
  button.textContent = text(words);
  return () => {
    button.disabled = false;
    button.textContent = was;
  };
}

export function showPasswords(box, fields) {
  box.addEventListener("change", () => {
    for (const f of fields) f.type = box.checked ? "text" : "password";
  });
}

import { $, path, show, text } from "./page.js";
import { post, why } from "./ask.js";
import { askSession, busy, fail, nextPage, showPasswords, toPassword } from "./account.js";

if (new URLSearchParams(location.search).has("ended")) {
  $("why").textContent = text("login.ended");
  show("why", true);
}
// Beyond loopback, plain http shows the password to the network.
const loopback = /^(localhost|127\.[0-9.]+|\[::1\])$/.test(location.hostname);
show("line-unsafe", location.protocol !== "https:" && !loopback);
showPasswords($("show"), [$("password")]);

function enter(session) {
  if (session && session.must_change_password) toPassword();
  else location.replace(nextPage());
}

$("form").addEventListener("submit", async (e) => {
  e.preventDefault();
  if ($("login").disabled) return;
  const user = $("user").value.trim();
  const password = $("password").value;
  if (!user || !password) {
    fail(text("login.fill_in"));
    (user ? $("password") : $("user")).focus();
    return;
  }
  fail("");
  const free = busy($("login"), "login.entering");
  try {
    const answer = await post(path("login"), { user, password });
    if (answer.ok) return enter(answer.body);
    fail(why(answer));
    $("password").select();
  } catch (offline) {
    fail(text("login.offline"));
  }
  free();
});

askSession().then(
  (answer) => answer.ok && enter(answer.body),
  () => fail(text("login.offline")),
);

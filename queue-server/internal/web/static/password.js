import { $, path, show, text } from "./page.js";
import { post, why } from "./ask.js";
import { askSession, busy, fail, logout, nextPage, showPasswords, toLogin } from "./account.js";

const LEAST = 10; // characters

showPasswords($("show"), [$("old"), $("new"), $("again")]);
$("logout").addEventListener("click", logout);

function fault() {
  const [old, fresh, again] = ["old", "new", "again"].map((id) => $(id).value);
  if ([...fresh].length < LEAST) return ["login.too_short", "new"];
  if (fresh !== again) return ["login.not_same", "again"];
  if (fresh === old) return ["login.same_as_old", "new"];
  return null;
}

$("form").addEventListener("submit", async (e) => {
  e.preventDefault();
  if ($("save").disabled) return;
  const found = fault();
  if (found) {
    fail(text(found[0]));
    $(found[1]).focus();
    return;
  }
  fail("");
  const free = busy($("save"), "login.saving");
  try {
    const answer = await post(path("password"), { old: $("old").value, new: $("new").value });
    if (answer.ok) return location.replace(nextPage());
    fail(why(answer));
  } catch (offline) {
    fail(text("login.offline"));
  }
  free();
});

askSession().then(
  (answer) => {
    if (answer.status === 401) return toLogin(false);
    if (!answer.ok || !answer.body) return fail(why(answer));
    $("user").value = answer.body.user;
    show("lead", answer.body.must_change_password);
  },
  () => fail(text("login.offline")),
);

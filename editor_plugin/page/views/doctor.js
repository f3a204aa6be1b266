// The checks of the installation, as on the command line.

import { ask } from "../api/calls.js";
import { button, fill, make, setText } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { say } from "../elements/say.js";
import { T } from "../texts.js";

/** The part of the view with the checks. */
export function doctor() {
  const problem = problemPlace();
  const list = make("ul", { class: "checks" });
  const said = make("span", { class: "quiet", role: "status" });
  let report = "";
  const run = button(T.settings.run, check, { icon: icon("done") });
  const copy = button(T.settings.copy, async () => {
    await problem.trying(() => navigator.clipboard.writeText(report));
    say(T.settings.copied);
  }, { icon: icon("copy") });
  copy.hidden = true;

  async function check() {
    run.disabled = true;
    setText(said, T.settings.running);
    const found = await problem.trying(() => ask("POST", "/doctor"));
    run.disabled = false;
    setText(said, "");
    if (!found) return;
    report = found.report;
    copy.hidden = false;
    fill(list, ...found.checks.map(row));
  }

  const element = make(
    "section",
    { class: "panel" },
    make("h2", { text: T.settings.doctor }),
    make("p", { class: "help", text: T.settings.doctorHelp }),
    make("div", { class: "buttons" }, run, copy, said),
    problem.element,
    list,
  );
  return { element };
}

/** @param {{name: string, ok: boolean, detail: string, todo: string}} check */
const row = (check) =>
  make(
    "li",
    { class: check.ok ? "is-good" : "is-bad" },
    icon(check.ok ? "done" : "failed"),
    make(
      "div",
      {},
      make("span", { class: "only-heard", text: check.ok ? T.settings.good : T.settings.broken }),
      make("strong", { text: `${check.name} ` }),
      make("span", { text: check.detail }),
    ),
    check.todo && make("p", { class: "quiet", text: check.todo }),
  );

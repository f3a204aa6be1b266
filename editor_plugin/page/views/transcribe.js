// The first view: files, how to transcribe them, and the queue.

import { ask } from "../api/calls.js";
import { button, fill, make, setText } from "../elements/dom.js";
import { problemPlace } from "../elements/problem.js";
import { say } from "../elements/say.js";
import { chosenFiles, clearChosen, pathOf, watchChosen } from "../state/selection.js";
import { requestOf } from "../state/request.js";
import { T } from "../texts.js";
import { chooser } from "./chooser.js";
import { demoNotice } from "./demo.js";
import { queue } from "./queue.js";
import { optionsForm } from "./options.js";

/** @type {import("../router.js").View} */
export async function openTranscribe(place) {
  const problem = problemPlace();
  const files = chooser();
  const demo = demoNotice();
  const jobs = queue();
  const options = optionsForm();
  let isWaiting = false;

  const start = button(T.start, () => begin(), { kind: "is-main is-wide" });
  start.dataset.key = "start";

  const unready = () => chosenFiles().filter((each) => !pathOf(each));

  async function begin() {
    if (chosenFiles().length && unready().length) {
      isWaiting = !isWaiting;
      return show();
    }
    isWaiting = false;
    start.disabled = true;
    const sent = await problem.trying(async () => {
      const request = requestOf(chosenFiles(), options.values(), options.once(), options.formats());
      return ask("POST", "/jobs", request);
    });
    start.disabled = false;
    if (!sent) return;
    clearChosen(true);
    options.forgetOnce();
    say(T.queue.added);
  }

  function show() {
    const count = chosenFiles().length;
    if (!count) isWaiting = false;
    setText(start, isWaiting ? T.startWaits : count > 1 ? T.startMany(count) : T.start);
    start.setAttribute("aria-pressed", String(isWaiting));
    const isBroken = chosenFiles().some((each) => each.upload?.state === "failed");
    if (isBroken) isWaiting = false;
    if (isWaiting && !unready().length) begin();
  }

  fill(
    place,
    make("h1", { class: "only-heard", text: T.views.transcribe }),
    demo.element,
    make(
      "div",
      { class: "bench" },
      make(
        "form",
        { class: "panel composer", on: { submit: (/** @type {Event} */ event) => event.preventDefault() } },
        make("div", { class: "composer-body" }, files.element, options.element),
        make("div", { class: "composer-foot" }, problem.element, start),
      ),
      jobs.element,
    ),
  );
  await options.ready;
  const endChosen = watchChosen(() => {
    show();
    options.chosenChanged();
  });
  return {
    title: T.views.transcribe,
    end() {
      endChosen();
      [files, demo, jobs, options].forEach((part) => part.end());
    },
  };
}

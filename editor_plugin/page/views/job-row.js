// A job in the queue.

import { button, fill, make, newId, setText } from "../elements/dom.js";
import { progressBar } from "../elements/fields.js";
import { icon } from "../elements/icons.js";
import { problemBox } from "../elements/problem.js";
import { Refusal } from "../api/session.js";
import { standing } from "../formats.js";
import { watch, wordsOf } from "../state/store.js";
import { T } from "../texts.js";
import { STEERING, actsFor, steer } from "./steering.js";
import { nameOfJob } from "./names.js";
import { resultButtons } from "./results.js";
import { actionsFor } from "./remedies.js";

const HEARD = 3; // pieces of text that are shown in the queue

/**
 * @param {Wire.Job} first
 * @param {ReturnType<typeof import("../elements/problem.js").problemPlace>} problem
 */
export function jobRow(first, problem) {
  const number = first.job;
  const name = make("a", { class: "job-name", id: newId(), href: `#/jobs/${number}`, dir: "auto" });
  const state = make("span", { class: "job-state" });
  const about = make("span", { class: "quiet job-about" });
  const bar = progressBar(name.id);
  const acts = make("div", { class: "buttons job-acts" });
  const heard = make("p", { class: "heard", dir: "auto", hidden: true });
  const more = make("div", { class: "job-more" });
  const element = make(
    "li",
    { class: "job", "data-job": number },
    state,
    make("div", { class: "job-title" }, name, about),
    acts,
    bar,
    heard,
    more,
  );
  const buttons = Object.fromEntries(
    STEERING.map(([act, , picture]) => {
      const made = button("", () => steer(problem, number, act), { kind: "is-quiet is-small", icon: icon(picture) });
      return [act, made];
    }),
  );
  let drawn = "";
  let wordsEnd = () => {};
  let follows = false;

  function showHeard() {
    setText(heard, wordsOf(number).slice(-HEARD).map((each) => each.text).join(" "));
    heard.hidden = !heard.textContent;
  }

  /** @param {boolean} wanted */
  function follow(wanted) {
    if (wanted === follows) return;
    follows = wanted;
    wordsEnd();
    wordsEnd = wanted ? watch(["words"], showHeard) : () => {};
    if (!wanted) heard.hidden = true;
  }

  return {
    element,
    /** @param {Wire.Job} job */
    show(job) {
      const text = JSON.stringify(job);
      if (text === drawn) return;
      const isNew = !drawn || JSON.parse(drawn).state !== job.state;
      drawn = text;
      setText(name, nameOfJob(job));
      setText(about, aboutOf(job));
      bar.hidden = !["running", "paused"].includes(job.state);
      bar.value = job.percent;
      if (!isNew) return;
      element.dataset.state = job.state;
      fill(state, icon(job.state));
      const offered = actsFor(job);
      for (const [act, label] of STEERING) {
        buttons[act].title = label;
        buttons[act].dataset.act = act === "resume" ? "pause" : act;
        buttons[act].setAttribute("aria-label", T.job.of(label, name.textContent || ""));
        if (!offered.includes(act)) buttons[act].remove();
        else acts.append(buttons[act]);
      }
      fill(more, ...troubles(job), hasResults(job) && resultButtons(job, problem));
      follow(job.state === "running");
    },
    end: () => follow(false),
  };
}

/** Whether a job has ended with something to take. @param {Wire.Job} job */
const hasResults = (job) =>
  ["done", "failed", "cancelled"].includes(job.state) &&
  job.inputs.some((each) => each.state === "done");

/** @param {Wire.Job} job */
function aboutOf(job) {
  const done = job.inputs.filter((each) => each.state === "done");
  const words = [standing(job)];
  if (job.inputs.length > 1) words.push(T.job.of2(done.length, job.inputs.length));
  else if (done.length && done[0].cues !== null) words.push(T.job.cues(done[0].cues));
  if (job.state === "done" && done.length && done.every((each) => each.recognised === 0))
    words.push(T.queue.known);
  return words.join(" · ");
}

/** The first errors of a job, with what can be done about them. @param {Wire.Job} job */
function troubles(job) {
  const errors = [job.error, ...job.inputs.map((each) => each.error)].filter((each) => each !== null);
  const different = [...new Map(errors.map((each) => [each.message, each])).values()];
  return different
    .slice(0, 2)
    .map((each) => problemBox(new Refusal(each), ...actionsFor(each, job)));
}

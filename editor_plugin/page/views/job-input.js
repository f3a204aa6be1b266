// A file of a job: how it went, what was written, and its subtitles.

import { ask } from "../api/calls.js";
import { Refusal } from "../api/session.js";
import { button, fill, make, newId } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { problemBox } from "../elements/problem.js";
import { duration, formatTime } from "../formats.js";
import { T } from "../texts.js";
import { isTimeline } from "./names.js";
import { actionsFor, again, pointTo } from "./remedies.js";
import { copyButton, downloadMenu } from "./results.js";

/** @typedef {{at: number, input: Wire.Input, isOnly: boolean, job: Wire.Job}} Shown */

/**
 * @param {number} job
 * @param {number} at the number of the input, from 0
 * @param {import("./results.js").ProblemPlace} problem
 */
export function inputView(job, at, problem) {
  const id = newId();
  const head = make("div", { class: "input-head" });
  const body = make("div");
  const subtitles = make("div");
  const element = make("section", { class: "panel input", "aria-labelledby": id }, head, body, subtitles);
  let drawn = "";
  let isLoaded = false;

  async function load() {
    if (isLoaded) return;
    isLoaded = true;
    await problem.trying(async () => {
      fill(subtitles, ...table(await ask("GET", `/jobs/${job}/results/${at}`)));
    });
  }

  return {
    element,
    /** @param {Shown} shown */
    show({ input, isOnly, job: status }) {
      const { percent: _, ...lasting } = input;
      const now = JSON.stringify([lasting, status.state]);
      if (now === drawn) return;
      drawn = now;
      const isDone = input.state === "done";
      fill(
        head,
        make("h2", { id, text: isOnly ? T.job.subtitles : input.name, dir: "auto", class: `state-${input.state}` }),
        make("span", { class: "quiet", text: isOnly && !isDone ? "" : aboutOf(input) }),
        isDone && make("div", { class: "buttons" }, copyButton(job, at, problem), downloadMenu(job, at, input.name, problem), afresh()),
      );
      fill(
        body,
        input.error && problemBox(new Refusal(input.error), ...actionsFor(input.error, status)),
        input.outputs.length > 0 && paths(input.outputs),
        ...remarks(input, status),
      );
      element.hidden = isOnly && !isDone && !body.childElementCount;
      if (isDone && at === 0) load();
      else if (isDone && !isLoaded)
        fill(subtitles, button(T.job.subtitles, load, { kind: "is-small" }));
    },
  };

  function afresh() {
    const act = () => problem.trying(() => again(job, { again: true }));
    return button(T.job.afresh, act, { kind: "is-small is-quiet", icon: icon("again") });
  }

  /** @param {Wire.Input} input @param {Wire.Job} status */
  function remarks(input, status) {
    if (!input.notes.length) return [];
    const isOver = ["done", "failed", "cancelled"].includes(status.state);
    const point = () => problem.trying(() => pointTo(job));
    return [
      make("h3", { text: T.job.notes }),
      make("ul", { class: "notes" }, ...input.notes.map((text) => make("li", { text }))),
      isOver &&
        isTimeline(input.name) &&
        button(T.job.point, point, { kind: "is-small", icon: icon("folder") }),
    ];
  }
}

/** @param {Wire.Input} input */
function aboutOf(input) {
  const words = [T.states[input.state]];
  if (input.cues !== null) words.push(T.job.cues(input.cues));
  if (input.words !== null) words.push(T.job.words(input.words));
  if (input.recognised === 0) words.push(T.job.fromStore);
  else if (input.recognised !== null) words.push(T.job.recognised(duration(input.recognised)));
  return words.join(" · ");
}

/** @param {string[]} outputs */
const paths = (outputs) =>
  make(
    "div",
    { class: "written" },
    make("h3", { text: T.job.written }),
    make("ul", { class: "paths" }, ...outputs.map((path) => make("li", {}, make("code", { text: path, dir: "ltr" })))),
  );

/** @param {Wire.Result} result */
function table(result) {
  const id = newId();
  const heads = [T.job.start, T.job.end, T.job.text].map((text) => make("th", { scope: "col", text }));
  const rows = result.cues.map((cue) =>
    make(
      "tr",
      {},
      make("td", { class: "time", text: formatTime(cue.start) }),
      make("td", { class: "time", text: formatTime(cue.end) }),
      make("td", { class: "cue-text", text: cue.lines.join("\n"), dir: "auto" }),
    ),
  );
  const cues = make("table", { class: "cues" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  const scroll = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": T.job.subtitles }, cues);
  if (!result.findings.length) return [scroll];
  const findings = make("ul", { class: "notes" }, ...result.findings.map((text) => make("li", { text })));
  return [make("details", { class: "findings", id }, make("summary", { text: `${T.job.findings} (${result.findings.length})` }), findings), scroll];
}

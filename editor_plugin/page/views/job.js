// One job: each of its files with what is heard, its subtitles, and what there is to say about it.

import { ask } from "../api/calls.js";
import { Refusal } from "../api/session.js";
import { Kept, button, fill, make, newId, setText } from "../elements/dom.js";
import { progressBar } from "../elements/fields.js";
import { icon } from "../elements/icons.js";
import { problemBox, problemPlace } from "../elements/problem.js";
import { standing } from "../formats.js";
import { go } from "../router.js";
import { isKnown, jobs, takeJob, watch } from "../state/store.js";
import { T } from "../texts.js";
import { heardText } from "./heard.js";
import { inputView } from "./job-input.js";
import { nameOfJob } from "./names.js";
import { actionsFor, again } from "./remedies.js";
import { zipButton } from "./results.js";
import { STEERING, actsFor, steer } from "./steering.js";

const ENDED = ["done", "failed", "cancelled"];

/** @param {number} number */
function nameOf(number) {
  const job = jobs.get(number);
  return job ? nameOfJob(job) : T.views.job;
}

/** @type {import("../router.js").View} */
export function openJob(place, [text]) {
  const number = Number(text);
  const problem = problemPlace();
  const id = newId();
  const title = make("h1", { id, dir: "auto" });
  const state = make("p", { class: "quiet" });
  const bar = progressBar(id);
  const acts = make("div", { class: "buttons" });
  const trouble = make("div");
  const heard = heardText(number);
  const inputs = make("div", { class: "inputs" });
  const body = make(
    "div",
    { "data-job": number, class: "job-page" },
    make("header", { class: "job-head" }, make("div", {}, title, state), acts),
    bar,
    problem.element,
    trouble,
    heard.element,
    inputs,
  );
  fill(place, make("p", {}, make("a", { href: "#/transcribe", text: `← ${T.job.back}` })), body);
  const kept = new Kept(
    inputs,
    (/** @type {import("./job-input.js").Shown} */ each) => each.at,
    ({ at }) => inputView(number, at, problem),
  );
  let drawn = "";

  function show() {
    const job = jobs.get(number);
    if (!job) {
      if (isKnown && !drawn) load();
      return;
    }
    setText(title, nameOfJob(job));
    setText(state, standing(job));
    bar.hidden = !["running", "paused"].includes(job.state);
    bar.value = job.percent;
    heard.show(job);
    kept.show(job.inputs.map((input, at) => ({ at, input, isOnly: job.inputs.length === 1, job })));
    const now = JSON.stringify([job.state, job.error, job.notes]);
    if (now === drawn) return;
    drawn = now;
    fill(acts, ...buttonsFor(job));
    const told = job.inputs.some((each) => each.error);
    fill(
      trouble,
      job.error && !told && problemBox(new Refusal(job.error), ...actionsFor(job.error, job)),
      ...job.notes.map((note) => make("p", { class: "note", text: note })),
    );
  }

  /** @param {Wire.Job} job */
  function buttonsFor(job) {
    const offered = actsFor(job);
    const shown = STEERING.filter(([act]) => offered.includes(act)).map(([act, label, picture]) => {
      const made = button(label, () => steer(problem, number, act), { icon: icon(picture) });
      made.dataset.act = act === "resume" ? "pause" : act;
      return made;
    });
    if (!ENDED.includes(job.state)) return shown;
    const remove = () =>
      problem.trying(async () => {
        await ask("DELETE", `/jobs/${number}`);
        go("transcribe");
      });
    return [
      job.inputs.filter((each) => each.state === "done").length > 1 && zipButton(job, problem),
      job.state !== "done" && button(T.job.again, () => problem.trying(() => again(number)), { icon: icon("again") }),
      button(T.job.remove, remove, { kind: "is-quiet", icon: icon("remove") }),
    ];
  }

  async function load() {
    drawn = "-";
    await ask("GET", `/jobs/${number}`).then(takeJob, () => {
      fill(body, make("h1", { text: T.views.job }), problemBox(new Refusal({ code: "page", ...T.job.unknown })));
    });
  }

  const end = watch(["jobs"], show);
  return {
    title: nameOf(number),
    end() {
      end();
      heard.end();
      kept.show([]);
    },
  };
}

// Taking the subtitles of a job: copy, download in a format, all as a zip.

import { ask } from "../api/calls.js";
import { nameOf, saveFrom, stemOf } from "../api/saving.js";
import { button, make } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { say } from "../elements/say.js";
import { remembered } from "../state/remembered.js";
import { DEFAULTS } from "../state/request.js";
import { T } from "../texts.js";

/** @type {Promise<Wire.Format[]> | null} */
let asked = null;

/** Every format, asked for once. @returns {Promise<Wire.Format[]>} */
export function formats() {
  asked ||= ask("GET", "/formats").then(
    (answer) => answer.formats,
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** @typedef {ReturnType<typeof import("../elements/problem.js").problemPlace>} ProblemPlace */

/** The plain text of subtitles. @param {Wire.Result} result */
const plainText = (result) => result.cues.map((cue) => cue.lines.join("\n")).join("\n");

/** @param {number} job @param {number} input @param {ProblemPlace} problem */
export const copyButton = (job, input, problem) =>
  button(
    T.job.copy,
    () =>
      problem.trying(async () => {
        const result = await ask("GET", `/jobs/${job}/results/${input}`);
        await navigator.clipboard.writeText(plainText(result));
        say(T.job.copied);
      }),
    { kind: "is-small", icon: icon("copy") },
  );

/**
 * A list of formats; one that is chosen is saved.
 * @param {number} job
 * @param {number} input
 * @param {string} name
 * @param {ProblemPlace} problem
 */
export function downloadMenu(job, input, name, problem) {
  const menu = make("div", { class: "menu-list", role: "group", "aria-label": T.job.download });
  const element = make(
    "details",
    { class: "menu" },
    make("summary", { class: "button is-small" }, icon("save"), make("span", { text: T.job.download })),
    menu,
  );
  const close = () => {
    element.open = false;
    element.querySelector("summary")?.focus();
  };
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && element.open) close();
  });
  element.addEventListener("focusout", (event) => {
    if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) element.open = false;
  });
  element.addEventListener("toggle", () => {
    if (!element.open || menu.childElementCount) return;
    problem.trying(async () => {
      for (const format of await formats())
        {menu.append(
          button(
            format.title,
            () => {
              close();
              const path = `/jobs/${job}/results/${input}/files/${format.name}`;
              problem.trying(() => saveFrom(path, stemOf(name) + format.suffix));
            },
            { kind: "is-quiet" },
          ),
        );}
    });
  });
  return element;
}

/** A zip of every input, in the formats that were chosen last. @param {Wire.Job} job @param {ProblemPlace} problem */
export function zipButton(job, problem) {
  const chosen = remembered("options", DEFAULTS).formats;
  const wanted = (chosen?.length ? chosen : DEFAULTS.formats).join(",");
  const path = `/jobs/${job.job}/files.zip?formats=${encodeURIComponent(wanted)}`;
  const name = `${stemOf(job.inputs[0]?.name || "subtitles")}.zip`;
  return button(T.job.zip, () => problem.trying(() => saveFrom(path, name)), {
    kind: "is-small",
    icon: icon("save"),
  });
}

/** What can be done with the results of a job in the queue. @param {Wire.Job} job @param {ProblemPlace} problem */
export function resultButtons(job, problem) {
  const written = job.inputs.flatMap((each) => each.outputs);
  const one = job.inputs.length === 1;
  return make(
    "div",
    { class: "job-results" },
    make(
      "div",
      { class: "buttons" },
      one && copyButton(job.job, 0, problem),
      one && downloadMenu(job.job, 0, job.inputs[0].name, problem),
      !one && zipButton(job, problem),
    ),
    written.length > 0 &&
      make("p", { class: "written", title: written.join("\n"), text: `${T.job.written} ${shortly(written)}` }),
  );
}

/** @param {string[]} paths */
function shortly(paths) {
  const names = paths.slice(0, 3).map(nameOf);
  return names.join(", ") + (paths.length > 3 ? ` ${T.corrections.more(paths.length - 3)}` : "");
}

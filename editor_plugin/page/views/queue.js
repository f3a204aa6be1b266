// The queue: every job with its progress, and the progress of all together.

import { Kept, button, fill, make, newId, setText } from "../elements/dom.js";
import { progressBar } from "../elements/fields.js";
import { problemPlace } from "../elements/problem.js";
import { duration } from "../formats.js";
import { allJobs, isKnown, watch } from "../state/store.js";
import { T } from "../texts.js";
import { jobRow } from "./job-row.js";

/** How many jobs are shown at once; more on demand. */
const SHOWN = 60;

/** The part of the view with the jobs. */
export function queue() {
  const id = newId();
  const problem = problemPlace();
  const about = make("p", { class: "quiet", id: newId() });
  const bar = progressBar(id);
  bar.setAttribute("aria-label", T.queue.all);
  const none = make("p", { class: "empty", text: T.queue.none });
  const list = make("ol", { class: "jobs", "aria-labelledby": id });
  const more = button("", () => {
    shown += SHOWN * 4;
    show();
  });
  const element = make(
    "section",
    { class: "panel queue", "aria-labelledby": id },
    make("div", { class: "panel-head" }, make("h2", { id, text: T.queue.title }), about),
    bar,
    problem.element,
    none,
    list,
    more,
  );
  let shown = SHOWN;
  const kept = new Kept(
    list,
    (/** @type {Wire.Job} */ job) => job.job,
    (job) => jobRow(job, problem),
  );

  function show() {
    const all = allJobs();
    kept.show(all.slice(0, shown));
    none.hidden = !isKnown || all.length > 0;
    more.hidden = all.length <= shown;
    fill(more, T.queue.show(all.length - shown));
    const open = all.filter((job) => ["queued", "running", "paused"].includes(job.state));
    const left = leftOf(open);
    setText(
      about,
      !open.length ? (all.length ? T.queue.idle : "") : [T.queue.open(open.length), left].filter(Boolean).join(" · "),
    );
    bar.hidden = open.length < 2;
    bar.value = open.reduce((sum, job) => sum + job.percent, 0) / Math.max(1, open.length);
  }

  const end = watch(["jobs"], show);
  return {
    element,
    end() {
      end();
      kept.show([]);
    },
  };
}

/** The time left for all, as far as the running job tells it: only where it is the last one.
 *  @param {Wire.Job[]} open */
function leftOf(open) {
  const [running] = open.filter((job) => job.state === "running");
  if (!running || running.seconds_left === null || open.length > 1) return "";
  return T.left(duration(running.seconds_left));
}

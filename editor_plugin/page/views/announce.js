// Tells when a job has ended, in whatever view the person is.

import { nameOfJob } from "./names.js";
import { say } from "../elements/say.js";
import { allJobs, isKnown, watch } from "../state/store.js";
import { T } from "../texts.js";

const OPEN = ["queued", "running", "paused"];

/** Follow the jobs, and tell of those that end from now on. */
export function announceJobs() {
  /** @type {Map<number, string> | null} */
  let known = null;
  watch(["jobs"], () => {
    if (!isKnown) return;
    for (const job of allJobs()) {
      const before = known?.get(job.job);
      if (!before || !OPEN.includes(before)) continue;
      if (job.state === "done") say(T.queue.done(nameOfJob(job)));
      if (job.state === "failed") say(T.queue.failed(nameOfJob(job)));
    }
    known = new Map(allJobs().map((job) => [job.job, job.state]));
  });
}

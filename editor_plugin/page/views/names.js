// What jobs and files are called.

import { T } from "../texts.js";

/** @param {Wire.Job} job */
export function nameOfJob(job) {
  const names = job.inputs.map((each) => each.name);
  return names.length > 1 ? T.queue.more(names[0], names.length - 1) : names[0] || String(job.job);
}

const TIMELINE = /\.(otio|otioz|fcpxml|fcpxmld|xml|edl|aaf)$/i;

/** Whether a file is a timeline, by its name. @param {string} name */
export const isTimeline = (name) => TIMELINE.test(name);

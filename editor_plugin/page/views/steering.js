// What can be done to a job, and when.

import { ask } from "../api/calls.js";
import { takeJob } from "../state/store.js";
import { T } from "../texts.js";

/** @typedef {"first" | "pause" | "resume" | "cancel"} Act */

/** @type {[Act, string, import("../elements/icons.js").IconName][]} */
export const STEERING = [
  ["first", T.job.first, "first"],
  ["pause", T.job.pause, "pause"],
  ["resume", T.job.resume, "resume"],
  ["cancel", T.job.cancel, "cancel"],
];

/** @type {Record<Act, Wire.State[]>} */
const STATES = {
  first: ["queued"],
  pause: ["queued", "running"],
  resume: ["paused"],
  cancel: ["queued", "running", "paused"],
};

/** What can be done to a job now. @param {Wire.Job} job @returns {Act[]} */
export const actsFor = (job) =>
  STEERING.map(([act]) => act).filter((act) => STATES[act].includes(job.state));

/**
 * Do it, and show the error that it ends with.
 * @param {ReturnType<typeof import("../elements/problem.js").problemPlace>} problem
 * @param {number} job
 * @param {Act} act
 */
export const steer = (problem, job, act) =>
  problem.trying(async () => takeJob(await ask("POST", `/jobs/${job}/${act}`)));

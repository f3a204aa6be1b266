// Buttons that do what an error advises.

import { ask } from "../api/calls.js";
import { browse } from "../elements/browser.js";
import { button } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { refusalOf } from "../elements/problem.js";
import { say } from "../elements/say.js";
import { go } from "../router.js";
import { takeModel } from "../state/store.js";
import { T } from "../texts.js";

/** Errors of an input that another try may not meet. */
const POINTED = ["media-missing", "timeline-unreadable"];
const SETTINGS = ["settings-invalid"];

/**
 * Order the same once more, with changes, and show the new job.
 * @param {number} job
 * @param {Record<string, any>} [changes]
 */
export async function again(job, changes = {}) {
  const made = await ask("POST", `/jobs/${job}/again`, changes);
  say(T.queue.added);
  go(`jobs/${made.job}`);
}

/** Let a person show where the media of a job are, and order it once more. @param {number} job */
export async function pointTo(job) {
  const [picked] = await browse({ folders: true });
  if (picked) await again(job, { media_folders: [picked.path] });
}

/** Do something, and tell the error that it ends with. @param {() => Promise<any>} act */
const trying = (act) => () => {
  act().catch((error) => say(`${refusalOf(error).message} ${refusalOf(error).remedy}`));
};

/**
 * The buttons for an error of a job.
 * @param {Wire.Problem} error
 * @param {Wire.Job} job
 */
export function actionsFor(error, job) {
  const buttons = [];
  if (error.code === "model-not-fetched" && error.data?.name) {
    const { name } = error.data;
    const fetch = async () => {
      takeModel(await ask("POST", `/models/${encodeURIComponent(name)}/fetch`));
      go("models");
    };
    buttons.push(button(T.job.fetch(name), trying(fetch), { kind: "is-main", icon: icon("save") }));
  }
  if (POINTED.includes(error.code))
    buttons.push(button(T.job.point, trying(() => pointTo(job.job)), { icon: icon("folder") }));
  if (SETTINGS.includes(error.code))
    buttons.push(button(T.job.settings, () => go("settings"), { icon: icon("settings") }));
  if (["failed", "cancelled", "done"].includes(job.state))
    buttons.push(button(T.job.again, trying(() => again(job.job)), { icon: icon("again") }));
  return buttons;
}

// What was chosen last, kept by the engine: its port changes, so a browser's own storage forgets.

import { ask } from "../api/calls.js";

const WAIT = 400; // milliseconds without a further change, before it is sent

/** @type {Record<string, any>} */
let chosen = {};
let timer = 0;

/** Fetch it, once. */
export async function recall() {
  chosen = (await ask("GET", "/page-state")).chosen || {};
}

/** What was chosen under a name. @param {string} name @param {any} [otherwise] */
export const remembered = (name, otherwise) => (name in chosen ? chosen[name] : otherwise);

/** Keep a choice; null forgets it. @param {string} name @param {any} value */
export function remember(name, value) {
  if (JSON.stringify(chosen[name]) === JSON.stringify(value)) return;
  if (value === null || value === undefined) delete chosen[name];
  else chosen[name] = value;
  clearTimeout(timer);
  timer = window.setTimeout(send, WAIT);
}

async function send() {
  timer = 0;
  await ask("PUT", "/page-state", chosen).catch(() => null);
}

window.addEventListener("pagehide", () => timer && send());

const MOST_BEGUN = 20;

/** The unfinished uploads, for api/uploads.js. */
export const begun = {
  /** @param {string} key @returns {string | undefined} */
  get: (key) => (chosen.uploads || {})[key],
  /** @param {string} key @param {string | null} upload */
  set(key, upload) {
    const { [key]: _, ...others } = chosen.uploads || {};
    const kept = Object.entries(upload ? { ...others, [key]: upload } : others).slice(-MOST_BEGUN);
    remember("uploads", Object.fromEntries(kept));
  },
};

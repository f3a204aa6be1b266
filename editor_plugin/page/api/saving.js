// Saving what the engine made, by the browser's own means.

import { call } from "./calls.js";

const REVOKE_AFTER = 60000; // milliseconds; the browser has begun to save by then

/** Save bytes under a name. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER);
}

/** Save what a call gives under a name. Raises Refusal. @param {string} path @param {string} name */
export async function saveFrom(path, name) {
  save(await (await call("GET", path)).blob(), name);
}

/** The name of a file without its folder and its suffix. @param {string} name */
export const stemOf = (name) => nameOf(name).replace(/\.[^.]+$/, "") || "subtitles";

/** The last part of a path, of whatever system. @param {string} path */
export const nameOf = (path) => path.split(/[/\\]/).filter(Boolean).pop() || path;

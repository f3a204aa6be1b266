// The files that are to be transcribed, in whatever view the person looks meanwhile.

import { nameOf } from "../api/saving.js";
import { Upload } from "../api/uploads.js";
import { begun } from "./remembered.js";

/** A file on this computer, or one that is copied to the engine.
 *  @typedef {{key: string, name: string, bytes: number | null, path: string, upload: Upload | null}} Chosen */

/** @type {Chosen[]} */
let chosen = [];
/** @type {Set<() => void>} */
const listeners = new Set();
let last = 0;
let isSending = false;

export const chosenFiles = () => chosen;

/** Call a function at every change, and once at the beginning; returns its end.
 *  @param {() => void} listener */
export function watchChosen(listener) {
  listeners.add(listener);
  listener();
  return () => listeners.delete(listener);
}

function tell() {
  listeners.forEach((listener) => listener());
}

/** @param {{path: string, name?: string, bytes?: number}[]} files files of this computer */
export function addPaths(files) {
  for (const { path, name, bytes } of files)
    {if (!chosen.some((each) => !each.upload && each.path === path))
      {chosen = [
        ...chosen,
        { key: `file-${++last}`, name: name || nameOf(path), bytes: bytes ?? null, path, upload: null },
      ];}}
  tell();
}

/** @param {Iterable<File>} files files of the browser, which are copied to the engine */
export function addUploads(files) {
  for (const file of files) {
    const upload = new Upload(file, begun, tell);
    if (chosen.some((each) => each.upload?.key === upload.key)) continue;
    chosen = [...chosen, { key: `file-${++last}`, name: file.name, bytes: file.size, path: "", upload }];
  }
  tell();
  sendNext();
}

/** One after the other, so that the first one is there early. */
async function sendNext() {
  if (isSending) return;
  isSending = true;
  for (;;) {
    const next = chosen.find((each) => each.upload?.state === "waiting")?.upload;
    if (!next) break;
    await next.go();
  }
  isSending = false;
}

/** Pause a copy, or go on with it. @param {Chosen} file */
export function toggle(file) {
  const { upload } = file;
  if (!upload) return;
  if (upload.state === "sending" || upload.state === "waiting") upload.pause();
  else {
    upload.become("waiting");
    sendNext();
  }
}

/** @param {Chosen} file */
export function removeChosen(file) {
  chosen = chosen.filter((each) => each !== file);
  file.upload?.drop();
  tell();
}

/** Empty the list; the copies that a job uses stay. @param {boolean} used whether a job uses them */
export function clearChosen(used) {
  if (!used) chosen.forEach((each) => each.upload?.drop());
  chosen = [];
  tell();
}

/** Where a chosen file is; "" while it is not there yet. @param {Chosen} file */
export const pathOf = (file) => (file.upload ? file.upload.path : file.path);

// Numbers, times and sizes as a person reads them, in the language of the browser.

import { T } from "./texts.js";

const BYTES = ["B", "kB", "MB", "GB", "TB"];

/** @param {number} bytes */
export function formatBytes(bytes) {
  let unit = 0;
  while (bytes >= 999.5 && unit < BYTES.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${bytes < 10 && unit > 1 ? bytes.toFixed(1) : Math.round(bytes)} ${BYTES[unit]}`;
}

/** @param {string} iso a moment as ISO 8601 */
export function formatDate(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

/** Seconds of a number, or of the text of a fraction. @param {string | number} time */
export function secondsOf(time) {
  const [over, under = "1"] = String(time).split("/");
  return Number(over) / Number(under);
}

/** Hours, minutes, seconds and thousandths. @param {string | number} time */
export function formatTime(time) {
  const all = Math.round(1000 * secondsOf(time));
  return `${clock(Math.floor(all / 1000), true)}.${String(all % 1000).padStart(3, "0")}`;
}

/** @param {number} seconds @param {boolean} [whole] with hours, though there are none */
export function clock(seconds, whole = false) {
  const two = (/** @type {number} */ number) => String(Math.floor(number)).padStart(2, "0");
  const rest = `${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return whole || seconds >= 3600 ? `${two(seconds / 3600)}:${rest}` : rest;
}

/** A length of time as a person says it. @param {number} seconds */
export function duration(seconds) {
  if (seconds >= 1.5 * 3600) return T.hours(Math.round(seconds / 3600));
  if (seconds >= 0.9 * 3600) return T.hours(1);
  if (seconds >= 1.5 * 60) return T.minutes(Math.round(seconds / 60));
  if (seconds >= 0.9 * 60) return T.minutes(1);
  return T.seconds(Math.max(1, Math.round(seconds)));
}

/** The name of a language in the browser's own. @param {string} code */
export function languageName(code) {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) || code;
  } catch {
    return code;
  }
}

/** How far a job is. @param {Wire.Job} job */
export function standing(job) {
  const words = [T.states[job.state]];
  if (job.state === "running" || job.state === "paused") words.push(`${Math.round(job.percent)} %`);
  if (job.state === "running" && job.seconds_left !== null)
    words.push(T.left(duration(job.seconds_left)));
  return words.join(" · ");
}

// Keys for everything, and a sheet of them.

import { button, byId, make } from "./elements/dom.js";
import { openDialog } from "./elements/dialog.js";
import { tick } from "./elements/fields.js";
import { icon } from "./elements/icons.js";
import { go, here } from "./router.js";
import { remember, remembered } from "./state/remembered.js";
import { T } from "./texts.js";

const VIEWS = ["transcribe", "media", "models", "corrections", "watches", "settings"];

/** Whether keys are for a field at present. @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type));

/** Press a button of the page, if it is there and can be pressed. @param {string} selector */
function press(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(`${selector}:not(:disabled)`))?.click();
}

/** Move the focus among the jobs. @param {number} by */
function step(by) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-job] a.job-name")]);
  const at = all.findIndex((each) => each.closest("[data-job]")?.contains(document.activeElement));
  all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
}

/** Do something to the job that has the focus, or that is shown. @param {string} act */
function steer(act) {
  const job = document.activeElement?.closest("[data-job]") || document.querySelector(".view-jobs [data-job]");
  /** @type {HTMLElement | null | undefined} */ (job?.querySelector(`[data-act="${act}"]`))?.click();
}

/** @type {Record<string, () => void>} */
const LETTERS = {
  b: () => press("[data-key=browse]"),
  "/": () => /** @type {HTMLElement | null} */ (document.querySelector("input[type=search]"))?.focus(),
  j: () => step(1),
  k: () => step(-1),
  p: () => steer("pause"),
  x: () => steer("cancel"),
  f: () => steer("first"),
};

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (document.querySelector("dialog[open]") || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    if (here().name === "transcribe") press("[data-key=start]");
    return;
  }
  if (event.ctrlKey || event.metaKey || isTyping(event.target)) return;
  if (!remembered("letters", true) && event.key !== "?") return;
  const view = /^[1-6]$/.test(event.key) ? VIEWS[Number(event.key) - 1] : undefined;
  if (event.key === "?") showKeys();
  else if (view) go(view);
  else if (Object.hasOwn(LETTERS, event.key.toLowerCase())) LETTERS[event.key.toLowerCase()]();
  else return;
  event.preventDefault();
}

function showKeys() {
  const rows = T.keys.list.map(([key, text]) =>
    make("tr", {}, make("th", { scope: "row" }, make("kbd", { text: key })), make("td", { text })),
  );
  const letters = tick(T.keys.letters, remembered("letters", true), (isOn) => remember("letters", isOn));
  openDialog(T.keys.title, [make("table", { class: "keys" }, make("tbody", {}, ...rows)), letters]);
}

/** Listen to the keys of the page. */
export function addKeys() {
  document.addEventListener("keydown", pressed);
  byId("keys-place").append(button(T.keys.title, showKeys, { kind: "is-quiet", icon: icon("keys") }));
}

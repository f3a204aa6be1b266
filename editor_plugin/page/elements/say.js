// What a screen reader is told: one sentence at a time, and never the same one twice in a row.

import { byId, setText } from "./dom.js";

const GONE_AFTER = 8000; // milliseconds

let timer = 0;

/** Tell a sentence politely, and show it for a while. @param {string} text */
export function say(text) {
  const place = byId("said");
  setText(place, text);
  place.classList.add("is-shown");
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    place.classList.remove("is-shown");
    setText(place, "");
  }, GONE_AFTER);
}

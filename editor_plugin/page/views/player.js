// Playing a file at a place. Where the browser knows no such codec, the engine gives the sound.

import { ask, query } from "../api/calls.js";
import { button, fill, make, setText } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { T } from "../texts.js";

const SOUND_SECONDS = 60;
const LEAD = 0.5; // seconds before a hit, so that its first word is heard whole

/** @param {ReturnType<typeof import("../elements/problem.js").problemPlace>} problem */
export function player(problem) {
  const name = make("h2", { dir: "auto" });
  const note = make("p", { class: "help", role: "status" });
  const place = make("div", { class: "player-media" });
  const close = button("", () => end(), { kind: "is-quiet is-small", name: T.close, icon: icon("cancel") });
  const element = make(
    "section",
    { class: "panel player", "aria-label": T.media.player },
    make("div", { class: "panel-head" }, name, close),
    place,
    note,
  );
  element.hidden = true;

  /** @param {{stored: number, name: string}} what @param {number} at seconds */
  async function play(what, at) {
    const found = await problem.trying(() => ask("POST", "/media-addresses", { stored: what.stored }));
    if (!found) return;
    const from = Math.max(0, at - LEAD);
    setText(name, what.name);
    setText(note, "");
    const media = make(found.kind === "video" ? "video" : "audio", { controls: true, preload: "metadata" });
    media.addEventListener("loadedmetadata", () => {
      media.currentTime = from;
      media.play().catch(() => null);
    });
    media.addEventListener("error", () => playSound(found.address, from), { once: true });
    media.src = found.address;
    fill(place, media);
    element.hidden = false;
    element.scrollIntoView({ block: "nearest" });
    media.focus();
  }

  /** @param {string} address @param {number} from */
  function playSound(address, from) {
    setText(note, T.media.noPicture);
    const sound = make("audio", { controls: true });
    sound.src = `${address}/sound${query({ start: from, seconds: SOUND_SECONDS })}`;
    fill(place, sound);
    sound.play().catch(() => null);
  }

  function end() {
    fill(place);
    element.hidden = true;
  }

  return { element, play, end };
}

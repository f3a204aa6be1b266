// What a subtitle style does: its limits, and the same spoken passage cut to it.

import { ask } from "../api/calls.js";
import { fill, make } from "../elements/dom.js";
import { formatTime } from "../formats.js";
import { T } from "../texts.js";

/** The preview of a style; `show` gives another one. */
export function stylePreview() {
  /** @type {Map<string, Wire.Style>} */
  const styles = new Map();
  /** @type {Map<string, Promise<any>>} */
  const passages = new Map();
  const limits = make("p", { class: "help" });
  const screen = make("ol", { class: "screen", tabindex: 0, "aria-label": T.preview.title });
  const element = make(
    "details",
    { class: "preview" },
    make("summary", { text: T.preview.title }),
    screen,
    limits,
  );
  let shown = "";
  element.addEventListener("toggle", () => element.open && load());

  /** @param {string} name */
  const passage = (name) => {
    if (!passages.has(name)) passages.set(name, ask("GET", `/styles/${encodeURIComponent(name)}/preview`));
    return /** @type {Promise<any>} */ (passages.get(name));
  };

  async function load() {
    const name = shown;
    if (!name || !element.open) return;
    const { cues } = await passage(name).catch(() => ({ cues: [] }));
    if (name !== shown) return;
    fill(
      screen,
      ...cues.map((/** @type {Wire.Cue} */ cue) =>
        make(
          "li",
          {},
          make("span", { class: "screen-time", text: formatTime(cue.start) }),
          make("span", { class: "screen-text", text: cue.lines.join("\n"), dir: "auto" }),
        ),
      ),
    );
  }

  return {
    element,
    /** @param {Wire.Style[]} all */
    know: (all) => all.forEach((each) => styles.set(each.name, each)),
    /** @param {string} name */
    show(name) {
      if (shown === name && limits.textContent) return;
      shown = name;
      const style = styles.get(name);
      element.hidden = !style;
      if (!style) return;
      const told = Object.entries(T.preview.limits).map(([key, text]) => {
        const number = style.limits[key];
        return number === null || number === undefined ? "" : text(number);
      });
      limits.textContent = [...told.filter(Boolean), style.source].filter(Boolean).join(" · ");
      load();
    },
  };
}

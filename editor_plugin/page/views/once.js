// Options that most jobs do without: they concern the chosen files alone, but for the last two.

import { ask } from "../api/calls.js";
import { browse } from "../elements/browser.js";
import { button, fill, make, newId } from "../elements/dom.js";
import { field, select, textInput, tick, typedPath } from "../elements/fields.js";
import { T } from "../texts.js";

/** Frame rates, as the engine and as a person writes them. @type {[string, string][]} */
export const RATES = [
  ["", T.options.rateDefault],
  ["24000/1001", "23.976"],
  ["24", "24"],
  ["25", "25"],
  ["30000/1001", "29.97"],
  ["30", "30"],
  ["48", "48"],
  ["50", "50"],
  ["60000/1001", "59.94"],
  ["60", "60"],
];

/**
 * @param {import("../state/request.js").Once} once
 * @param {import("../state/request.js").Options} values
 * @param {(name: "project" | "shots", value: any) => void} set
 */
export function onceFields(once, values, set) {
  /** @param {"from" | "to" | "stream" | "channel" | "media"} name @param {Record<string, any>} [more] */
  const bound = (name, more = {}) => {
    const input = textInput(more);
    input.addEventListener("input", () => (once[name] = typedPath(input)));
    return input;
  };
  const from = bound("from", { placeholder: "00:00:00" });
  const to = bound("to", { placeholder: "00:00:00" });
  const stream = bound("stream", { inputmode: "numeric" });
  const channel = bound("channel", { inputmode: "numeric" });
  const media = bound("media");
  const rate = select(RATES, "", () => (once.rate = rate.value));
  const find = button(T.options.find, async () => {
    const [picked] = await browse({ folders: true, from: once.media });
    if (picked) once.media = media.value = picked.path;
  });
  const known = make("datalist", { id: newId() });
  const project = textInput({ value: values.project, list: known.id });
  project.addEventListener("change", () => set("project", project.value.trim()));
  const rest = make(
    "details",
    { class: "more" },
    make("summary", { text: T.options.more }),
    make("div", { class: "two" }, field(T.options.from, from), field(T.options.to, to)),
    make("p", { class: "help", text: T.options.spanHelp }),
    make("div", { class: "two" }, field(T.options.stream, stream), field(T.options.channel, channel)),
    make("p", { class: "help", text: T.options.streamHelp }),
    field(T.options.media, media, T.options.mediaHelp, find),
    field(T.options.rate, rate),
    field(T.options.project, project, T.options.projectHelp, known),
    tick(T.options.shots, values.shots, (isOn) => set("shots", isOn)),
  );
  rest.addEventListener("toggle", loadProjects, { once: true });

  async function loadProjects() {
    const found = await ask("GET", "/glossary").catch(() => ({ terms: [] }));
    const names = new Set(found.terms.map((/** @type {{project: string}} */ each) => each.project));
    names.delete("");
    fill(known, ...[...names].sort().map((name) => make("option", { value: name })));
  }

  return {
    element: rest,
    /** Empty what concerned the files of the last job alone. */
    forget() {
      for (const input of [from, to, stream, channel, media]) input.value = "";
      rate.value = "";
      Object.assign(once, { from: "", to: "", stream: "", channel: "", media: "", rate: "" });
    },
  };
}

// Watched folders: each file that is put into one is transcribed by itself.

import { ask } from "../api/calls.js";
import { browse } from "../elements/browser.js";
import { confirmed } from "../elements/dialog.js";
import { Kept, button, fill, make, newId, setText } from "../elements/dom.js";
import { field, textInput, tick, typedPath } from "../elements/fields.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { formatDate } from "../formats.js";
import { takeWatches, watch, watches } from "../state/store.js";
import { T } from "../texts.js";
import { formats } from "./results.js";

/** @type {import("../router.js").View} */
export async function openWatches(place) {
  const problem = problemPlace();
  const none = make("p", { class: "empty", text: T.watches.none });
  const list = make("ul", { class: "cards" });
  const kept = new Kept(list, (/** @type {Wire.Watch} */ each) => each.id, (each) => card(each, problem));
  const form = await newWatch(problem);
  fill(
    place,
    make("header", { class: "view-head" }, make("h1", { text: T.views.watches }), make("p", { class: "lead", text: T.watches.lead })),
    problem.element,
    none,
    list,
    form,
  );
  const end = watch(["watches"], () => {
    kept.show(watches);
    none.hidden = watches.length > 0;
  });
  return { title: T.views.watches, end };
}

const reload = async () => takeWatches((await ask("GET", "/watches")).watches);

/** @typedef {ReturnType<typeof problemPlace>} ProblemPlace */

/** @param {Wire.Watch} first @param {ProblemPlace} problem */
function card(first, problem) {
  const id = newId();
  const state = make("span", { class: "badge" });
  const done = make("ol", { class: "watched-files" });
  const nothing = make("p", { class: "empty", text: T.watches.nothing });
  /** @param {"POST" | "DELETE"} method @param {string} act */
  const does = (method, act) => () =>
    problem.trying(async () => {
      await ask(method, `/watches/${first.id}${act}`);
      await reload();
    });
  const small = (/** @type {string} */ text) => ({ kind: "is-small", name: T.job.of(text, first.folder) });
  const pause = button(T.watches.pause, does("POST", "/pause"), { ...small(T.watches.pause), icon: icon("pause") });
  const resume = button(T.watches.resume, does("POST", "/resume"), { ...small(T.watches.resume), icon: icon("resume") });
  const remove = async () => {
    if (await confirmed(T.watches.removeSure, first.folder, T.watches.remove)) does("DELETE", "")();
  };
  const element = make(
    "li",
    { class: "panel card", "aria-labelledby": id },
    make("div", { class: "card-head" }, make("h2", { id, text: first.folder, dir: "auto" }), state),
    make("p", { class: "quiet", text: T.watches.into(first.formats.join(", "), first.output || first.folder), dir: "auto" }),
    make(
      "div",
      { class: "buttons" },
      pause,
      resume,
      button(T.watches.remove, remove, { ...small(T.watches.remove), kind: "is-small is-quiet", icon: icon("remove") }),
    ),
    make("details", {}, make("summary", { text: T.watches.history }), nothing, done),
  );
  return {
    element,
    /** @param {Wire.Watch} now */
    show(now) {
      setText(state, T.watches.states[now.state]);
      state.classList.toggle("is-good", now.state === "watching");
      pause.hidden = now.state === "paused";
      resume.hidden = now.state !== "paused";
      nothing.hidden = now.done.length > 0;
      fill(done, ...now.done.slice().reverse().map(watched));
    },
  };
}

/** @param {Wire.Watch["done"][number]} each */
const watched = (each) =>
  make(
    "li",
    { class: each.ok ? "is-good" : "is-bad" },
    icon(each.ok ? "done" : "failed"),
    make("span", { text: each.name, dir: "auto" }),
    make("span", { class: "quiet", text: formatDate(each.at) }),
    each.text && make("p", { class: "quiet", text: each.text, dir: "auto" }),
  );

/** The form for a new one. @param {ProblemPlace} outer */
async function newWatch(outer) {
  const problem = problemPlace();
  /** @type {string[]} */
  let chosen = ["srt"];
  const [folder, output] = [textInput(), textInput()];
  const find = (/** @type {HTMLInputElement} */ input) =>
    button(T.options.find, async () => {
      const [picked] = await browse({ folders: true, from: typedPath(input) });
      if (picked) input.value = picked.path;
    });
  const all = (await outer.trying(formats)) || [];
  const ticks = all.map((/** @type {Wire.Format} */ format) =>
    tick(
      format.title,
      chosen.includes(format.name),
      (isOn) => (chosen = [...chosen.filter((each) => each !== format.name), ...(isOn ? [format.name] : [])]),
      "chip",
    ),
  );
  /** @param {Event} event */
  async function add(event) {
    event.preventDefault();
    await problem.trying(async () => {
      const into = typedPath(output);
      await ask("POST", "/watches", { folder: typedPath(folder), ...(into && { output: into }), formats: chosen });
      folder.value = output.value = "";
      await reload();
    });
  }
  return make(
    "form",
    { class: "panel", on: { submit: add }, "aria-label": T.watches.new },
    make("h2", { text: T.watches.new }),
    field(T.watches.folder, folder, "", find(folder)),
    field(T.watches.output, output, T.watches.outputHelp, find(output)),
    make("fieldset", { class: "choice" }, make("legend", { text: T.options.formats }), make("div", { class: "chips" }, ...ticks)),
    problem.element,
    make("button", { type: "submit", class: "button is-main" }, icon("add"), T.watches.add),
  );
}

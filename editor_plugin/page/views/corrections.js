// What people put right: the batches of corrections, and the glossary.

import { ask } from "../api/calls.js";
import { save } from "../api/saving.js";
import { Refusal } from "../api/session.js";
import { confirmed } from "../elements/dialog.js";
import { button, fill, make } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { say } from "../elements/say.js";
import { clock, formatDate, secondsOf } from "../formats.js";
import { T } from "../texts.js";
import { glossary } from "./glossary.js";

const SHOWN = 5; // corrections of a batch

/** @type {import("../router.js").View} */
export async function openCorrections(place) {
  const problem = problemPlace();
  const list = make("ol", { class: "batches" });
  const none = make("p", { class: "empty", text: T.corrections.none });
  const input = make("input", { type: "file", accept: ".json", hidden: true });
  input.addEventListener("change", () => take(input.files?.[0]));
  const terms = glossary();

  async function load() {
    const found = await problem.trying(() => ask("GET", "/corrections"));
    if (!found) return;
    fill(list, ...found.batches.slice().reverse().map(row));
    none.hidden = found.batches.length > 0;
  }

  /** @param {any} batch */
  function row(batch) {
    const count = batch.corrections.length;
    const undo = async () => {
      if (!(await confirmed(T.corrections.undoSure, T.corrections.undoText(count), T.corrections.undo))) return;
      await problem.trying(() => ask("DELETE", `/corrections/${batch.batch}`));
      say(T.corrections.undone);
      await load();
    };
    const left = count - SHOWN;
    return make(
      "li",
      { class: "panel batch" },
      make(
        "div",
        { class: "panel-head" },
        make("h3", { text: batch.origin, dir: "auto" }),
        make("span", { class: "quiet", text: `${formatDate(batch.made_at)} · ${T.corrections.count(count)}` }),
        button(T.corrections.undo, undo, { kind: "is-small", icon: icon("again"), name: T.job.of(T.corrections.undo, batch.origin) }),
      ),
      make("ul", { class: "changes" }, ...batch.corrections.slice(0, SHOWN).map(change)),
      left > 0 && make("p", { class: "quiet", text: T.corrections.more(left) }),
    );
  }

  async function exported() {
    const content = await problem.trying(() => ask("GET", "/corrections/export"));
    if (content) save(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }), "recue-corrections.json");
  }

  /** @param {File | undefined} file */
  async function take(file) {
    if (!file) return;
    input.value = "";
    const unreadable = new Refusal({ code: "page", ...T.corrections.unreadable(file.name) });
    await problem.trying(async () => {
      let content;
      try {
        content = JSON.parse(await file.text());
      } catch {
        throw unreadable;
      }
      const { added } = await ask("POST", "/corrections/import", content).catch((error) => {
        throw error instanceof Refusal && error.code === "request-refused" ? unreadable : error;
      });
      say(T.corrections.imported(added));
      await load();
    });
  }

  fill(
    place,
    make("header", { class: "view-head" }, make("h1", { text: T.views.corrections }), make("p", { class: "lead", text: T.corrections.lead })),
    terms.element,
    make(
      "section",
      {},
      make(
        "div",
        { class: "row-head" },
        make("h2", { text: T.corrections.batches }),
        make(
          "div",
          { class: "buttons" },
          button(T.corrections.export, exported, { kind: "is-small", icon: icon("save") }),
          button(T.corrections.import, () => input.click(), { kind: "is-small", icon: icon("file") }),
          input,
        ),
      ),
      problem.element,
      none,
      list,
    ),
  );
  await Promise.all([load(), terms.load()]);
  return { title: T.views.corrections };
}

/** @param {any} each a correction: what stood in a place, and what stands there instead */
const change = (each) =>
  make(
    "li",
    {},
    make("span", { class: "time", text: clock(secondsOf(each.start)) }),
    make("del", { text: [each.before].flat().join(" "), dir: "auto" }),
    make("ins", { text: each.after || T.corrections.deleted, dir: "auto" }),
  );

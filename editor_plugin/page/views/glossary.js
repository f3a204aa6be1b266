// The glossary: terms that a model gets wrong, and how they are written.

import { ask } from "../api/calls.js";
import { button, fill, make } from "../elements/dom.js";
import { field, textInput } from "../elements/fields.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { T } from "../texts.js";

/** The part of the view with the terms. */
export function glossary() {
  const problem = problemPlace();
  const body = make("tbody");
  const none = make("p", { class: "empty", text: T.corrections.noTerms });
  const heads = [T.corrections.wrong, T.corrections.right, T.corrections.project, ""];
  const table = make(
    "table",
    { class: "terms" },
    make("thead", {}, make("tr", {}, ...heads.map((text) => (text ? make("th", { scope: "col", text }) : make("td"))))),
    body,
  );
  const [wrong, right, project] = [textInput({ required: true }), textInput({ required: true }), textInput()];
  const form = make(
    "form",
    { class: "inline-form", on: { submit: add } },
    field(T.corrections.wrong, wrong),
    field(T.corrections.right, right),
    field(T.corrections.project, project),
    make("button", { type: "submit", class: "button is-main" }, icon("add"), T.add),
  );

  async function load() {
    const found = await problem.trying(() => ask("GET", "/glossary"));
    if (!found) return;
    fill(body, ...found.terms.map(row));
    none.hidden = found.terms.length > 0;
    table.hidden = !found.terms.length;
  }

  /** @param {Event} event */
  async function add(event) {
    event.preventDefault();
    await problem.trying(async () => {
      const term = { wrong: wrong.value.trim(), right: right.value.trim() };
      const named = project.value.trim();
      await ask("POST", "/glossary", { ...term, ...(named && { project: named }) });
      wrong.value = right.value = "";
      wrong.focus();
      await load();
    });
  }

  /** @param {{wrong: string, right: string, project: string}} term */
  function row(term) {
    const remove = () =>
      problem.trying(async () => {
        await ask("DELETE", "/glossary", { wrong: term.wrong, ...(term.project && { project: term.project }) });
        await load();
      });
    return make(
      "tr",
      {},
      make("td", { text: term.wrong, dir: "auto" }),
      make("td", { text: term.right, dir: "auto" }),
      make("td", { class: "quiet", text: term.project || T.corrections.allProjects }),
      make("td", {}, button("", remove, { kind: "is-quiet is-small", name: T.corrections.remove(term.wrong), icon: icon("remove") })),
    );
  }

  const element = make(
    "section",
    { class: "panel" },
    make("h2", { text: T.corrections.glossary }),
    make("p", { class: "help", text: T.corrections.glossaryHelp }),
    problem.element,
    form,
    none,
    table,
  );
  return { element, load };
}

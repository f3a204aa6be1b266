// Fields of forms, each with its label.

import { make, newId } from "./dom.js";

/**
 * A field below its label, with a sentence of help.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [help]
 * @param {...(Node | null | false)} more what stands beside the control
 */
export function field(label, control, help = "", ...more) {
  control.id ||= newId();
  const note = help ? make("p", { class: "help", id: newId(), text: help }) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return make(
    "div",
    { class: "field" },
    make("label", { for: control.id, text: label }),
    make("div", { class: "field-row" }, control, ...more),
    note,
  );
}

/** @param {Record<string, any>} [options] */
export const textInput = (options = {}) =>
  make("input", { type: "text", autocomplete: "off", spellcheck: "false", ...options });

/**
 * A list to choose one of; items are pairs of a value and a text, or groups of such.
 * @param {[string, string][]} items
 * @param {string} value
 * @param {() => void} [changed]
 */
export function select(items, value, changed = () => {}) {
  const element = make("select", { on: { change: changed } });
  setItems(element, items, value);
  return element;
}

/** @param {HTMLSelectElement} element @param {[string, string][]} items @param {string} value */
export function setItems(element, items, value) {
  const texts = JSON.stringify(items);
  if (element.dataset.items !== texts) {
    element.dataset.items = texts;
    element.replaceChildren(...items.map(([each, text]) => make("option", { value: each, text })));
  }
  element.value = value;
  if (element.selectedIndex < 0) element.selectedIndex = 0;
}

/**
 * A box to tick, with its text behind it.
 * @param {string} text
 * @param {boolean} isOn
 * @param {(isOn: boolean) => void} changed
 * @param {string} [kind]
 */
export function tick(text, isOn, changed, kind = "tick") {
  const box = make("input", { type: "checkbox" });
  box.checked = isOn;
  box.addEventListener("change", () => changed(box.checked));
  return make("label", { class: kind }, box, make("span", { text }));
}

/**
 * One of several, all of them in sight.
 * @param {string} legend
 * @param {[string, string][]} items
 * @param {string} value
 * @param {(value: string) => void} changed
 */
export function choice(legend, items, value, changed) {
  const name = newId();
  return make(
    "fieldset",
    { class: "choice" },
    make("legend", { text: legend }),
    ...items.map(([each, text]) => {
      const box = make("input", { type: "radio", name, value: each });
      box.checked = each === value;
      box.addEventListener("change", () => changed(each));
      return make("label", { class: "tick" }, box, make("span", { text }));
    }),
  );
}

/** What was typed as a path; Windows copies it with quotes around. @param {HTMLInputElement} input */
export const typedPath = (input) => input.value.trim().replace(/^"(.*)"$/, "$1");

/** A bar, named by another element. @param {string} labelledBy */
export const progressBar = (labelledBy) =>
  make("progress", { max: 100, value: 0, "aria-labelledby": labelledBy });

// An error of the engine: what happened, what to do, and a button that does it.

import { Refusal } from "../api/session.js";
import { INNER } from "../texts.js";
import { fill, make } from "./dom.js";
import { icon } from "./icons.js";

/** @param {unknown} error @returns {Refusal} */
export function refusalOf(error) {
  if (error instanceof Refusal) return error;
  console.error(error);
  return new Refusal(INNER);
}

/**
 * The box of an error.
 * @param {Refusal} error
 * @param {...(HTMLElement | null | false)} actions
 */
export function problemBox(error, ...actions) {
  const there = actions.filter(Boolean);
  return make(
    "div",
    { class: "problem" },
    icon("failed"),
    make(
      "div",
      {},
      make("p", { class: "problem-what", text: error.message }),
      error.remedy && make("p", { text: error.remedy }),
      there.length > 0 && make("div", { class: "buttons" }, .../** @type {HTMLElement[]} */ (there)),
    ),
  );
}

/** A place where errors are shown and read aloud; `tell(null)` clears it. */
export function problemPlace() {
  const element = make("div", { role: "alert", class: "problem-place" });
  return {
    element,
    /** @param {unknown} error @param {...(HTMLElement | null | false)} actions */
    tell(error, ...actions) {
      fill(element, error ? problemBox(refusalOf(error), ...actions) : null);
    },
    /** Do something, and show the error that it ends with. @param {() => Promise<any>} act */
    async trying(act) {
      try {
        const done = await act();
        fill(element);
        return done;
      } catch (error) {
        this.tell(error);
        return undefined;
      }
    },
  };
}

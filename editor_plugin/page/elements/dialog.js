// A window over the page. The browser keeps the focus in it, and gives it back afterwards.

import { T } from "../texts.js";
import { button, make, newId } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Open a window, and return it with the function that closes it.
 * @param {string} title
 * @param {Node[]} content
 * @param {{kind?: string, foot?: Node[]}} [options]
 */
export function openDialog(title, content, { kind = "", foot = [] } = {}) {
  const id = newId();
  const back = /** @type {HTMLElement | null} */ (document.activeElement);
  const close = () => dialog.close();
  const dialog = make(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": id },
    make(
      "div",
      { class: "dialog-head" },
      make("h2", { id, text: title }),
      button("", close, { kind: "is-quiet", name: T.close, icon: icon("cancel") }),
    ),
    make("div", { class: "dialog-body" }, ...content),
    foot.length > 0 && make("div", { class: "dialog-foot" }, ...foot),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (back?.isConnected) back.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
}

/**
 * Ask before something that cannot be taken back.
 * @param {string} title
 * @param {string} text
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
export function confirmed(title, text, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const agree = () => {
      answer = true;
      close();
    };
    const foot = [
      button(T.no, () => close()),
      button(yes, agree, { kind: "is-danger" }),
    ];
    const { dialog, close } = openDialog(title, [make("p", { text })], { kind: "is-small", foot });
    dialog.addEventListener("close", () => resolve(answer));
  });
}

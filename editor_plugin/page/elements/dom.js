// Building the page: every text goes in as text, never as HTML.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Make an element. `text` is its text, `on` its listeners by event, `value` its property; all other
 * options are attributes: true is an empty one, false, null and undefined are none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [options]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  const { text, on = {}, value, ...attributes } = options;
  for (const [name, content] of Object.entries(attributes)) setAttribute(element, name, content);
  if (text !== undefined) element.textContent = text;
  element.append(...present(children));
  if (value !== undefined) /** @type {any} */ (element).value = value;
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  return element;
}

/** @param {Element} element @param {string} name @param {any} content */
export function setAttribute(element, name, content) {
  if (content === undefined || content === null || content === false) element.removeAttribute(name);
  else element.setAttribute(name, content === true ? "" : String(content));
}

/** @param {Child[]} children @returns {(Node | string)[]} */
const present = (children) =>
  /** @type {(Node | string)[]} */ (
    children.filter((each) => each !== null && each !== undefined && each !== false)
  );

/** Replace what is in an element. @param {Element} place @param {...Child} children */
export const fill = (place, ...children) => place.replaceChildren(...present(children));

/** Change a text only where it differs, so that nothing is read aloud again.
 *  @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

let last = 0;

/** A name for an element that another one refers to. */
export const newId = () => `id-${++last}`;

/**
 * A button. `name` is what a screen reader says, where its text is not enough.
 * @param {string} text
 * @param {() => void} act
 * @param {{kind?: string, name?: string, icon?: SVGElement, title?: string, disabled?: boolean}} [options]
 */
export function button(text, act, { kind = "", name, icon, title, disabled } = {}) {
  const options = { type: "button", class: `button ${kind}`, "aria-label": name, title, disabled };
  return make("button", { ...options, on: { click: act } }, icon, text && make("span", { text }));
}

/**
 * Children of a place that last as long as their items, so that nothing under a finger or a focus is
 * replaced.
 * @template T
 */
export class Kept {
  /**
   * @param {Element} place
   * @param {(item: T) => string | number} keyOf
   * @param {(item: T) => {element: Element, show: (item: T) => void, end?: () => void}} create
   */
  constructor(place, keyOf, create) {
    this.place = place;
    this.keyOf = keyOf;
    this.create = create;
    /** @type {Map<string | number, {element: Element, show: (item: T) => void, end?: () => void}>} */
    this.views = new Map();
  }

  /** @param {T[]} items */
  show(items) {
    const gone = new Set(this.views.keys());
    items.forEach((item, at) => {
      const key = this.keyOf(item);
      gone.delete(key);
      let view = this.views.get(key);
      if (!view) this.views.set(key, (view = this.create(item)));
      view.show(item);
      const there = this.place.children[at];
      if (there !== view.element) this.place.insertBefore(view.element, there || null);
    });
    for (const key of gone) {
      this.views.get(key)?.end?.();
      this.views.get(key)?.element.remove();
      this.views.delete(key);
    }
  }
}

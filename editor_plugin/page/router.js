// Views have addresses behind the “#”, so that reload and back work.

import { byId, fill, make } from "./elements/dom.js";
import { problemBox, refusalOf } from "./elements/problem.js";
import { T } from "./texts.js";

/** @typedef {{title: string, end?: () => void}} Opened */
/** @typedef {(place: HTMLElement, rest: string[], asked: URLSearchParams) => Opened | Promise<Opened>} View */

export const START = "transcribe";

/** @type {Record<string, View>} */
let views = {};
/** @type {(() => void) | undefined} */
let end;
let turn = 0;

/** The view of the address, what comes after it, and its query. */
export function here() {
  const [path, asked = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/").filter(Boolean);
  return { name: name || START, rest, asked: new URLSearchParams(asked) };
}

/** @param {string} address such as “jobs/17” */
export function go(address) {
  location.hash = `#/${address}`;
}

/** @param {Record<string, View>} all */
export async function route(all) {
  views = all;
  window.addEventListener("hashchange", () => {
    if (!location.hash.includes("ticket=")) show(true);
  });
  await show(false); // a person may go elsewhere before it is there
}

/** Show the view of the address. @param {boolean} focus whether the person went there */
async function show(focus) {
  const mine = ++turn;
  const { name, rest, asked } = here();
  end?.();
  end = undefined;
  const place = make("div", { class: `view view-${name}` });
  for (const link of document.querySelectorAll("#views a")) {
    const isHere = link.getAttribute("href") === `#/${name === "jobs" ? START : name}`;
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  fill(byId("view"), place);
  const view = Object.hasOwn(views, name) ? views[name] : unknown;
  let opened;
  try {
    opened = await view(place, rest, asked);
  } catch (error) {
    fill(place, make("h1", { text: T.views.transcribe }), problemBox(refusalOf(error)));
    opened = { title: "Recue" };
  }
  if (mine !== turn) {
    opened.end?.();
    return;
  }
  end = opened.end;
  document.title = T.title(opened.title);
  if (!focus) return;
  const heading = place.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  byId("main").scrollTop = 0;
}

/** @type {View} */
const unknown = (place) => {
  fill(place, make("h1", { text: T.unknownView }), make("a", { href: `#/${START}`, text: T.views.transcribe }));
  return { title: T.unknownView };
};

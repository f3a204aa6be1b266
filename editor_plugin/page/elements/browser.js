// The files of this computer, to choose from without copying anything.

import { ask, query } from "../api/calls.js";
import { formatBytes, formatDate } from "../formats.js";
import { T } from "../texts.js";
import { openDialog } from "./dialog.js";
import { button, fill, make, newId, setText } from "./dom.js";
import { textInput } from "./fields.js";
import { icon } from "./icons.js";
import { problemPlace } from "./problem.js";

/** @typedef {{name: string, path: string, kind: string, bytes?: number}} Picked */

/**
 * Let a person choose files, or one folder. Returns what was chosen; nothing where it was closed.
 * @param {{folders?: boolean, from?: string}} [options]
 * @returns {Promise<Picked[]>}
 */
export function browse({ folders = false, from = "" } = {}) {
  return new Promise((resolve) => {
    const browser = new FileBrowser(folders, (picked) => {
      chosen = picked;
      close();
    });
    /** @type {Picked[]} */
    let chosen = [];
    const title = folders ? T.browser.chooseFolder : T.browser.chooseFiles;
    const { dialog, close } = openDialog(title, browser.content, { kind: "is-wide", foot: browser.foot });
    dialog.addEventListener("close", () => resolve(chosen));
    browser.begin(from);
  });
}

class FileBrowser {
  /** @param {boolean} folders @param {(picked: Picked[]) => void} done */
  constructor(folders, done) {
    this.folders = folders;
    this.done = done;
    this.folder = "";
    /** @type {string | null} */
    this.parent = null;
    /** @type {Map<string, Picked>} */
    this.picked = new Map();
    this.problem = problemPlace();
    this.places = make("ul", { class: "places", "aria-label": T.browser.places });
    this.where = textInput({ "aria-label": T.browser.folder, class: "browser-where" });
    this.where.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.isTyping = false;
      this.open(this.where.value.trim());
    });
    // What a person is typing is left alone by a folder that arrives meanwhile.
    this.isTyping = false;
    for (const kind of ["focus", "input"]) this.where.addEventListener(kind, () => (this.isTyping = true));
    this.where.addEventListener("blur", () => (this.isTyping = false));
    this.like = textInput({ type: "search", "aria-label": T.browser.like, placeholder: T.browser.like });
    this.like.addEventListener("input", () => this.look(this.folder));
    this.list = make("div", { class: "entries", role: "group", "aria-label": T.browser.entries });
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.up = button("", () => this.parent !== null && this.open(this.parent), {
      kind: "is-quiet",
      name: T.browser.up,
      icon: icon("up"),
    });
    this.choose = button("", () => this.finish(), { kind: "is-main" });
    this.said = make("p", { class: "help", role: "status" });
    this.turn = 0;
    const head = make("div", { class: "browser-head" }, this.up, this.where, this.like);
    const right = make("div", { class: "browser-right" }, head, this.problem.element, this.list);
    this.content = [make("div", { class: "browser" }, this.places, right)];
    this.foot = [this.said, this.choose];
    this.showPicked();
  }

  /** @param {string} from */
  async begin(from) {
    const found = await this.problem.trying(() => ask("GET", "/places"));
    const places = found?.places || [];
    fill(
      this.places,
      ...places.map((/** @type {{name: string, path: string}} */ place) =>
        make("li", {}, button(place.name, () => this.open(place.path), { kind: "is-quiet", icon: icon("folder") })),
      ),
    );
    if (!this.turn) await this.open(from || places[0]?.path || ""); // else the person was quicker
  }

  /** @param {string} folder */
  async open(folder) {
    this.like.value = "";
    const isThere = await this.look(folder);
    if (!this.isTyping) /** @type {HTMLElement | null} */ (this.list.querySelector("button, input"))?.focus();
    return isThere;
  }

  /** Show a folder; returns whether it is there. @param {string} folder */
  async look(folder) {
    const turn = ++this.turn;
    const asked = query({ folder, like: this.like.value.trim() });
    const found = await this.problem.trying(() => ask("GET", `/files${asked}`));
    if (!found || turn !== this.turn) return false;
    this.folder = found.folder;
    this.parent = found.parent;
    if (!this.isTyping) this.where.value = found.folder;
    this.up.disabled = found.parent === null;
    const rows = found.entries.map((/** @type {Wire.Entry} */ each) => this.row(each));
    fill(this.list, ...rows, rows.length === 0 && make("p", { class: "empty", text: T.browser.nothing }));
    setText(this.said, found.more ? T.browser.more(found.entries.length) : "");
    return true;
  }

  /** @param {Wire.Entry} entry */
  row(entry) {
    if (entry.kind === "folder") {
      const open = button(entry.name, () => this.open(entry.path), {
        kind: "is-quiet entry-name",
        icon: icon("folder"),
      });
      return make("div", { class: "entry" }, open);
    }
    const about = make("span", { class: "quiet", text: `${formatBytes(entry.bytes)} · ${formatDate(entry.modified)}` });
    const text = [icon(entry.kind === "timeline" ? "transcribe" : "film"), make("span", { text: entry.name })];
    // Where a folder is looked for, its files show whether it is the right one.
    if (this.folders) return make("div", { class: "entry" }, make("span", { class: "entry-name" }, ...text), about);
    const box = make("input", { type: "checkbox", id: newId() });
    box.checked = this.picked.has(entry.path);
    box.addEventListener("change", () => {
      if (box.checked) this.picked.set(entry.path, entry);
      else this.picked.delete(entry.path);
      this.showPicked();
    });
    const label = make("label", { for: box.id, class: "entry-name" }, ...text);
    label.addEventListener("dblclick", () => this.done([entry]));
    return make("div", { class: "entry" }, box, label, about);
  }

  showPicked() {
    const count = this.picked.size;
    setText(this.choose, this.folders ? T.browser.thisFolder : T.browser.choose(count));
    this.choose.disabled = !this.folders && count === 0;
  }

  async finish() {
    const typed = this.where.value.trim();
    if (this.folders && typed !== this.folder && !(await this.open(typed))) return;
    if (this.folders) this.done([{ name: this.folder, path: this.folder, kind: "folder" }]);
    else this.done([...this.picked.values()]);
  }

  /** Up and down go through the entries. @param {KeyboardEvent} event */
  move(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    const all = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("button, input")]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    all[Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
    event.preventDefault();
  }
}

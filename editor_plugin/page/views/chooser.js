// Choosing files: dropped or chosen ones are copied to the engine, those of this computer are not.

import { browse } from "../elements/browser.js";
import { Kept, button, fill, make, setText } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { Refusal } from "../api/session.js";
import { formatBytes } from "../formats.js";
import { remember, remembered } from "../state/remembered.js";
import {
  addPaths,
  addUploads,
  chosenFiles,
  clearChosen,
  removeChosen,
  toggle,
  watchChosen,
} from "../state/selection.js";
import { T } from "../texts.js";
import { isTimeline } from "./names.js";

/** The part of the form with the files. */
export function chooser() {
  const problem = problemPlace();
  const input = make("input", {
    type: "file",
    multiple: true,
    id: "file",
    hidden: true, // its button has the name and the focus
    on: {
      change() {
        addUploads([...(input.files || [])]);
        input.value = "";
      },
    },
  });
  const fromHere = button(T.files.browse, () => pick(), { kind: "is-main", icon: icon("folder") });
  fromHere.dataset.key = "browse";
  const choose = button(T.files.choose, () => input.click(), { icon: icon("file") });
  const list = make("ul", { class: "chosen", "aria-label": T.files.title });
  const clear = button(T.files.clear, () => clearChosen(false), { kind: "is-quiet is-small" });
  const drop = make(
    "div",
    { class: "drop" },
    make("p", { class: "drop-title", text: T.files.drop }),
    make("div", { class: "buttons" }, fromHere, choose, input),
    make("p", { class: "help", text: T.files.help }),
  );
  const head = make("div", { class: "panel-head" }, make("h2", { text: T.files.title }), clear);
  const element = make("section", { class: "chooser" }, head, drop, problem.element, list);
  const kept = new Kept(list, (each) => each.key, row);
  const endChosen = watchChosen(() => {
    kept.show(chosenFiles());
    clear.hidden = chosenFiles().length === 0;
    drop.classList.toggle("is-slim", chosenFiles().length > 0);
  });

  async function pick() {
    const picked = await browse({ from: remembered("folder", "") });
    if (!picked.length) return;
    addPaths(picked);
    remember("folder", picked[0].path.replace(/[/\\][^/\\]*$/, ""));
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    event.preventDefault();
    document.body.classList.remove("is-over");
    const items = [...(event.dataTransfer?.items || [])];
    const folders = items.filter((each) => each.webkitGetAsEntry?.()?.isDirectory);
    const files = [...(event.dataTransfer?.files || [])];
    const names = folders.map((each) => each.webkitGetAsEntry()?.name);
    problem.tell(
      names.length ? new Refusal({ code: "page", ...T.files.isFolder(names.join(", ")) }) : null,
    );
    addUploads(files.filter((each) => !names.includes(each.name)));
  }

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault();
    document.body.classList.toggle("is-over", event.type === "dragover");
  }

  // Wherever on the page: beside a field, a browser would leave this page for the file.
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", over);
  document.addEventListener("drop", dropped);
  return {
    element,
    end() {
      endChosen();
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", over);
      document.removeEventListener("drop", dropped);
    },
  };
}

/** @param {import("../state/selection.js").Chosen} first */
function row(first) {
  const bar = make("progress", { max: 100, value: 0, "aria-label": first.name });
  const about = make("span", { class: "quiet" });
  const steer = button("", () => toggle(first), { kind: "is-quiet is-small" });
  const remove = button("", () => removeChosen(first), {
    kind: "is-quiet is-small",
    name: T.files.remove(first.name),
    icon: icon("cancel"),
  });
  const problem = problemPlace();
  const element = make(
    "li",
    { class: "chosen-file" },
    icon(isTimeline(first.name) ? "transcribe" : "film"),
    make("span", { class: "chosen-name", text: first.name, title: first.path || first.name, dir: "auto" }),
    about,
    first.upload && steer,
    remove,
    first.upload && bar,
    problem.element,
  );
  /** @type {unknown} */
  let told = null;
  return {
    element,
    /** @param {import("../state/selection.js").Chosen} file */
    show(file) {
      const { upload } = file;
      const size = file.bytes === null ? "" : `${formatBytes(file.bytes)} · `;
      if (!upload) return setText(about, size + T.files.here);
      const percent = upload.bytes ? Math.floor((100 * upload.sent) / upload.bytes) : 100;
      bar.value = percent;
      bar.hidden = upload.state === "done";
      steer.hidden = upload.state === "done";
      const goes = upload.state === "sending" || upload.state === "waiting";
      steer.setAttribute("aria-label", (goes ? T.files.pause : T.files.resume)(file.name));
      fill(steer, icon(goes ? "pause" : "resume"));
      const states = {
        waiting: T.files.waiting,
        sending: T.files.copying(percent),
        paused: T.states.paused,
        failed: T.states.failed,
        done: T.files.copied,
      };
      setText(about, size + states[upload.state]);
      if (told !== upload.error) problem.tell((told = upload.error));
    },
  };
}

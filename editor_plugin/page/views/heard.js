// The text of a job as it is recognised.

import { ask } from "../api/calls.js";
import { make, newId, setText } from "../elements/dom.js";
import { clock } from "../formats.js";
import { addWords, watch, wordsOf } from "../state/store.js";
import { T } from "../texts.js";

/** @param {number} job */
export function heardText(job) {
  const id = newId();
  const list = make("ol", { class: "heard-list" });
  const none = make("p", { class: "empty", text: T.job.listening });
  const scroll = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": id }, none, list);
  const element = make("section", { class: "panel live" }, make("h2", { id, text: T.job.live }), scroll);
  element.hidden = true;
  let shown = 0;
  let asked = false;

  function show() {
    const all = wordsOf(job);
    if (all.length < shown) {
      list.replaceChildren();
      shown = 0;
      if (asked) catchUp(); // the whole state came again, and with it no text
    }
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
    for (const each of all.slice(shown))
      {list.append(
        make(
          "li",
          {},
          make("span", { class: "time", text: clock(each.start) }),
          make("span", { text: each.text, dir: "auto" }),
        ),
      );}
    shown = all.length;
    none.hidden = shown > 0;
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  /** What was recognised before the page came. */
  async function catchUp() {
    asked = true;
    const { news } = await ask("GET", `/jobs/${job}/news?after=0`).catch(() => ({ news: [] }));
    addWords(
      job,
      news.filter((/** @type {any} */ each) => each.event === "words"),
    );
  }

  const end = watch(["words"], show);
  return {
    element,
    /** @param {Wire.Job} status */
    show(status) {
      element.hidden = !["running", "paused", "cancelled"].includes(status.state);
      if (!element.hidden && !asked) catchUp();
      if (status.state !== "running") setText(none, "");
    },
    end,
  };
}

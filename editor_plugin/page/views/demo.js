// Where the demo model alone is here, the page says plainly what it is.

import { ask } from "../api/calls.js";
import { Refusal } from "../api/session.js";
import { button, fill, make, setText } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { formatBytes } from "../formats.js";
import { isKnown, models, takeModel, watch } from "../state/store.js";
import { T } from "../texts.js";

/** The notice; it is hidden where a real model is here. */
export function demoNotice() {
  const problem = problemPlace();
  const buttons = make("div", { class: "buttons" });
  const bar = make("progress", { max: 100, "aria-label": T.demo.bar });
  const element = make(
    "section",
    { class: "notice", "aria-label": T.demo.title },
    icon("info"),
    make(
      "div",
      {},
      make("h2", { text: T.demo.title }),
      make("p", { text: T.demo.what }),
      buttons,
      bar,
      problem.element,
    ),
  );
  element.hidden = true;
  let name = "";

  const tryIt = button(T.demo.try, () => problem.trying(start), { kind: "is-main", icon: icon("play") });

  async function start() {
    const { film } = await ask("GET", "/demo");
    const demo = models.find((each) => each.is_demo);
    const settings = demo ? { model: demo.name } : {};
    await ask("POST", "/jobs", { orders: [{ input: film, outputs: [] }], settings });
  }

  const fetch = button(
    T.models.fetch,
    () => problem.trying(async () => takeModel(await ask("POST", `/models/${name}/fetch`))),
    { icon: icon("save") },
  );
  const text = /** @type {HTMLElement} */ (fetch.querySelector("span"));
  fill(buttons, tryIt, fetch);

  const end = watch(["models"], () => {
    const real = models.filter((each) => !each.is_demo);
    const offered = real.find((each) => each.is_default) || real[0];
    element.hidden = !isKnown || real.some((each) => each.is_here) || !offered;
    if (element.hidden) return;
    name = offered.name;
    const percent = offered.bytes ? Math.floor((100 * offered.received) / offered.bytes) : 0;
    bar.hidden = !offered.doing;
    bar.value = percent;
    fetch.disabled = offered.doing === "fetching" || offered.doing === "waiting";
    setText(
      text,
      offered.doing
        ? T.demo.fetching(offered.title, percent)
        : T.demo.fetch(offered.title, formatBytes(offered.bytes)),
    );
    if (offered.error && !offered.doing) problem.tell(new Refusal(offered.error));
  });
  return { element, end };
}

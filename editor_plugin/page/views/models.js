// The models: what is here, and fetching the others.

import { ask } from "../api/calls.js";
import { Refusal } from "../api/session.js";
import { confirmed } from "../elements/dialog.js";
import { Kept, button, fill, make, newId, setText } from "../elements/dom.js";
import { progressBar } from "../elements/fields.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { formatBytes, languageName } from "../formats.js";
import { models, takeModel, watch } from "../state/store.js";
import { T } from "../texts.js";

/** @type {import("../router.js").View} */
export function openModels(place) {
  const list = make("ul", { class: "cards" });
  fill(
    place,
    make("header", { class: "view-head" }, make("h1", { text: T.views.models }), make("p", { class: "lead", text: T.models.lead })),
    list,
  );
  const kept = new Kept(list, (/** @type {Wire.Model} */ model) => model.name, card);
  const end = watch(["models"], () =>
    kept.show([...models].sort((a, b) => Number(b.is_here) - Number(a.is_here) || Number(b.is_default) - Number(a.is_default))),
  );
  return { title: T.views.models, end };
}

/** @param {Wire.Model} first */
function card(first) {
  const { name } = first;
  const id = newId();
  const problem = problemPlace();
  const state = make("span", { class: "badge" });
  const standard = make("span", { class: "badge is-accent", text: T.models.isDefault });
  const bar = progressBar(id);
  const received = make("span", { class: "quiet" });
  const speed = make("dd");
  /** @param {"POST" | "DELETE"} method @param {string} act */
  const does = (method, act) => () =>
    problem.trying(async () => takeModel(await ask(method, `/models/${encodeURIComponent(name)}${act}`)));
  const remove = async () => {
    const text = T.models.removeText(formatBytes(first.bytes));
    if (await confirmed(T.models.removeSure(first.title), text, T.models.remove)) does("DELETE", "")();
  };
  /** @param {string} text @param {() => void} act @param {import("../elements/icons.js").IconName} picture @param {string} [kind] */
  const named = (text, act, picture, kind = "") =>
    button(text, act, { name: T.job.of(text, first.title), icon: icon(picture), kind: `is-small ${kind}` });
  const acts = {
    fetch: named(T.models.fetch, does("POST", "/fetch"), "save", "is-main"),
    goOn: named(T.models.goOn, does("POST", "/fetch"), "resume", "is-main"),
    pause: named(T.models.pause, does("POST", "/pause"), "pause"),
    verify: named(T.models.verify, does("POST", "/verify"), "done"),
    remove: named(T.models.remove, remove, "remove", "is-quiet"),
  };
  const buttons = make("div", { class: "buttons" }, ...Object.values(acts));
  const element = make(
    "li",
    { class: "panel card", "aria-labelledby": id },
    make("div", { class: "card-head" }, make("h2", { id, text: first.title }), standard, state),
    first.is_demo
      ? make("p", { class: "note", text: T.demo.itself })
      : make("p", { class: "quiet", text: first.about }),
    make(
      "dl",
      { class: "facts" },
      ...fact(T.models.size, formatBytes(first.bytes)),
      ...fact(T.models.languages, languages(first.languages)),
      make("dt", { text: T.models.speed }),
      speed,
      ...fact(T.models.licence, first.licence_url ? link(first.licence, first.licence_url) : first.licence),
      ...(first.source ? fact(T.models.source, first.source) : []),
    ),
    make("div", { class: "fetching" }, bar, received),
    buttons,
    problem.element,
  );
  let told = "";
  return {
    element,
    /** @param {Wire.Model} model */
    show(model) {
      element.dataset.model = name;
      setText(state, model.is_here ? T.models.here : T.models.notHere);
      state.classList.toggle("is-good", model.is_here);
      standard.hidden = !model.is_default;
      setText(speed, model.speed === null ? T.models.unmeasured : T.models.times(model.speed));
      const isPartial = !model.is_here && model.received > 0;
      bar.hidden = !(model.doing || isPartial);
      if (model.doing === "verifying") bar.removeAttribute("value");
      else bar.value = model.bytes ? (100 * model.received) / model.bytes : 0;
      setText(
        received,
        bar.hidden
          ? ""
          : model.doing === "verifying" || model.doing === "waiting"
            ? T.models[model.doing]
            : T.models.fetching(formatBytes(model.received), formatBytes(model.bytes)),
      );
      const rests = !model.doing || model.doing === "paused";
      acts.fetch.hidden = model.is_here || isPartial || !rests;
      acts.goOn.hidden = model.is_here || !isPartial || !rests;
      acts.pause.hidden = model.doing !== "fetching" && model.doing !== "waiting";
      acts.verify.hidden = !model.is_here || !rests;
      acts.remove.hidden = model.is_demo || !(model.is_here || isPartial) || !rests;
      const text = JSON.stringify(model.error);
      if (text !== told) problem.tell(model.error && new Refusal(model.error));
      told = text;
    },
  };
}

/** @param {string} name @param {string | Node} content */
const fact = (name, content) => [make("dt", { text: name }), make("dd", { dir: "auto" }, content)];

/** @param {string[]} codes */
function languages(codes) {
  if (codes.length <= 4) return codes.map(languageName).join(", ");
  const names = codes.map(languageName).sort((a, b) => a.localeCompare(b));
  return make("span", { title: names.join(", "), text: T.models.manyLanguages(codes.length) });
}

/** A link that leaves the page for the network, where its address is plain. @param {string} text @param {string} address */
function link(text, address) {
  if (!address.startsWith("https://")) return text;
  return make("a", { href: address, text, target: "_blank", rel: "noopener noreferrer" });
}

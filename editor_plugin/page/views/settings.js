// The settings, and the checks of the installation.

import { ask } from "../api/calls.js";
import { Refusal } from "../api/session.js";
import { button, fill, make, newId } from "../elements/dom.js";
import { field, select, textInput } from "../elements/fields.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { say } from "../elements/say.js";
import { T } from "../texts.js";
import { doctor } from "./doctor.js";

/** @type {import("../router.js").View} */
export async function openSettings(place) {
  const problem = problemPlace();
  const path = make("p", { class: "lead" });
  const form = make("div", { class: "settings" });
  /** @type {Record<string, any>} */
  let changes = {};
  const store = button(T.settings.save, () => send(), { kind: "is-main" });

  async function send() {
    const found = await problem.trying(() => ask("PUT", "/settings", changes));
    if (!found) return;
    show(found);
    say(T.settings.saved);
  }

  /** @param {{path: string, settings: Wire.Setting[], error: Wire.Problem | null}} found */
  function show(found) {
    changes = {};
    store.disabled = true;
    path.textContent = T.settings.path(found.path);
    fill(form, ...found.settings.map(row));
    if (found.error) problem.tell(new Refusal(found.error));
  }

  /** @param {string} key @param {any} value */
  function change(key, value) {
    changes[key] = value;
    store.disabled = false;
  }

  /** @param {Wire.Setting} setting */
  function row(setting) {
    const { key } = setting;
    const bounds = setting.least !== null && setting.most !== null ? T.settings.range(setting.least, setting.most) : "";
    const standard = setting.default === null || setting.default === "" ? T.settings.none : String(setting.default);
    const help = [setting.meaning, bounds, T.settings.byDefault(standard)].filter(Boolean).join(" ");
    const reset = button("", () => ((changes = { ...changes, [key]: null }), send()), {
      kind: "is-quiet is-small",
      icon: icon("again"),
      name: T.settings.resetOf(key),
      title: T.settings.reset,
    });
    reset.hidden = !setting.is_set;
    return make("div", { class: "setting" }, field(key, control(setting), help, reset));
  }

  /** @param {Wire.Setting} setting */
  function control({ key, kind, value, choices, least, most }) {
    if (kind === "choice") {
      const items = choices.map((each) => /** @type {[string, string]} */ ([each, each]));
      const list = select(items, String(value ?? ""), () => change(key, list.value));
      return list;
    }
    const input = textInput({ value: value ?? "", ...(kind === "number" && { type: "number", min: least, max: most, step: "any" }) });
    const known = choices.length ? make("datalist", { id: newId() }, ...choices.map((each) => make("option", { value: each }))) : null;
    if (known) {
      input.setAttribute("list", known.id);
      form.append(known);
    }
    input.addEventListener("input", () => {
      if (input.value.trim() === "") return change(key, null);
      change(key, kind === "number" ? Number(input.value) : input.value.trim());
    });
    return input;
  }

  const checks = doctor();
  fill(
    place,
    make("header", { class: "view-head" }, make("h1", { text: T.views.settings }), path),
    make("section", { class: "panel", "aria-label": T.views.settings }, form, problem.element, make("div", { class: "buttons" }, store)),
    checks.element,
  );
  const found = await problem.trying(() => ask("GET", "/settings"));
  if (found) show(found);
  return { title: T.views.settings };
}

// How to transcribe: what was chosen last is chosen again.

import { ask } from "../api/calls.js";
import { browse } from "../elements/browser.js";
import { button, fill, make } from "../elements/dom.js";
import { choice, field, select, setItems, textInput, tick, typedPath } from "../elements/fields.js";
import { problemPlace } from "../elements/problem.js";
import { formatBytes, languageName } from "../formats.js";
import { remember, remembered } from "../state/remembered.js";
import { DEFAULTS, NOTHING } from "../state/request.js";
import { chosenFiles } from "../state/selection.js";
import { models, watch } from "../state/store.js";
import { T } from "../texts.js";
import { onceFields } from "./once.js";
import { stylePreview } from "./preview.js";

/** The formats that most people want; the others are a click away. */
const COMMON = ["srt", "vtt", "txt", "fcpxml"];

/** The part of the form with the options. */
export function optionsForm() {
  /** @type {import("../state/request.js").Options} */
  const values = { ...DEFAULTS, ...remembered("options", {}) };
  /** @type {import("../state/request.js").Once} */
  const once = { ...NOTHING };
  /** @type {Wire.Format[]} */
  let formats = [];
  let usual = ""; // the style of the settings
  const problem = problemPlace();
  const preview = stylePreview();

  const model = select([], "", () => set("model", model.value));
  const language = select([], "", () => set("language", language.value));
  const style = select([["", T.options.styleDefault]], "", () => set("style", style.value));
  const formatPlace = make("div", { class: "chips" });
  const rarePlace = make("div", { class: "chips" });
  const rareFormats = make("details", {}, make("summary", { text: T.options.moreFormats }), rarePlace);
  const folder = textInput({ value: values.folder });
  folder.addEventListener("change", () => set("folder", typedPath(folder)));
  const findFolder = button(T.options.find, async () => {
    const [picked] = await browse({ folders: true, from: values.folder });
    if (picked) set("folder", (folder.value = picked.path));
  });
  const folderField = field(T.options.folderPath, folder, "", findFolder);
  const copiedHelp = make("p", { class: "help", text: T.options.besideCopied });
  /** @type {[string, string][]} */
  const places = [
    ["beside", T.options.beside],
    ["folder", T.options.folder],
    ["here", T.options.here],
  ];
  const where = choice(T.options.where, places, values.where, (value) =>
    set("where", /** @type {any} */ (value)),
  );
  const rest = onceFields(once, values, (name, value) => set(name, value));

  /** @param {keyof typeof values} name @param {any} value */
  function set(name, value) {
    Object.assign(values, { [name]: value });
    remember("options", { ...values });
    show();
  }

  function show() {
    const chosen = models.find((each) => each.name === values.model);
    const standard = models.find((each) => each.is_default && each.is_here);
    const usable = chosen?.is_here ? chosen : standard || models.find((each) => each.is_here);
    const ordered = [...models].sort((a, b) => Number(b.is_here) - Number(a.is_here));
    setItems(model, ordered.map(itemOf), usable?.name || values.model);
    if (usable && values.model !== usable.name && !chosen) values.model = usable.name;
    const codes = models.find((each) => each.name === model.value)?.languages || [];
    const names = codes.map((code) => /** @type {[string, string]} */ ([code, languageName(code)]));
    names.sort((a, b) => a[1].localeCompare(b[1]));
    setItems(language, [["", T.options.auto], ...names], codes.includes(values.language) ? values.language : "");
    folderField.hidden = values.where !== "folder";
    copiedHelp.hidden = values.where !== "beside" || !chosenFiles().some((each) => each.upload);
    preview.show(values.style || usual);
  }

  async function load() {
    await problem.trying(async () => {
      const [{ formats: all }, { styles }, { settings }] = await Promise.all(
        ["/formats", "/styles", "/settings"].map((path) => ask("GET", path)),
      );
      formats = all;
      usual = settings.find((/** @type {Wire.Setting} */ each) => each.key === "style")?.value || "";
      /** @type {[string, string][]} */
      const items = styles.map((/** @type {Wire.Style} */ each) => [each.name, each.title]);
      preview.know(styles);
      setItems(style, [["", T.options.styleDefault], ...items], values.style);
      values.style = style.value;
      const rare = formats.filter((each) => !COMMON.includes(each.name));
      const common = COMMON.flatMap((name) => formats.filter((each) => each.name === name));
      fill(formatPlace, ...common.map(formatTick));
      fill(rarePlace, ...rare.map(formatTick));
      rareFormats.open = rare.some((each) => values.formats.includes(each.name));
    });
    show();
  }

  /** @param {Wire.Format} format */
  function formatTick(format) {
    const flip = (/** @type {boolean} */ isOn) => {
      const others = values.formats.filter((each) => each !== format.name);
      set("formats", isOn ? [...others, format.name] : others);
    };
    return tick(format.title, values.formats.includes(format.name), flip, "chip");
  }

  const endModels = watch(["models"], show);
  const formatSet = make(
    "fieldset",
    { class: "choice" },
    make("legend", { text: T.options.formats }),
    formatPlace,
    rareFormats,
  );
  const element = make(
    "section",
    { class: "options" },
    make("h2", { text: T.options.title }),
    problem.element,
    make("div", { class: "two" }, field(T.options.model, model), field(T.options.language, language)),
    field(T.options.style, style),
    preview.element,
    formatSet,
    where,
    copiedHelp,
    folderField,
    rest.element,
  );
  return {
    element,
    ready: load(),
    values: () => ({ ...values, model: model.value, language: language.value }),
    once: () => once,
    formats: () => formats,
    forgetOnce: rest.forget,
    chosenChanged: show,
    end: endModels,
  };
}

/** @param {Wire.Model} model @returns {[string, string]} */
const itemOf = (model) => [
  model.name,
  model.is_here ? model.title : `${model.title} (${T.options.notHere}, ${formatBytes(model.bytes)})`,
];

// The request for a job, from the chosen files and options; see docs/design/engine.md.

import { stemOf } from "../api/saving.js";
import { Refusal } from "../api/session.js";
import { T } from "../texts.js";
import { pathOf } from "./selection.js";

/** @typedef {{model: string, language: string, style: string, formats: string[], where: "beside" | "folder" | "here",
 *    folder: string, project: string, shots: boolean}} Options what is chosen again the next time */
/** @typedef {{from: string, to: string, stream: string, channel: string, media: string, rate: string}} Once
 *    what concerns these files alone */

/** @type {Options} */
export const DEFAULTS = {
  model: "",
  language: "",
  style: "",
  formats: ["srt"],
  where: "beside",
  folder: "",
  project: "",
  shots: false,
};
/** @type {Once} */
export const NOTHING = { from: "", to: "", stream: "", channel: "", media: "", rate: "" };

/** @param {{message: string, todo: string}} problem */
const refuse = (problem) => new Refusal({ code: "page", ...problem });

/** @param {string} path the folder of a path, with its last separator */
const folderOf = (path) => path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

/** A folder with a separator of its own kind at its end. @param {string} folder */
export function withSeparator(folder) {
  if (/[/\\]$/.test(folder)) return folder;
  return folder + (folder.includes("\\") && !folder.includes("/") ? "\\" : "/");
}

/** A number that a person counts from 1, as the engine does from 0. @param {string} text */
function fromOne(text) {
  if (!text.trim()) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text.trim())) throw refuse(T.options.numberWrong);
  return Number(text) - 1;
}

/**
 * The request. Raises Refusal where something is wrong that the page can see.
 * @param {import("./selection.js").Chosen[]} files
 * @param {Options} options
 * @param {Once} once
 * @param {Wire.Format[]} formats
 */
export function requestOf(files, options, once, formats) {
  if (!files.length) throw refuse(T.nothingChosen);
  if (Boolean(once.from.trim()) !== Boolean(once.to.trim())) throw refuse(T.options.spanHalf);
  if (options.where === "folder" && !options.folder) throw refuse(T.options.noFolder);
  const stream = fromOne(once.stream);
  const channel = fromOne(once.channel);
  const taken = new Set(files.map(pathOf));
  const orders = files.map((file) => ({
    input: pathOf(file),
    outputs: outputsOf(file, options, formats, taken),
    ...(once.from.trim() && { span: [once.from.trim(), once.to.trim()] }),
    ...(stream !== undefined && { stream }),
    ...(channel !== undefined && { channel }),
    ...(once.media && { media_folders: [once.media] }),
    ...(once.rate && { rate: once.rate }),
  }));
  const settings = {
    ...(options.model && { model: options.model }),
    ...(options.style && { style: options.style }),
    ...(options.language && { language: options.language }),
    ...(options.project && { project: options.project }),
    ...(options.shots && { find_shot_changes: true }),
  };
  return { orders, settings };
}

/**
 * The files to be written from one input; no two of a request have one name, and none is an input.
 * @param {import("./selection.js").Chosen} file
 * @param {Options} options
 * @param {Wire.Format[]} formats
 * @param {Set<string>} taken
 */
function outputsOf(file, options, formats, taken) {
  const isCopied = file.upload !== null;
  if (options.where === "here" || (options.where === "beside" && isCopied)) return [];
  const folder = options.where === "folder" ? withSeparator(options.folder) : folderOf(file.path);
  const stem = stemOf(file.name).replace(/\.words$/, "");
  return formats
    .filter((format) => options.formats.includes(format.name))
    .map((format) => {
      let path = `${folder}${stem}${format.suffix}`;
      for (let number = 2; taken.has(path); number++) path = `${folder}${stem} ${number}${format.suffix}`;
      taken.add(path);
      return { format: format.name, path };
    });
}

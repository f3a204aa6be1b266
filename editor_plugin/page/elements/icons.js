// Small pictures beside texts, drawn as lines on a field of 24 by 24.

const SHAPES = {
  transcribe: "M4 6h16M4 12h10M4 18h7M17 14v6M14 17h6",
  media: "M3 5h18v14H3zM8 5v14M16 5v14M3 10h5M3 14h5M16 10h5M16 14h5",
  models: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  corrections: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  watches: "M3 6h6l2 2h10v11H3zM12 11v3l2 1",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  pause: "M8 5v14M16 5v14",
  resume: "M7 5l12 7-12 7z",
  play: "M7 5l12 7-12 7z",
  cancel: "M6 6l12 12M18 6L6 18",
  first: "M12 20V8M6 13l6-6 6 6M5 4h14",
  again: "M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  save: "M12 4v11M7 11l5 5 5-5M4 20h16",
  folder: "M3 6h6l2 2h10v11H3z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  film: "M3 5h18v14H3zM10 9l5 3-5 3z",
  up: "M12 19V6M6 11l6-6 6 6",
  search: "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L21 21",
  add: "M12 5v14M5 12h14",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  done: "M5 13l4 4L19 7",
  failed: "M12 4l9 16H3zM12 10v4M12 17v.5",
  queued: "M12 7v5l3 2M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z",
  running: "M4 12h2l2-6 4 13 3-9 2 2h3",
  paused: "M9 6v12M15 6v12",
  cancelled: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM6 6l12 12",
  info: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM12 11v5M12 7.5v.5",
  keys: "M3 6h18v12H3zM7 10h.5M11 10h.5M15 10h.5M8 14h8",
};

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {keyof typeof SHAPES} IconName */

/** A picture that says nothing to a screen reader. @param {IconName} name */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  picture.append(path);
  return picture;
}

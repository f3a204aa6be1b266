// The page of Recue's engine: enter, follow the engine's state, and show the view of the address.

import { Refusal, enter, hasSession, proven } from "./api/session.js";
import { follow } from "./api/stream.js";
import { byId, fill, make, setAttribute, setText } from "./elements/dom.js";
import { icon } from "./elements/icons.js";
import { problemBox, refusalOf } from "./elements/problem.js";
import { say } from "./elements/say.js";
import { addKeys } from "./keys.js";
import { route } from "./router.js";
import { recall } from "./state/remembered.js";
import { connected, connection, take, watch } from "./state/store.js";
import { GONE, T } from "./texts.js";
import { openCorrections } from "./views/corrections.js";
import { openJob } from "./views/job.js";
import { openMedia } from "./views/media.js";
import { openModels } from "./views/models.js";
import { openSettings } from "./views/settings.js";
import { announceJobs } from "./views/announce.js";
import { openTranscribe } from "./views/transcribe.js";
import { openWatches } from "./views/watches.js";

/** @type {[keyof typeof T.views & import("./elements/icons.js").IconName, import("./router.js").View][]} */
const VIEWS = [
  ["transcribe", openTranscribe],
  ["media", openMedia],
  ["models", openModels],
  ["corrections", openCorrections],
  ["watches", openWatches],
  ["settings", openSettings],
];

/** How long a connection may be broken before the page says so, in milliseconds. */
const PATIENCE = 1500;

function showNavigation() {
  fill(
    byId("views"),
    ...VIEWS.map(([name]) =>
      make("li", {}, make("a", { href: `#/${name}` }, icon(name), make("span", { text: T.views[name] }))),
    ),
  );
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
}

let wasAway = false;
let timer = 0;

function showConnection() {
  clearTimeout(timer);
  const { state, error } = connection;
  const shown = () => {
    setText(byId("connection"), T.connection[state]);
    setAttribute(byId("connection"), "data-state", state);
    const isBad = state === "away" || state === "stopped";
    if (isBad) tellAway(error);
    else fill(byId("banner"));
    if (state === "live" && wasAway) say(T.connection.again);
    wasAway = isBad;
  };
  if (state === "away" && !wasAway) timer = window.setTimeout(shown, PATIENCE);
  else shown();
}

/** Say why nothing is up to date any more. @param {unknown} error */
async function tellAway(error) {
  if (byId("banner").childElementCount) return;
  const why = error instanceof Refusal ? error : await gone();
  fill(byId("banner"), problemBox(why));
}

/** Why no call succeeds. */
async function gone() {
  try {
    await proven();
  } catch (error) {
    return refusalOf(error);
  }
  return new Refusal(GONE);
}

async function begin() {
  await enter();
  if (!hasSession()) {
    connected("stopped", await gone());
    return;
  }
  follow(take, connected, new AbortController().signal);
  announceJobs();
  await recall().catch(() => null);
  await route(Object.fromEntries([...VIEWS, ["jobs", openJob]]));
}

showNavigation();
addKeys();
watch(["connection"], showConnection);
window.addEventListener("hashchange", () => {
  if (location.hash.includes("ticket=")) location.reload();
});
begin();

// What was heard: every file, and a search over every word.

import { ask, query } from "../api/calls.js";
import { confirmed } from "../elements/dialog.js";
import { button, fill, make, setText } from "../elements/dom.js";
import { textInput } from "../elements/fields.js";
import { icon } from "../elements/icons.js";
import { problemPlace } from "../elements/problem.js";
import { say } from "../elements/say.js";
import { clock, formatDate, languageName } from "../formats.js";
import { T } from "../texts.js";
import { player } from "./player.js";

const LATER = 200; // milliseconds after the last letter
const MOST_HITS = 100;

/** @type {import("../router.js").View} */
export async function openMedia(place, _, asked) {
  const problem = problemPlace();
  const film = player(problem);
  const search = textInput({ type: "search", "aria-label": T.media.search, placeholder: T.media.search, value: asked.get("words") || "" });
  const filter = textInput({ "aria-label": T.media.filter, placeholder: T.media.filter });
  const hits = make("ol", { class: "hits", "aria-label": T.media.search });
  const said = make("p", { class: "help", role: "status", text: T.media.searchHelp });
  const list = make("ul", { class: "stored" });
  const more = button(T.media.more, () => load(after));
  const none = make("p", { class: "empty", text: T.media.none });
  let after = 0;
  let turn = 0;
  let timer = 0;

  async function find() {
    const words = search.value.trim();
    const mine = ++turn;
    const address = words ? `#/media${query({ words })}` : "#/media";
    if (location.hash !== address) history.replaceState(null, "", address);
    if (!words) {
      fill(hits);
      return setText(said, T.media.searchHelp);
    }
    const found = await problem.trying(() => ask("GET", `/words${query({ like: words, limit: MOST_HITS })}`));
    if (!found || mine !== turn) return;
    fill(hits, ...found.hits.map(hitRow));
    setText(said, found.hits.length ? T.media.hits(found.hits.length, found.more) : T.media.noHits);
    if (found.unindexed) setText(said, `${said.textContent} ${T.media.unindexed(found.unindexed)}`);
  }

  /** @param {Wire.Hit} hit */
  const hitRow = (hit) =>
    make(
      "li",
      { class: "hit" },
      button(clock(hit.start), () => film.play(hit, hit.start), {
        kind: "is-small",
        name: T.media.play(clock(hit.start)),
        icon: icon("play"),
      }),
      make(
        "p",
        { dir: "auto" },
        `${hit.before} `,
        make("mark", { text: hit.text }),
        ` ${hit.after}`,
      ),
      make("span", { class: "quiet", text: hit.name, dir: "auto" }),
    );

  /** @param {number} from */
  async function load(from) {
    const wanted = query({ like: filter.value.trim(), after: from || null });
    const found = await problem.trying(() => ask("GET", `/stored${wanted}`));
    if (!found) return;
    const rows = found.stored.map((/** @type {Wire.Stored} */ each) => storedRow(each));
    if (from) list.append(...rows);
    else fill(list, ...rows);
    after = found.stored.at(-1)?.id || 0;
    more.hidden = !found.more;
    none.hidden = list.childElementCount > 0;
  }

  /** @param {Wire.Stored} stored */
  function storedRow(stored) {
    const heard = stored.heard.map((each) => {
      const language = each.language ? `, ${languageName(each.language)}` : "";
      return `${each.model || T.media.otherModel}${language} (${clock(each.seconds)})`;
    });
    const facts = [
      stored.seconds !== null && clock(stored.seconds),
      T.job.words(stored.words),
      stored.corrections > 0 && T.corrections.count(stored.corrections),
      stored.last_used && formatDate(stored.last_used),
    ].filter(Boolean);
    const forget = async () => {
      if (!(await confirmed(T.media.forgetSure(stored.name), T.media.forgetText, T.media.forget))) return;
      const done = await problem.trying(() => ask("DELETE", `/stored/${stored.id}`).then(() => true));
      if (!done) return;
      element.remove();
      say(T.media.forgotten);
      none.hidden = list.childElementCount > 0;
    };
    const afresh = () =>
      problem.trying(async () => {
        await ask("POST", "/jobs", { orders: [{ input: stored.path, outputs: [], again: true }] });
        say(T.queue.added);
      });
    const play = { stored: stored.id, name: stored.name };
    const of = (/** @type {string} */ text) => ({ kind: "is-small is-quiet", name: T.job.of(text, stored.name) });
    const element = make(
      "li",
      { class: "panel stored-file" },
      make(
        "div",
        {},
        make("h3", { text: stored.name, title: stored.path || "", dir: "auto" }),
        make("p", { class: "quiet", text: facts.join(" · ") }),
        heard.length > 0 && make("p", { class: "quiet", text: `${T.media.heard} ${heard.join("; ")}` }),
        !stored.is_there && make("p", { class: "note", text: T.media.away }),
      ),
      make(
        "div",
        { class: "buttons" },
        stored.is_there && button(T.media.playIt, () => film.play(play, 0), { ...of(T.media.playIt), icon: icon("play") }),
        stored.is_there && button(T.media.again, afresh, { ...of(T.media.again), icon: icon("again") }),
        button(T.media.forget, forget, { ...of(T.media.forget), icon: icon("remove") }),
      ),
    );
    return element;
  }

  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(find, LATER);
  });
  filter.addEventListener("input", () => load(0));
  fill(
    place,
    make("header", { class: "view-head" }, make("h1", { text: T.views.media }), make("p", { class: "lead", text: T.media.lead })),
    make("section", { class: "panel search", "aria-label": T.media.search }, search, said, hits),
    problem.element,
    film.element,
    make("div", { class: "row-head" }, make("h2", { text: T.media.files }), filter),
    none,
    list,
    more,
  );
  await Promise.all([load(0), find()]);
  return { title: T.views.media, end: film.end };
}

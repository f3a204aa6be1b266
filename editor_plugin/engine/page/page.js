"use strict";
// The page of Recue's engine. Everything it shows goes in as text, never as HTML.

const SESSION = "recue-session";
const POLL = 1000;
const PART_BYTES = 4 * 1024 * 1024; // of an upload; in memory as a whole
const STATES = {
  queued: "waiting for its turn",
  running: "being transcribed",
  paused: "paused",
  done: "finished",
  failed: "failed",
  cancelled: "cancelled; what was heard is kept",
};
const BUTTONS = {
  first: { label: "Do this first", states: ["queued"] },
  pause: { label: "Pause", states: ["queued", "running"] },
  resume: { label: "Resume", states: ["paused"] },
  cancel: { label: "Cancel", states: ["queued", "running", "paused"] },
};

const byId = (id) => document.getElementById(id);

function make(tag, options = {}, ...children) {
  const element = Object.assign(document.createElement(tag), options);
  element.append(...children);
  return element;
}

// The engine.

/** An error of the engine, or one of that form: what happened, and what to do. */
class Refusal extends Error {
  constructor({ message, todo, remedies }) {
    super(message);
    this.todo = todo;
    this.remedies = remedies;
  }
}

/** What to do about an error: the engine says it for the page; one of before this has `todo` alone. */
const remedy = (error) => error.remedies?.page || error.todo || "";

const GONE = {
  message: "Recue's engine has ended, or is another one now.",
  todo: "Open this page again, as you opened it before. Jobs are kept.",
};

let session = null; // { name, secret }
let lost = GONE; // why there is none

/** Exchange the ticket of the address, which is good once, for a session of this tab alone. It goes
 *  into no history and no screenshot, and the session outlives a reload. */
async function enter() {
  const ticket = new URLSearchParams(location.hash.slice(1)).get("ticket");
  session = JSON.parse(sessionStorage.getItem(SESSION));
  if (!ticket) return;
  history.replaceState(null, "", location.pathname);
  sessionStorage.removeItem(SESSION);
  session = null;
  lost = GONE;
  try {
    const headers = { "Recue-Ticket": ticket };
    const answer = await fetch("/sessions", { method: "POST", headers, cache: "no-store" });
    const content = await answer.json();
    if (answer.ok) session = content;
    else if (content.error.code === "ticket-used") lost = content.error;
  } catch {
    return;
  }
  if (session) sessionStorage.setItem(SESSION, JSON.stringify(session));
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Let the engine show that it is the one that the session is of: another program may have its port.
 *  That is asked before each call, as a page is not told when its connection is made anew. */
async function prove() {
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const path = `/proof/${nonce}?session=${session.name}`;
  const answer = await (await fetch(path, { cache: "no-store" })).json();
  const text = new TextEncoder();
  const kind = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(session.secret), kind, false, ["sign"]);
  const proof = hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(nonce))));
  if (answer.proof !== proof) throw new Error("a stranger");
}

/** Make a call; raises Refusal. A body is sent as JSON, a file as it is. */
async function ask(method, path, body, more = {}) {
  let answer, content;
  if (!session) throw new Refusal(lost);
  try {
    await prove();
    const headers = { Authorization: `Bearer ${session.secret}`, ...more };
    if (body instanceof Blob) headers["Content-Type"] = "application/octet-stream";
    else if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      body = JSON.stringify(body);
    }
    answer = await fetch(path, { method, headers, body, cache: "no-store" });
    content = await answer.json();
  } catch {
    throw new Refusal(GONE);
  }
  if (answer.status === 401) throw new Refusal(GONE);
  if (!answer.ok) throw new Refusal(content.error);
  return content;
}

// Words for people.

function timeOf(fraction) {
  const [over, under = "1"] = fraction.split("/");
  const all = Math.round((1000 * Number(over)) / Number(under));
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const rest = String(all % 1000).padStart(3, "0");
  return `${two(all / 3600000)}:${two((all / 60000) % 60)}:${two((all / 1000) % 60)}.${rest}`;
}

function duration(seconds) {
  for (const [length, unit] of [[3600, "hour"], [60, "minute"]]) {
    if (seconds >= 1.5 * length) return `${Math.round(seconds / length)} ${unit}s`;
    if (seconds >= 0.9 * length) return `1 ${unit}`;
  }
  const whole = Math.max(1, Math.round(seconds));
  return `${whole} second${whole > 1 ? "s" : ""}`;
}

function about(job) {
  const words = [STATES[job.state]];
  if (job.state === "running" || job.state === "paused") words.push(`${Math.round(job.percent)} %`);
  if (job.state === "running" && job.seconds_left !== null)
    words.push(`about ${duration(job.seconds_left)} left`);
  return words.join(", ");
}

function errorBox(error) {
  return make("p", { className: "error" }, make("strong", { textContent: error.message }),
    remedy(error));
}

/** Show an error in a place that is read aloud; the same one is not put there twice. */
function tell(place, error) {
  const text = error ? `${error.message} ${remedy(error)}` : "";
  if (place.dataset.text === text) return;
  place.dataset.text = text;
  place.replaceChildren(...(error ? [errorBox(error)] : []));
}

// Jobs: each has an element that lasts, so that nothing under a finger or a focus is replaced.

const shown = new Map();

class JobView {
  constructor(number) {
    this.number = number;
    this.name = make("h3", { id: `job-${number}` });
    this.about = make("p", { className: "about" });
    this.bar = make("progress", { max: 100 });
    this.bar.setAttribute("aria-labelledby", this.name.id);
    this.buttons = make("div", { className: "buttons" });
    this.trouble = make("div");
    this.inputs = make("div");
    this.element = make("article", {},
      make("div", { className: "top" }, this.name, this.about),
      this.bar, this.buttons, this.trouble, this.inputs);
    this.element.setAttribute("aria-labelledby", this.name.id);
    this.steering = {};
    for (const [how, { label }] of Object.entries(BUTTONS)) {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", () => this.steer(how, button));
      this.steering[how] = button;
    }
    this.views = [];
    this.text = "";
  }

  async steer(how, button) {
    button.disabled = true;
    try {
      this.show(await ask("POST", `/jobs/${this.number}/${how}`));
      tell(byId("jobs-error"), null);
    } catch (error) {
      tell(byId("jobs-error"), error);
    }
    button.disabled = false;
    look();
  }

  show(job) {
    const text = JSON.stringify(job);
    if (text === this.text) return;
    this.text = text;
    const names = job.inputs.map((each) => each.name);
    this.name.textContent =
      names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names[0] || "";
    this.about.textContent = about(job);
    this.bar.hidden = !["running", "paused"].includes(job.state);
    this.bar.value = job.percent;
    this.showButtons(job);
    this.trouble.replaceChildren(...this.troubles(job));
    job.inputs.forEach((input, at) => {
      if (!this.views[at]) {
        this.views[at] = new InputView(this.number, at, names.length > 1);
        this.inputs.append(this.views[at].element);
      }
      this.views[at].show(input);
    });
  }

  showButtons(job) {
    for (const [how, { label, states }] of Object.entries(BUTTONS)) {
      const button = this.steering[how];
      button.setAttribute("aria-label", `${label}: ${this.name.textContent}`);
      if (!states.includes(job.state)) button.remove();
      else if (!button.isConnected || button.parentNode !== this.buttons) this.buttons.append(button);
    }
  }

  troubles(job) {
    const told = job.inputs.some((each) => each.error);
    const boxes = job.error && !told ? [errorBox(job.error)] : [];
    return [...boxes, ...notes(job.notes)];
  }
}

function notes(texts) {
  if (!texts.length) return [];
  return [make("ul", { className: "notes" }, ...texts.map((each) => make("li", { textContent: each })))];
}

/** An input of a job: what is to be told of it, and its subtitles once they are there. */
class InputView {
  constructor(job, number, named) {
    this.path = `/jobs/${job}/results/${number}`;
    this.named = named;
    this.told = make("div");
    this.summary = make("summary");
    this.body = make("div");
    this.subtitles = make("details", { hidden: true }, this.summary, this.body);
    this.subtitles.addEventListener("toggle", () => this.subtitles.open && this.load());
    this.element = make("div", {}, this.told, this.subtitles);
    this.loaded = false;
  }

  show(input) {
    const lines = this.named
      ? [make("p", { textContent: `${input.name}: ${STATES[input.state] || input.state}` })] : [];
    if (input.error) lines.push(errorBox(input.error));
    lines.push(...notes(input.notes));
    if (input.outputs.length)
      lines.push(make("p", { className: "about", textContent: `Written: ${input.outputs.join(", ")}` }));
    this.told.replaceChildren(...lines);
    this.subtitles.hidden = input.state !== "done";
    const count = input.cues === null ? "" : ` (${input.cues})`;
    this.summary.textContent = (this.named ? `Subtitles of ${input.name}` : "Subtitles") + count;
  }

  async load() {
    if (this.loaded) return;
    this.loaded = true;
    try {
      this.body.replaceChildren(...subtitles(await ask("GET", this.path)));
    } catch (error) {
      this.loaded = false;
      this.body.replaceChildren(errorBox(error));
    }
  }
}

function subtitles(result) {
  const save = make("button", { type: "button", textContent: "Save SRT" });
  save.addEventListener("click", () => saveText(result.name, result.srt));
  const head = make("tr", {}, make("th", { scope: "col", textContent: "Start" }),
    make("th", { scope: "col", textContent: "Subtitle" }));
  const rows = result.cues.map((cue) => make("tr", {},
    make("td", { textContent: timeOf(cue.start) }),
    make("td", { textContent: cue.lines.join("\n"), dir: "auto" })));
  const table = make("table", { className: "cues" }, make("thead", {}, head),
    make("tbody", {}, ...rows));
  const scroll = make("div", { className: "scroll", tabIndex: 0 }, table);
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", `Subtitles of ${result.name}`);
  return [make("div", { className: "buttons" }, save), ...notes(result.findings), scroll];
}

function saveText(name, text) {
  const stem = name.split(/[/\\]/).pop().replace(/\.[^.]+$/, "") || "subtitles";
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-subrip" }));
  make("a", { href: address, download: `${stem}.srt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function showJobs(jobs) {
  const place = byId("jobs");
  const isFirst = shown.size === 0;
  const gone = new Set(shown.keys());
  jobs.forEach((job, at) => {
    gone.delete(job.job);
    if (!shown.has(job.job)) shown.set(job.job, new JobView(job.job));
    const view = shown.get(job.job);
    view.show(job);
    if (place.children[at] !== view.element) place.insertBefore(view.element, place.children[at]);
  });
  for (const number of gone) {
    shown.get(number).element.remove();
    shown.delete(number);
  }
  byId("none").hidden = jobs.length > 0;
  const done = jobs.find((job) => job.state === "done");
  if (isFirst && done) shown.get(done.job).views[0].subtitles.open = true;
}

function summary(jobs) {
  const open = jobs.filter((job) => job.state === "running" || job.state === "queued").length;
  return open ? `${open} job${open > 1 ? "s" : ""} to do.` : "Nothing is being transcribed.";
}

let timer = 0;
let looking = false;

/** See what is new; again in a second, but not while nobody can see the page. */
async function look() {
  if (looking) return;
  looking = true;
  clearTimeout(timer);
  try {
    const { jobs } = await ask("GET", "/jobs");
    showJobs(jobs);
    setState(summary(jobs), null);
  } catch (error) {
    setState("Not connected.", error);
  }
  looking = false;
  if (!document.hidden) timer = setTimeout(look, POLL);
}

let wasGone = false;

function setState(text, error) {
  if (byId("state").textContent !== text) byId("state").textContent = text;
  if (error || wasGone) tell(byId("jobs-error"), error);
  wasGone = Boolean(error);
}

// A new job.

/** What was typed as a path; Windows copies it with quotes around. */
const typed = (id) => byId(id).value.trim().replace(/^"(.*)"$/, "$1");

/** The path of a file, uploaded in parts. */
async function uploaded(file) {
  let at = await ask("POST", "/uploads", { name: file.name, bytes: file.size });
  while (at.path === null) {
    const part = file.slice(at.received, at.received + PART_BYTES);
    const digest = await crypto.subtle.digest("SHA-256", await part.arrayBuffer());
    const sum = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
    const path = `/uploads/${at.upload}?at=${at.received}`;
    at = await ask("PUT", path, part, { "Recue-Checksum": sum.join("") });
  }
  return at.path;
}

async function order() {
  const file = byId("file").files[0];
  const media = typed("media");
  if (file && media)
    throw new Refusal({ message: "A timeline and a media file are chosen.", todo: "Choose one." });
  if (media) return { input: media, outputs: [] };
  if (!file)
    throw new Refusal({ message: "Nothing is chosen.", todo: "Choose a timeline file, or type a path." });
  const path = await uploaded(file);
  const folder = typed("folder");
  const rate = byId("rate").value;
  return {
    input: path,
    outputs: [],
    ...(folder && { media_folders: [folder] }),
    ...(rate && { rate }),
  };
}

async function submit(event) {
  event.preventDefault();
  const button = byId("send");
  button.disabled = true;
  try {
    await ask("POST", "/jobs", { orders: [await order()] });
    tell(byId("form-error"), null);
    byId("file").value = byId("media").value = "";
    look();
  } catch (error) {
    tell(byId("form-error"), error);
  }
  button.disabled = false;
}

function acceptDrops() {
  const place = byId("drop");
  const over = (event) => place.classList.toggle("over", event.type === "dragover");
  // Beside the field, a browser would leave this page for the file.
  for (const name of ["dragover", "drop"])
    document.addEventListener(name, (event) => event.preventDefault());
  for (const name of ["dragover", "dragleave", "drop"]) place.addEventListener(name, over);
  place.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) byId("file").files = event.dataTransfer.files;
  });
}

window.addEventListener("hashchange", () => enter().then(look));
document.addEventListener("visibilitychange", () => document.hidden || look());
byId("form").addEventListener("submit", submit);
acceptDrops();
enter().then(look);

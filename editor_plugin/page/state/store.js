// What the page knows of the engine: its jobs, models and watches, kept up to date by its events.

/** @typedef {"jobs" | "words" | "models" | "watches" | "connection"} Topic */

const MOST_WORDS = 4000; // pieces of text of one job

/** @type {Map<number, Wire.Job>} */
export const jobs = new Map();
/** The jobs in the order of the queue, then the ended ones. @type {number[]} */
let order = [];
/** The recognised text of each job, as it comes. @type {Map<number, Wire.Heard[]>} */
const words = new Map();
/** @type {Wire.Model[]} */
export let models = [];
/** @type {Wire.Watch[]} */
export let watches = [];
/** Whether the state is here, so that an empty list means that there is nothing. */
export let isKnown = false;
/** @type {{state: "connecting" | "live" | "away" | "stopped", error: unknown}} */
export let connection = { state: "connecting", error: null };

/** @type {Map<Topic, Set<() => void>>} */
const listeners = new Map();
/** @type {Set<Topic>} */
const changed = new Set();
let timer = 0;
const PAINT_MS = 40;

/**
 * Call a function whenever one of the topics has changed, and once at the beginning; returns a
 * function that ends this.
 * @param {Topic[]} topics
 * @param {() => void} listener
 */
export function watch(topics, listener) {
  for (const topic of topics) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic)?.add(listener);
  }
  listener();
  return () => topics.forEach((topic) => listeners.get(topic)?.delete(listener));
}

/** @param {Topic[]} topics */
function tell(...topics) {
  topics.forEach((topic) => changed.add(topic));
  if (timer) return;
  timer = window.setTimeout(() => {
    timer = 0;
    const due = new Set([...changed].flatMap((topic) => [...(listeners.get(topic) || [])]));
    changed.clear();
    due.forEach((listener) => listener());
  }, PAINT_MS);
}

/** Every job, in the order of the queue, then the ended ones, newest first. */
export const allJobs = () =>
  order.map((number) => jobs.get(number)).filter((job) => job !== undefined);

/** What was recognised of a job so far. @param {number} job */
export const wordsOf = (job) => words.get(job) || [];

/** @param {"live" | "away" | "stopped"} state @param {unknown} [error] */
export function connected(state, error) {
  if (state === "away" && connection.state === "stopped") return;
  connection = { state, error };
  tell("connection");
}

/** Take an event of the stream. @param {any} event */
export function take(event) {
  switch (event.event) {
    case "state":
      jobs.clear();
      words.clear();
      event.jobs.forEach((/** @type {Wire.Job} */ job) => jobs.set(job.job, job));
      order = event.jobs.map((/** @type {Wire.Job} */ job) => job.job);
      models = event.models;
      watches = event.watches;
      isKnown = true;
      return tell("jobs", "words", "models", "watches");
    case "job":
      return takeJob(event.status);
    case "order":
      order = event.jobs;
      for (const number of [...jobs.keys()]) if (!order.includes(number)) jobs.delete(number);
      return tell("jobs");
    case "words":
      addWords(event.job, [event]);
      return tell("words");
    case "model":
      models = replaced(models, event.model, "name");
      return tell("models");
    case "watch":
      watches = replaced(watches, event.watch, "id");
      return tell("watches");
    case "models":
      models = event.models;
      return tell("models");
    case "watches":
      watches = event.watches;
      return tell("watches");
    case "stopped":
      connection = { state: "stopped", error: null };
      return tell("connection");
  }
}

/** Take the status of a job, of whatever call. @param {Wire.Job} status */
export function takeJob(status) {
  if (!jobs.has(status.job) && !order.includes(status.job)) order = [...order, status.job];
  jobs.set(status.job, status);
  tell("jobs");
}

/** Take a model as a call has given it. @param {Wire.Model} model */
export function takeModel(model) {
  models = replaced(models, model, "name");
  tell("models");
}

/** Take the watches as a call has given them. @param {Wire.Watch[]} all */
export function takeWatches(all) {
  watches = all;
  tell("watches");
}

/**
 * Add recognised text to a job; what is there already, as after a look at its news, stays once.
 * @param {number} job
 * @param {Wire.Heard[]} heard
 */
export function addWords(job, heard) {
  const known = words.get(job) || [];
  const keys = new Set(known.map(keyOf));
  const fresh = heard.filter((each) => !keys.has(keyOf(each)));
  words.set(job, [...known, ...fresh].slice(-MOST_WORDS));
  tell("words");
}

/** @param {Wire.Heard} each */
const keyOf = (each) => `${each.input}|${each.start}|${each.end}|${each.text}`;

/**
 * @template T
 * @param {T[]} list
 * @param {T} item
 * @param {keyof T} key
 */
function replaced(list, item, key) {
  const at = list.findIndex((each) => each[key] === item[key]);
  return at < 0 ? [...list, item] : list.map((each, index) => (index === at ? item : each));
}

// The tab's right to call the engine: a ticket of the address is exchanged for a session, and the
// engine proves before each call that it is the one that the session is of.

import { GONE } from "../texts.js";

const KEY = "recue-session";

/** An error of the engine, or one of that form: what happened, and what to do. */
export class Refusal extends Error {
  /** @param {Wire.Problem} problem */
  constructor(problem) {
    super(problem.message);
    this.code = problem.code;
    this.data = problem.data || {};
    /** What to do, in the words of the page; an older error has one for the command line alone. */
    this.remedy = problem.remedies?.page || problem.todo || "";
  }
}

/** @type {{name: string, secret: string} | null} */
let session = null;
/** @type {Wire.Problem} */
let lost = GONE;

/** Exchange the ticket of the address, which is good once, for a session of this tab alone. It goes
 *  into no history and no screenshot, and the session outlives a reload. */
export async function enter() {
  const ticket = new URLSearchParams(location.hash.slice(1)).get("ticket");
  session = JSON.parse(sessionStorage.getItem(KEY) || "null");
  if (!ticket) return;
  history.replaceState(null, "", location.pathname);
  sessionStorage.removeItem(KEY);
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
  if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
}

/** @param {ArrayBuffer | Uint8Array} bytes */
export const hex = (bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Let the engine show that it is the one that the session is of, for another program may have its
 *  port, and return the header that shows the session. That is asked before each call, as a page is
 *  not told when its connection is made anew. Raises Refusal.
 *  @param {AbortSignal} [signal] */
export async function proven(signal) {
  if (!session) throw new Refusal(lost);
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const path = `/proof/${nonce}?session=${session.name}`;
  let proof;
  try {
    proof = (await (await fetch(path, { cache: "no-store", signal })).json()).proof;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal(GONE);
  }
  const text = new TextEncoder();
  const kind = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(session.secret), kind, false, ["sign"]);
  if (proof !== hex(await crypto.subtle.sign("HMAC", key, text.encode(nonce)))) throw new Refusal(GONE);
  return { Authorization: `Bearer ${session.secret}` };
}

/** Whether this tab has a session; without one no call can succeed. */
export const hasSession = () => session !== null;

// Calls of the engine; see docs/design/engine.md and docs/design/page.md.

import { GONE } from "../texts.js";
import { Refusal, proven } from "./session.js";

/**
 * Make a call, and return the answer. A body is sent as JSON, bytes as they are. Raises Refusal.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{headers?: Record<string, string>, signal?: AbortSignal}} [options]
 */
export async function call(method, path, body, { headers = {}, signal } = {}) {
  const shown = await proven(signal);
  let answer;
  try {
    const isBytes = body instanceof Blob || body instanceof ArrayBuffer;
    const kind = isBytes ? "application/octet-stream" : "application/json";
    const sent = isBytes ? body : body === undefined ? undefined : JSON.stringify(body);
    const all = { ...shown, ...(sent !== undefined && { "Content-Type": kind }), ...headers };
    answer = await fetch(path, { method, headers: all, body: sent, cache: "no-store", signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal(GONE);
  }
  if (answer.ok) return answer;
  let problem = GONE;
  if (answer.status !== 401)
    {try {
      problem = (await answer.json()).error;
    } catch {
      problem = GONE;
    }}
  throw new Refusal(problem);
}

/**
 * Make a call, and return the content of its answer. Raises Refusal.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{headers?: Record<string, string>, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function ask(method, path, body, options) {
  const answer = await call(method, path, body, options);
  if (answer.status === 204) return null;
  try {
    return await answer.json();
  } catch {
    throw new Refusal(GONE);
  }
}

/** A query of what is set. @param {Record<string, string | number | null | undefined>} values */
export function query(values) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== null && value !== undefined && value !== "") given.set(name, String(value));
  const text = given.toString();
  return text && `?${text}`;
}

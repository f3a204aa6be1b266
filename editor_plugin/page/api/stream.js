// The state of the engine in one stream of events, read by fetch, as an EventSource shows no session.

import { proven } from "./session.js";

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

/**
 * Read server-sent events as they come.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<any>}
 */
export async function* messages(body) {
  const reader = body.getReader();
  const text = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + text.decode(value, { stream: true }).replaceAll("\r", "")).split("\n\n");
    rest = blocks.pop() || "";
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data:"));
      if (data.length) yield JSON.parse(data.map((line) => line.slice(5)).join("\n"));
    }
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal */
const wait = (milliseconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve(undefined)), { once: true });
  });

/**
 * Follow the engine until told to stop. A stream that breaks is gone on with, at the same engine and
 * after the last event that was heard.
 * @param {(event: any) => void} heard
 * @param {(state: "live" | "away", error?: unknown) => void} changed
 * @param {AbortSignal} signal
 */
export async function follow(heard, changed, signal) {
  let last = 0;
  let pause = FIRST_WAIT;
  while (!signal.aborted) {
    let trouble;
    try {
      const headers = { ...(await proven(signal)), Accept: "text/event-stream" };
      const answer = await fetch(`/events?after=${last}`, { headers, cache: "no-store", signal });
      if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
      changed("live");
      pause = FIRST_WAIT;
      for await (const event of messages(answer.body)) {
        if (typeof event.id === "number") last = event.id;
        heard(event);
      }
    } catch (error) {
      trouble = error;
    }
    if (signal.aborted) return;
    changed("away", trouble);
    await wait(pause, signal);
    pause = Math.min(2 * pause, LONGEST_WAIT);
  }
}

// A file that is handed over in pieces: it can be paused, each piece is checked, and one that broke
// off goes on where it stopped, in a later tab and at a later engine, too.

import { ask } from "./calls.js";
import { Refusal, hex } from "./session.js";

const PIECE = 4 * 1024 * 1024;
const MOST_TRIES = 5;

/** @typedef {"waiting" | "sending" | "paused" | "done" | "failed"} UploadState */

/** Unfinished uploads by the file that they are of, kept by whoever uses this.
 *  @typedef {{get: (key: string) => string | undefined, set: (key: string, upload: string | null) => void}} Begun */

export class Upload {
  /** @param {File} file @param {Begun} begun @param {() => void} changed */
  constructor(file, begun, changed) {
    this.file = file;
    this.name = file.name;
    this.bytes = file.size;
    this.sent = 0;
    this.path = "";
    /** @type {UploadState} */
    this.state = "waiting";
    /** @type {Refusal | null} */
    this.error = null;
    this.begun = begun;
    this.changed = changed;
    this.key = `${file.name}|${file.size}|${file.lastModified}`;
    this.stop = new AbortController();
    this.turn = 0;
  }

  /** Send what is not there yet. Returns when the file is whole, is paused, or cannot be sent. */
  async go() {
    if (this.state === "sending" || this.state === "done") return;
    const turn = ++this.turn;
    this.stop = new AbortController();
    this.error = null;
    this.become("sending");
    try {
      const { upload, received, path } = await this.opened();
      this.sent = received;
      this.path = path || "";
      while (!this.path && turn === this.turn) await this.sendPiece(upload);
      if (turn !== this.turn) return;
      this.begun.set(this.key, null);
      this.become("done");
    } catch (error) {
      if (turn !== this.turn) return;
      this.error = error instanceof Refusal ? error : new Refusal(unreadable(this.name));
      this.become("failed");
    }
  }

  pause() {
    if (this.state !== "sending" && this.state !== "waiting") return;
    this.turn++;
    this.stop.abort();
    this.become("paused");
  }

  /** Take back what was sent. */
  async drop() {
    this.turn++;
    this.stop.abort();
    const upload = this.begun.get(this.key);
    if (!upload) return;
    this.begun.set(this.key, null);
    await ask("DELETE", `/uploads/${upload}`).catch(() => null);
  }

  /** @returns {Promise<Wire.Upload>} */
  async opened() {
    const known = this.begun.get(this.key);
    if (known)
      {try {
        return await ask("GET", `/uploads/${known}`, undefined, { signal: this.stop.signal });
      } catch (error) {
        if (!(error instanceof Refusal) || error.code === "gone") throw error;
      }}
    const made = await ask("POST", "/uploads", { name: this.name, bytes: this.bytes });
    this.begun.set(this.key, made.upload);
    return made;
  }

  /** @param {string} upload */
  async sendPiece(upload) {
    const piece = await this.file.slice(this.sent, this.sent + PIECE).arrayBuffer();
    const headers = { "Recue-Checksum": hex(await crypto.subtle.digest("SHA-256", piece)) };
    for (let tried = 1; ; tried++) {
      try {
        const path = `/uploads/${upload}?at=${this.sent}`;
        const answer = await ask("PUT", path, piece, { headers, signal: this.stop.signal });
        this.sent = answer.received;
        this.path = answer.path || "";
        break;
      } catch (error) {
        const code = error instanceof Refusal ? error.code : "";
        if (code === "upload-elsewhere") {
          this.sent = /** @type {Refusal} */ (error).data.received;
          break;
        }
        if (code !== "upload-damaged" || tried === MOST_TRIES) throw error;
      }
    }
    this.changed();
  }

  /** @param {UploadState} state */
  become(state) {
    this.state = state;
    this.changed();
  }
}

/** @param {string} name @returns {Wire.Problem} */
const unreadable = (name) => ({
  code: "file-unreadable",
  message: `“${name}” can no longer be read.`,
  todo: "Choose it again.",
});

// The forms of the engine's answers, for the checks of types alone; no browser gets this file.

declare namespace Wire {
  interface Problem {
    code: string;
    message: string;
    todo?: string;
    remedies?: { editor: string; page: string };
    data?: Record<string, any>;
  }
  type State = "queued" | "running" | "paused" | "done" | "failed" | "cancelled";
  interface Input {
    name: string;
    state: State;
    percent: number;
    notes: string[];
    error: Problem | null;
    cues: number | null;
    words: number | null;
    recognised: number | null;
    outputs: string[];
  }
  interface Job {
    job: number;
    state: State;
    percent: number;
    seconds_left: number | null;
    inputs: Input[];
    error: Problem | null;
    notes: string[];
  }
  interface Heard {
    job: number;
    input: string;
    input_number: number;
    start: number;
    end: number;
    text: string;
  }
  interface Cue {
    start: string;
    end: string;
    lines: string[];
    confidence: number | null;
  }
  interface Result {
    name: string;
    rate: string | null;
    cues: Cue[];
    srt: string;
    findings: string[];
    doubtful: { start: string; text: string; confidence: number }[];
  }
  interface Model {
    name: string;
    title: string;
    about: string;
    is_here: boolean;
    is_demo: boolean;
    is_default: boolean;
    bytes: number;
    received: number;
    languages: string[];
    licence: string;
    licence_url: string | null;
    source: string | null;
    speed: number | null;
    doing: null | "waiting" | "fetching" | "paused" | "verifying";
    error: Problem | null;
  }
  interface Watch {
    id: number | string;
    folder: string;
    output: string | null;
    formats: string[];
    state: "watching" | "paused" | "away";
    done: { name: string; at: string; ok: boolean; text: string }[];
  }
  interface Upload {
    upload: string;
    received: number;
    bytes: number;
    path: string | null;
  }
  interface Format {
    name: string;
    suffix: string;
    title: string;
  }
  interface Style {
    name: string;
    title: string;
    source: string;
    limits: Record<string, number | null>;
  }
  interface Entry {
    name: string;
    path: string;
    kind: "folder" | "media" | "timeline";
    bytes: number;
    modified: string;
  }
  interface Stored {
    id: number;
    name: string;
    path: string | null;
    is_there: boolean;
    seconds: number | null;
    heard: { model: string | null; language: string | null; stream: number | null; channel: number | null; seconds: number }[];
    words: number;
    corrections: number;
    last_used: string | null;
  }
  interface Hit {
    stored: number;
    name: string;
    path: string | null;
    stream: number | null;
    channel: number | null;
    start: number;
    end: number;
    before: string;
    text: string;
    after: string;
  }
  interface Setting {
    key: string;
    value: any;
    default: any;
    is_set: boolean;
    kind: "text" | "number" | "choice";
    choices: string[];
    least: number | null;
    most: number | null;
    meaning: string;
  }
}

import type { LineRole, ResultArg } from "../at/result.ts";
import type { Closed } from "./link.ts";
import type { ShorterReading } from "./payload_line.ts";

/** What every arrival has: `raw` is its bytes with their framing, `text` the line as UTF-8 without it. */
interface Seen {
  readonly raw: Uint8Array;
  readonly text: string;
}

/** A final result: `OK`, `ERROR`, `+CME ERROR` with its code or words in `args`. */
export interface FinalArrival extends Seen {
  readonly kind: "final";
  readonly final: string;
  /** Whether the command succeeded. */
  readonly ok: boolean;
  readonly args: readonly ResultArg[];
  /** The number of the command that it ends, as {@link Dte.typed} counts; undefined if none waited. */
  readonly ends?: number | undefined;
}

/** An information line or URC with a prefix. */
export interface ResultArrival extends Seen {
  readonly kind: "result";
  readonly prefix: string;
  readonly args: readonly ResultArg[];
  readonly role: LineRole;
  /** Of a line with a payload of unknown length: what it may be besides, the shortest first. */
  readonly shorter?: readonly ShorterReading[] | undefined;
}

/** A line of any other form. */
export interface LineArrival extends Seen {
  readonly kind: "line";
  readonly role: LineRole;
}

/** The module waits for data. */
export interface PromptArrival extends Seen {
  readonly kind: "prompt";
}

/** The echo of what was typed, whole or up to an interruption. It goes to `onArrival` only, never into the inbox. */
export interface EchoArrival extends Seen {
  readonly kind: "echo";
  readonly complete: boolean;
}

/** Garbage between two lines. It goes to `onArrival` only, never into the inbox. */
export interface NoiseArrival extends Seen {
  readonly kind: "noise";
}

/** A line beyond the limit; `raw` is its beginning, and the rest is dropped. */
export interface OverflowArrival extends Seen {
  readonly kind: "overflow";
}

/** What waits in the inbox. */
export type DteArrival =
  | FinalArrival
  | ResultArrival
  | LineArrival
  | PromptArrival
  | OverflowArrival
  | Closed;

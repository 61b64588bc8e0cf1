import { plainJson } from "../ground/text.ts";
import { isRunEvent, knownKind } from "./event_check.ts";
import type { RunEvent } from "./event.ts";

/** The events of a journal, and its first unreadable line. */
export interface Journal {
  readonly events: readonly RunEvent[];
  /** The number of lines whose kind this version does not know; they are ignored. */
  readonly unknown: number;
  /** The first unreadable line; later lines are read anyway. */
  readonly damaged?: { readonly line: number; readonly reason: string };
}

/** Formats an event as a line of the journal, including its newline. */
export function formatLine(event: RunEvent): string {
  return plainJson(JSON.stringify(event)) + "\n";
}

/** Reads a journal line by line, so a long one need not fit into memory. */
export class JournalReader {
  #line = 0;
  /** The number of lines whose kind this version does not know. */
  unknown = 0;
  /** The first unreadable line. */
  damaged: Journal["damaged"];

  /**
   * Returns the event of the next line, or undefined if the line is empty, of an unknown kind, or unreadable.
   * Never throws.
   */
  read(line: string, last = false): RunEvent | undefined {
    this.#line++;
    if (line.trim() === "") return undefined;
    const read = readLine(line);
    if (read.kind === "event") return read.event;
    if (read.kind === "unknown") this.unknown++;
    else {
      // A last line without its newline is where the writer was stopped.
      const reason = last ? "The journal ends within this line" : read.reason;
      this.damaged ??= { line: this.#line, reason };
    }
    return undefined;
  }
}

/**
 * Reads a journal, complete or cut at any byte. Skips unreadable lines and reports the first one. Never
 * throws.
 */
export function readJournal(journal: string | Uint8Array): Journal {
  const text = typeof journal === "string" ? journal : new TextDecoder().decode(journal);
  const reader = new JournalReader();
  const lines = text.split("\n");
  const events = lines.flatMap((line, index) => reader.read(line, index === lines.length - 1) ?? []);
  const { unknown, damaged } = reader;
  return damaged === undefined ? { events, unknown } : { events, unknown, damaged };
}

type Line =
  | { readonly kind: "event"; readonly event: RunEvent }
  | { readonly kind: "unknown" }
  | { readonly kind: "bad"; readonly reason: string };

function readLine(line: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "bad", reason: "The line is not JSON" };
  }
  const kind = knownKind(value);
  if (kind === undefined) return { kind: "bad", reason: 'The line is not an object with a "kind"' };
  if (kind === "unknown") return { kind: "unknown" };
  if (!isRunEvent(value)) {
    return { kind: "bad", reason: `The fields of this "${kind}" event are missing or of another type` };
  }
  return { kind: "event", event: value };
}

import { isRunEvent, knownKind } from "./event_check.ts";
import type { RunEvent } from "./event.ts";

/** What a journal holds, and where it is no journal. */
export interface Journal {
  readonly events: readonly RunEvent[];
  /** How many lines have a kind that this version does not know; they are passed over. */
  readonly unknown: number;
  /** The first line that could not be read; lines behind it are read all the same. */
  readonly damaged?: { readonly line: number; readonly reason: string };
}

/** An event as a line of the journal, its newline included. */
export function formatLine(event: RunEvent): string {
  return JSON.stringify(event) + "\n";
}

/**
 * Reads a journal, whole or cut at any byte, and never throws: what cannot be read is passed over, and the first such
 * line is named.
 */
export function readJournal(journal: string | Uint8Array): Journal {
  const text = typeof journal === "string" ? journal : new TextDecoder().decode(journal);
  const events: RunEvent[] = [];
  let unknown = 0;
  let damaged: Journal["damaged"];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const read = readLine(line);
    if (read.kind === "event") events.push(read.event);
    else if (read.kind === "unknown") unknown++;
    else {
      // A last line without its newline is where the writer was stopped.
      const reason = index === lines.length - 1 ? "The journal ends within this line" : read.reason;
      damaged ??= { line: index + 1, reason };
    }
  }
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
    return { kind: "bad", reason: "The line is no JSON" };
  }
  const kind = knownKind(value);
  if (kind === undefined) return { kind: "bad", reason: 'The line is no object with a "kind"' };
  if (kind === "unknown") return { kind: "unknown" };
  if (!isRunEvent(value)) {
    return { kind: "bad", reason: `The fields of this "${kind}" event are missing or of another type` };
  }
  return { kind: "event", event: value };
}

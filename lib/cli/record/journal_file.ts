import { type Journal, JournalReader } from "../../run/journal.ts";
import { Folding, type RunResult } from "../../run/result.ts";

/** The longest line of a journal, in characters. The rest of a longer line is not read. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** A run read from its journal on disk. */
export interface ReadRun {
  readonly result: RunResult;
  /** How many events were read, and how many bytes there are. */
  readonly events: number;
  readonly bytes: number;
  /** How many lines have a kind that this version does not know. */
  readonly unknown: number;
  /** The first line that could not be read. */
  readonly damaged: Journal["damaged"] | undefined;
}

/** Reads a run from its journal, line by line, to hold only one line and the result in memory. Undefined if there is no file. */
export async function readRunFile(path: string): Promise<ReadRun | undefined> {
  const file = await Deno.open(path).catch(() => undefined);
  if (!file) return undefined;
  const folding = new Folding();
  const reader = new JournalReader();
  let events = 0;
  let bytes = 0;
  const take = (line: string, last: boolean) => {
    const event = reader.read(line, last);
    if (!event) return;
    folding.see(event);
    events++;
  };
  const decoder = new TextDecoder();
  let rest = "";
  // Reading to the end closes the file.
  for await (const chunk of file.readable) {
    bytes += chunk.length;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line, false);
    if (rest.length > LONGEST_LINE) break;
  }
  take(rest + decoder.decode(), true);
  const { unknown, damaged } = reader;
  return { result: folding.result(), events, bytes, unknown, damaged };
}

import assert from "node:assert/strict";
import { readJournal } from "../lib/run/journal.ts";
import { fold } from "../lib/run/result.ts";
import { FORMAT_NAMES, FORMATS } from "./mod.ts";
import { sampleBytes } from "./testdata/sample.ts";

Deno.test("every format renders a journal that is truncated at any byte", () => {
  // The lines of two failed cases, which include all kinds of events.
  const kept = new TextDecoder().decode(sampleBytes()).split("\n")
    .filter((line) => !/"n":/.test(line) || /"n":(2|11),/.test(line));
  const bytes = new TextEncoder().encode(kept.join("\n"));
  let before = -1;
  for (let length = 0; length <= bytes.length; length++) {
    const { events } = readJournal(bytes.subarray(0, length));
    // All cuts within one line result in the same events.
    if (events.length === before) continue;
    before = events.length;
    const result = fold(events);
    for (const name of FORMAT_NAMES) {
      assert.ok(FORMATS[name].render(result).length > 0, `${name} at ${length}`);
    }
  }
  assert.ok(before > 30);
});

import assert from "node:assert/strict";
import { readJournal } from "../../run/journal.ts";
import { fold } from "../../run/result.ts";
import { readRunFile } from "./journal_file.ts";
import { TestFolder } from "../../catalog/test_folder.ts";

const SAMPLE = new URL("../../../reports/testdata/sample.ndjson", import.meta.url);

Deno.test("a journal that is read line by line gives the same run as a whole one, cut off or not", async () => {
  await using folder = new TestFolder();
  const whole = await Deno.readTextFile(SAMPLE);
  for (const text of [whole, whole.slice(0, -40), "", "no journal\n", `${whole}${"x".repeat(200_000)}`]) {
    const read = await readRunFile(folder.write("journal.ndjson", text));
    const { events, unknown, damaged } = readJournal(text);
    assert.ok(read);
    assert.deepEqual(read.result, fold(events));
    assert.deepEqual([read.events, read.unknown, read.damaged], [events.length, unknown, damaged]);
    assert.equal(read.bytes, new TextEncoder().encode(text).length);
  }
});

Deno.test("there is no run in a file that does not exist", async () => {
  assert.equal(await readRunFile("/nowhere/journal.ndjson"), undefined);
});

import assert from "node:assert/strict";
import { differences, reachedBy } from "./ways.ts";

/** A sample of each dialect with more than `least` case runs, which takes some seconds; `deno task lines` has them all. */
const SAMPLES: readonly (readonly [target: string, least: number, ...patterns: string[]])[] = [
  ["virtual-module", 10, "at/close", "client/will"],
  ["qmt", 10, "client/will"],
  ["simcom", 35, "client/receive", "client/will"],
  ["esp", 35, "client/receive", "client/will"],
];

for (const [target, least, ...patterns] of SAMPLES) {
  Deno.test(`${target} comes to the same verdicts in-process, behind a pty and behind TCP`, async () => {
    const reached = await reachedBy(target, patterns);
    assert.deepEqual(differences(reached), []);
    const [first, ...others] = reached;
    assert.ok((first?.counts.get("pass") ?? 0) > 10);
    assert.ok((first?.verdicts.size ?? 0) > least);
    const judged = [...first?.counts.keys() ?? []].filter((key) => !key.startsWith("skip: "));
    assert.deepEqual(judged, ["pass"]);
    for (const { counts } of others) assert.deepEqual(counts, first?.counts);
  });
}

import assert from "node:assert/strict";
import { differences, reachedBy } from "./ways.ts";

/** A sample of each dialect that takes some seconds; `deno task lines` has them all. */
const SAMPLES: readonly (readonly [target: string, ...patterns: string[]])[] = [
  ["virtual-module", "at/close", "client/will"],
  ["qmt", "client/will"],
];

for (const [target, ...patterns] of SAMPLES) {
  Deno.test(`${target} comes to the same verdicts in-process, behind a pty and behind TCP`, async () => {
    const reached = await reachedBy(target, patterns);
    assert.deepEqual(differences(reached), []);
    const [first, ...others] = reached;
    assert.ok((first?.counts.get("pass") ?? 0) > 10);
    for (const { counts } of others) assert.deepEqual(counts, first?.counts);
  });
}

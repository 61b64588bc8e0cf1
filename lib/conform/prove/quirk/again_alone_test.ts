import assert from "node:assert/strict";
import type { RunEvent } from "../../../run/event.ts";
import { referenceTarget } from "../../test_bench.ts";
import { AGAIN_AT_MOST, againAlone, type Crowded, type Trial } from "./again_alone.ts";
import type { QuirkRun } from "./quirk_bench.ts";
import { quirk } from "./test_quirks.ts";

const TRIAL: Trial = { file: referenceTarget(), set: { name: "late", quirks: [quirk("suback-late")] } };
const EVENT: RunEvent = { kind: "run-ended", t: 1, interrupted: false, exit: 0 };

/** A trial in which these cases failed in 3.1.1. */
function crowded(...ids: string[]): Crowded {
  const failing = ids.map((id) => ({ id, protocol: "3.1.1" }));
  return {
    trial: TRIAL,
    run: { cases: 9, skipped: 1, undecided: 0, failing },
    events: [EVENT],
    durationMs: 5,
  };
}

/** What {@link againAlone} makes of trials where the named cases fail again. */
async function settled(trials: readonly Crowded[], steady: readonly string[]) {
  const emitted: RunEvent[] = [];
  const tried: QuirkRun[] = [];
  const ran: string[] = [];
  await againAlone(trials, {
    rerun: (_trial, ids) => {
      ran.push(...ids);
      const failing = steady.filter((id) => ids.has(`${id} 3.1.1`)).map((id) => ({ id, protocol: "3.1.1" }));
      return Promise.resolve({ cases: ids.size, skipped: 0, undecided: 0, failing });
    },
    emit: (event) => void emitted.push(event),
    tried: (_trial, run) => void tried.push(run),
    now: () => 0,
    signal: new AbortController().signal,
  });
  return { emitted, tried, ran };
}

Deno.test("a case that passes without other implementations beside it is not failing, and is counted", async () => {
  const { tried, ran, emitted } = await settled([crowded("demo/a", "demo/b"), crowded("demo/c")], ["demo/b"]);
  assert.deepEqual(ran, ["demo/a 3.1.1", "demo/b 3.1.1", "demo/c 3.1.1"]);
  assert.deepEqual(tried, [
    {
      cases: 9,
      skipped: 1,
      undecided: 0,
      failing: [{ id: "demo/b", protocol: "3.1.1" }],
      onlyBesideOthers: 1,
    },
    { cases: 9, skipped: 1, undecided: 0, failing: [], onlyBesideOthers: 1 },
  ]);
  assert.deepEqual(emitted, [], "only the run that counts is shown");
});

Deno.test("a case that fails again is failing, and nothing is counted as crowding", async () => {
  const { tried } = await settled([crowded("demo/a")], ["demo/a"]);
  assert.deepEqual(tried, [{ ...crowded("demo/a").run }]);
});

Deno.test("very many failures are taken as they are", async () => {
  const many = crowded(...Array.from({ length: AGAIN_AT_MOST + 1 }, (_, at) => `demo/${at}`));
  const { tried, ran, emitted } = await settled([many], []);
  assert.deepEqual(ran, []);
  assert.deepEqual(tried, [many.run]);
  assert.deepEqual(emitted, [EVENT]);
});

import assert from "node:assert/strict";
import { seededRandom } from "./plan.ts";
import { judge } from "./test_bench.ts";
import { Adapter, lineTarget, shipped } from "./test_lines.ts";

const UNPLUGS = 20;

Deno.test("a line that is pulled out 20 times at random costs no case its right verdict", async () => {
  const random = seededRandom(20);
  const suites = [await shipped("at/session"), await shipped("at/disc"), await shipped("at/open")];
  await using adapter = await Adapter.start({ dataGuardMs: 1_000 });
  let unplugs = 0;
  let out = Promise.resolve();
  const unplug = async () => {
    await pause(random() * 120);
    await adapter.unplug();
    await pause(10 + random() * 200);
    await adapter.plug();
  };
  const target = lineTarget(`serial:${adapter.path}`, { withinMs: 2_000 });
  const judged = await judge(suites, target, {
    emit(event) {
      if (event.kind !== "case-started" || unplugs === UNPLUGS || random() < 0.3) return;
      unplugs++;
      out = out.then(unplug);
    },
  });
  await out;
  assert.equal(unplugs, UNPLUGS);
  const planned = suites.flatMap((suite) => suite.cases.map(({ id }) => id));
  const last = new Map(judged.cases.map(({ id, ended }) => [id, ended]));
  assert.deepEqual([...last.keys()].sort(), planned.sort());
  assert.ok(judged.cases.length > planned.length, "no case was cut and begun once more");
  for (const [id, ended] of last) {
    const { verdict, reason = "" } = ended ?? {};
    if (verdict === "error") assert.match(reason, /serial line serial:\S+ is gone/, id);
    else assert.equal(verdict, "pass", `${id}: ${reason}`);
  }
});

Deno.test("a case whose line goes each time is an error once it was run twice, and the next one passes", async () => {
  await using adapter = await Adapter.start();
  const suite = { ...await shipped("at/session") };
  const cases = suite.cases.slice(0, 2);
  const [first, second] = cases.map(({ id }) => id);
  let out = Promise.resolve();
  const judged = await judge({ ...suite, cases }, lineTarget(`serial:${adapter.path}`), {
    emit(event) {
      if (event.kind !== "chart" || event.direction !== "sent" || event.lane !== "dte") return;
      if (event.n > 2) return;
      out = out.then(() => adapter.unplug()).then(() => adapter.plug());
    },
  });
  await out;
  assert.deepEqual(judged.cases.map(({ id }) => id), [first, first, second]);
  assert.deepEqual(judged.cases.map(({ ended }) => ended?.verdict), [undefined, "error", "pass"]);
  assert.match(judged.cases[1]?.ended?.reason ?? "", /is gone in the middle of the case$/);
  assert.equal(judged.exit, 3);
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

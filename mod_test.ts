import assert from "node:assert/strict";
import { conform, load, report, resultOfJournal, UsageError } from "./mod.ts";

Deno.test("conform() runs a suite on the reference broker and gives typed results", async () => {
  const lines: string[] = [];
  const result = await conform({
    targets: "reference",
    suites: ["mqtt/ping"],
    filters: ["!header-flags"],
    protocols: ["3.1.1"],
    onEvent: (event) => lines.push(JSON.stringify(event)),
  });
  assert.ok(result.totals.pass >= 3, `${result.totals.pass} passed`);
  assert.equal(result.totals.fail + result.totals.error + result.totals.inconclusive, 0);
  assert.equal(result.exit, 0);
  assert.ok(result.cases.every((one) => one.protocol === "3.1.1" && one.suite === "mqtt/ping"));
  const again = resultOfJournal(lines.join("\n"));
  assert.deepEqual(again.totals, result.totals);
  assert.match(String(report(again, "junit")), /<testsuites/);
});

Deno.test("conform() runs client suites on a client behind an adapter", async () => {
  const result = await conform({ targets: "virtual-client", suites: ["client/will"] });
  assert.equal(result.exit, 0);
  assert.ok(result.totals.pass >= 15, `${result.totals.pass} passed`);
  assert.deepEqual(result.targets.map(({ name, tests }) => [name, tests]), [["virtual-client", "client"]]);
});

Deno.test("conform() refuses a suite that there is not, with the nearest name", async () => {
  await assert.rejects(conform({ targets: "reference", suites: ["mqtt/pings"] }), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /did you mean mqtt\/ping\?/);
    return true;
  });
});

Deno.test("conform() tells of a target that can't be reached in the result", async () => {
  const result = await conform({ targets: "mqtt://127.0.0.1:1", suites: ["mqtt/ping"] });
  assert.equal(result.exit, 3);
  assert.match(result.reason ?? "", /127\.0\.0\.1:1 refused the connection/);
});

Deno.test("load() runs a profile and gives what was measured", async () => {
  const lines: string[] = [];
  const result = await load({
    profile: "fan-out-basic",
    values: { subscribers: 5, rate: 10, seconds: "3s" },
    workers: 1,
    onEvent: (event) => lines.push(JSON.stringify(event)),
  });
  assert.equal(result.kind, "load");
  assert.equal(result.load?.counts.sent, 30);
  assert.equal(result.load?.counts.received, 150);
  assert.equal(resultOfJournal(lines.join("\n")).load?.counts.received, 150);
});

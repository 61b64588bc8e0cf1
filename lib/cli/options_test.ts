import assert from "node:assert/strict";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { CaseResult } from "../run/result.ts";
import { evaluate } from "../spec/evaluate.ts";
import { Scope } from "../spec/scope.ts";
import type { KnownDeviation } from "../target/expectation_file.ts";
import { assignment, brokerLane, collect, duration, formats, wholeNumber } from "./options.ts";
import { masked } from "./commands/run_parts.ts";
import { updatedExpectations } from "../target/update_expectations.ts";

Deno.test("a repeatable option gathers its values", () => {
  assert.deepEqual(collect("b", collect("a", undefined)), ["a", "b"]);
});

Deno.test("a whole number keeps to its range and to digits", () => {
  const read = wholeNumber(1, 256);
  assert.deepEqual([read("1"), read("256")], [1, 256]);
  for (const wrong of ["0", "257", "-1", "1.5", "1e2", "0x10", "", " 1", "NaN", "9".repeat(30)]) {
    assert.throws(() => read(wrong), InvalidArgumentError, wrong);
  }
});

Deno.test("a duration has a unit", () => {
  assert.deepEqual([duration("90s"), duration("10m"), duration("2h"), duration("50ms")], [
    90_000,
    600_000,
    7_200_000,
    50,
  ]);
  for (const wrong of ["5", "s", "-1s", "1 day", ""]) {
    assert.throws(() => duration(wrong), InvalidArgumentError, wrong);
  }
});

Deno.test("formats are known by name, and a wrong one is told with the nearest", () => {
  assert.deepEqual(formats("html, junit,tap"), ["html", "junit", "tap"]);
  assert.throws(() => formats("htlm"), /There is no format "htlm"; did you mean html\?/);
  assert.throws(() => formats("html,"), /There is no format ""/);
});

Deno.test("--set reads its value as a file would", () => {
  const value = (text: string) => {
    const set = assignment(text, undefined);
    const [entry] = set.entries();
    assert.ok(entry);
    return [entry[0], evaluate(entry[1], new Scope().set("topic", "t"))];
  };
  assert.deepEqual(value("code=-1"), ["code", -1]);
  assert.deepEqual(value("codes=[1, 2]"), ["codes", [1, 2]]);
  assert.deepEqual(value("name=a=b"), ["name", "a=b"]);
  assert.deepEqual(value("empty="), ["empty", ""]);
  assert.deepEqual(value("where=$topic/x"), ["where", "t/x"]);
  assert.deepEqual([...assignment("b=2", assignment("a=1", undefined)).keys()], ["a", "b"]);
  for (const wrong of ["code", "=1", "1a=2", "a={", "a=&x 1"]) {
    assert.throws(() => assignment(wrong, undefined), InvalidArgumentError, wrong);
  }
});

Deno.test("secrets of the command line are masked in the record", () => {
  assert.equal(masked("brokerPassword=s3cret"), "brokerPassword=***");
  assert.equal(masked("--set=apiToken=a=b\nc"), "--set=apiToken=***");
  assert.equal(masked("openFailed=-1"), "openFailed=-1");
  assert.equal(masked("mqtt/password"), "mqtt/password");
});

function ran(id: string, verdict: CaseResult["verdict"], protocol = "3.1.1", reason?: string): CaseResult {
  return {
    id,
    verdict,
    protocol,
    ...(reason === undefined ? {} : { reason }),
    suite: "s",
    purpose: "p",
    target: "t",
    level: "must",
    covers: [],
    tags: [],
    file: "f",
    line: 1,
    lanes: [],
    n: 1,
    startedMs: 0,
    steps: [],
    chart: [],
    retried: 0,
    standing: verdict,
    warnings: [],
    durationMs: 1,
  };
}

const known = (id: string, verdict: KnownDeviation["verdict"], protocol?: string): KnownDeviation => ({
  case: id,
  verdict,
  reason: `why ${id}`,
  ...(protocol ? { protocol } : {}),
});

Deno.test("an update keeps reasons, takes out what passes now, and adds what deviates", () => {
  const before = [
    known("s/a", "fail"),
    known("s/gone", "fail"),
    known("s/other", "fail"),
    known("s/x", "fail"),
  ];
  const after = updatedExpectations(before, [
    ran("s/a", "fail", "3.1.1", "another sentence"),
    ran("s/gone", "pass"),
    ran("s/x", "inconclusive", "3.1.1", "not met"),
    ran("s/new", "fail", "3.1.1", "it came twice"),
    ran("s/fine", "pass"),
  ]);
  assert.deepEqual(after, [
    known("s/a", "fail"),
    known("s/other", "fail"),
    { case: "s/x", protocol: "3.1.1", verdict: "inconclusive", reason: "not met" },
    { case: "s/new", protocol: "3.1.1", verdict: "fail", reason: "it came twice" },
  ]);
});

Deno.test("an update narrows an entry to the protocols in which it still holds", () => {
  const after = updatedExpectations([known("s/a", "fail")], [
    ran("s/a", "fail", "3.1.1"),
    ran("s/a", "pass", "5.0"),
  ]);
  assert.deepEqual(after, [known("s/a", "fail", "3.1.1")]);
});

Deno.test("an update neither adds nor takes out anything for an error or a skip", () => {
  const before = [known("s/a", "fail"), known("s/b", "fail"), known("s/c", "error")];
  const after = updatedExpectations(before, [
    ran("s/a", "error"),
    ran("s/b", "skip"),
    ran("s/c", "error"),
    ran("s/d", "error"),
  ]);
  assert.deepEqual(after, before);
});

Deno.test("an update of a repeated run has each deviation once", () => {
  assert.equal(
    updatedExpectations([], [ran("s/a", "fail"), ran("s/a", "fail"), ran("s/a", "pass")]).length,
    1,
  );
});

Deno.test("brokerLane() reads a host, and a port behind it", () => {
  assert.deepEqual(brokerLane("192.0.2.10"), { host: "192.0.2.10" });
  assert.deepEqual(brokerLane("lab.example:1884"), { host: "lab.example", port: 1884 });
  assert.deepEqual(brokerLane("[2001:db8::1]:1884"), { host: "2001:db8::1", port: 1884 });
  for (const wrong of ["", "a b", "host:", "host:0", "host:65536", "a:b:1"]) {
    assert.throws(() => brokerLane(wrong), /A host, or a host and a port, is due/, wrong);
  }
});

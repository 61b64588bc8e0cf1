import assert from "node:assert/strict";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { evaluate } from "../spec/evaluate.ts";
import { Scope } from "../spec/scope.ts";
import {
  assignment,
  brokerLane,
  collect,
  duration,
  formats,
  protocolVersions,
  wholeNumber,
} from "./options.ts";

Deno.test("a repeatable option collects its values", () => {
  assert.deepEqual(collect("b", collect("a", undefined)), ["a", "b"]);
});

Deno.test("a whole number has only digits and is within its range", () => {
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

Deno.test("formats are known by name, and a wrong one is reported with the nearest", () => {
  assert.deepEqual(formats("html, junit,tap"), ["html", "junit", "tap"]);
  assert.throws(() => formats("htlm"), /Unknown format "htlm"; did you mean html\?/);
  assert.throws(
    () => formats("html,"),
    /Expected formats separated by single commas, of html, .*; "" is not one\./,
  );
});

Deno.test("--set reads its value as YAML", () => {
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

Deno.test("brokerLane() reads a host, and a port after it", () => {
  assert.deepEqual(brokerLane("192.0.2.10"), { host: "192.0.2.10", port: undefined });
  assert.deepEqual(brokerLane("lab.example:1884"), { host: "lab.example", port: 1884 });
  assert.deepEqual(brokerLane("[2001:db8::1]:1884"), { host: "2001:db8::1", port: 1884 });
  for (const wrong of ["", "a b", "host:", "host:0", "host:65536", "a:b:1"]) {
    assert.throws(() => brokerLane(wrong), /Expected a host, or a host and a port/, wrong);
  }
});

Deno.test("protocolVersions() accepts the numbers of CONNECT too, and keeps each version once", () => {
  const read = (...words: string[]) =>
    words.reduce<ReturnType<typeof protocolVersions> | undefined>(
      (before, word) => protocolVersions(word, before),
      undefined,
    );
  assert.deepEqual(read("5", "4", "3", "3.1.1"), ["5.0", "3.1.1", "3.1"]);
  for (const wrong of ["", "6", "3.0", "v5", "constructor"]) {
    assert.throws(() => read(wrong), /Expected a version of MQTT: 3\.1, 3\.1\.1, 5\.0, or 3, 4, 5/, wrong);
  }
});

import assert from "node:assert/strict";
import { StepFailed } from "./step_failed.ts";
import type { Taken } from "./party/party.ts";
import { passingOver } from "./passing_over.ts";

const TAKEN: Taken = { index: 0, got: { type: "OK" } };
const unexpected = () => new StepFailed({ message: "Unexpected PINGREQ", unexpected: true });

/** Fails with these errors in turn, and then takes the expected arrival. */
function arrivals(...failures: readonly Error[]) {
  const left: number[] = [];
  const rest = [...failures];
  const take = (leftMs: number): Promise<Taken> => {
    left.push(leftMs);
    const failure = rest.shift();
    return failure ? Promise.reject(failure) : Promise.resolve(TAKEN);
  };
  return { take, left };
}

Deno.test("passingOver() skips well-formed arrivals if the lane ignores the rest", async () => {
  const { take, left } = arrivals(unexpected(), unexpected());
  assert.equal(await passingOver(() => true, 5_000, take), TAKEN);
  assert.equal(left.length, 3);
  assert.ok(left.every((ms, at) => ms <= (left[at - 1] ?? 5_000)), String(left));
});

Deno.test("passingOver() lets through what is unexpected where the lane ignores nothing", async () => {
  const { take, left } = arrivals(unexpected());
  await assert.rejects(passingOver(() => false, 5_000, take), /Unexpected PINGREQ/);
  assert.equal(left.length, 1);
});

Deno.test("passingOver() never skips a malformed arrival, or an error that is not a finding", async () => {
  const broken = new StepFailed({ message: "PUBLISH breaks a rule" });
  await assert.rejects(passingOver(() => true, 5_000, arrivals(unexpected(), broken).take), broken);
  const fault = new TypeError("A fault of the harness");
  await assert.rejects(passingOver(() => true, 5_000, arrivals(fault).take), fault);
});

import assert from "node:assert/strict";
import { UsageError } from "../../../lib/catalog/usage_error.ts";
import { outcomeOf, outcomeOfCommand } from "./outcome.ts";

/** Describes an outcome, and the details of a finding. */
function told(outcome: ReturnType<typeof outcomeOf>): string {
  return outcome.kind === "finding" ? outcome.what : outcome.kind;
}

Deno.test("outcomeOf() takes a refusal with a place, and finds one without", () => {
  const place = 'error: unknown key "x"\n --> a.yaml:3:7\n3 | x: 1\n  | ^\n\n1 mistake; nothing was run';
  assert.equal(told(outcomeOf(new UsageError(place))), "refused");
  assert.equal(told(outcomeOf(new UsageError("result.json:2:1: this is not JSON"))), "refused");
  assert.equal(told(outcomeOf(new UsageError('There is no file "a.yaml"'))), "a message without a place");
  assert.equal(told(outcomeOf(new UsageError("It came at 12:30:10"))), "a message without a place");
});

Deno.test("outcomeOf() finds errors that are not attest's own, and messages that steer a terminal", () => {
  assert.equal(told(outcomeOf(new TypeError("x is undefined"))), "TypeError is thrown");
  assert.equal(told(outcomeOf(new Error("internal"))), "Error is thrown");
  assert.equal(told(outcomeOf("a text")), "no error is thrown");
  const steering = "error: unknown \x1b[2J\n --> a.yaml:3:7\n";
  assert.equal(told(outcomeOf(new UsageError(steering))), "a message with an invisible character");
});

Deno.test("outcomeOfCommand() takes exit 2 with a message, and what is right until the network is not granted", () => {
  const printed = (status: number, err: string) => told(outcomeOfCommand({ status, out: "", err }));
  assert.equal(printed(0, ""), "accepted");
  assert.equal(printed(2, "error: unknown option '--x'"), "refused");
  assert.equal(printed(3, "error: No permission to connect to h:8883; run with --allow-net"), "accepted");
  assert.equal(printed(2, " "), "exit 2 without a message");
  assert.equal(printed(3, "error: something broke"), "exit 3");
  assert.equal(printed(3, "attest failed: x\nError: x\n    at f (file:///a.ts:1:2)"), "a stack trace");
});

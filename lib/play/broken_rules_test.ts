import assert from "node:assert/strict";
import type { Violation } from "../mqtt/frame.ts";
import { BrokenRules } from "./broken_rules.ts";
import { StepFailed, type StepProblem } from "./step_failed.ts";

const WILDCARD: Violation = {
  rule: "topic-wildcard",
  clause: "MQTT-3.3.2-2",
  offset: 4,
  message: 'a wildcard in "a/+"',
};
const FLAGS: Violation = {
  rule: "reserved-flags",
  clause: "MQTT-2.2.2-1",
  offset: 0,
  message: "flags are 3",
};
const LIMIT: Violation = {
  rule: "maximum-packet-size-exceeded",
  offset: 0,
  message: "100 bytes, 50 are announced",
};

/** Returns how the rules refuse the packet, or undefined if they accept it. */
function refusal(rules: BrokenRules, violations: readonly Violation[]): StepProblem | undefined {
  try {
    rules.judge(violations);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof StepFailed);
    return error.problem;
  }
}

Deno.test("a packet that breaks nothing passes, and one that breaks what the case names", () => {
  assert.equal(refusal(new BrokenRules([]), []), undefined);
  assert.equal(refusal(new BrokenRules(["topic-wildcard"]), [WILDCARD]), undefined);
  assert.equal(refusal(new BrokenRules(["MQTT-3.3.2-2"]), [WILDCARD]), undefined);
});

Deno.test("a rule that the case does not name is an error of the case, which says what to add", () => {
  assert.deepEqual(refusal(new BrokenRules([]), [WILDCARD]), {
    message: "The step breaks a rule that the case does not name: " +
      'MQTT-3.3.2-2: a wildcard in "a/+" (byte 4); add breaks: [topic-wildcard]',
    verdict: "error",
  });
});

Deno.test("each broken rule has to be named, not only the first", () => {
  const problem = refusal(new BrokenRules(["topic-wildcard"]), [WILDCARD, FLAGS]);
  assert.match(problem?.message ?? "", /add breaks: \[reserved-flags\]$/);
});

Deno.test("what the far end has announced that it does not take skips the case, with the limit", () => {
  assert.deepEqual(refusal(new BrokenRules(["topic-wildcard"]), [WILDCARD, LIMIT]), {
    message:
      "Not possible on this target: maximum-packet-size-exceeded: 100 bytes, 50 are announced (byte 0)",
    verdict: "skip",
    limit: "maximum-packet-size-exceeded",
  });
});

Deno.test("a rule without a clause is not taken for named by a case that names nothing", () => {
  const bare: Violation = { rule: "own-rule", offset: 0, message: "so" };
  assert.equal(refusal(new BrokenRules([]), [bare])?.verdict, "error");
  assert.equal(refusal(new BrokenRules(["own-rule"]), [bare]), undefined);
});

Deno.test("with a callback for broken rules every packet is accepted, and all rules are reported", () => {
  const told: string[] = [];
  const rules = new BrokenRules(["topic-wildcard"], (rule) => void told.push(rule));
  assert.equal(refusal(rules, [WILDCARD, FLAGS, LIMIT]), undefined);
  assert.deepEqual(told, ["topic-wildcard", "reserved-flags", "maximum-packet-size-exceeded"]);
});

Deno.test("a Keep Alive that the server has set and that the case does not keep skips it", () => {
  const silence = { rule: "keep-alive-exceeded", offset: 0, message: "2 s of silence" };
  const server: Violation = { ...silence, clause: "MQTT-3.2.2-21" };
  assert.equal(refusal(new BrokenRules([]), [server])?.verdict, "skip");
  const own: Violation = { ...silence, clause: "MQTT-3.1.2-20" };
  assert.equal(refusal(new BrokenRules([]), [own])?.verdict, "error");
});

Deno.test("a connection that ended for a limit of the far end makes the case impossible, by the first one", () => {
  const rules = new BrokenRules([]);
  assert.equal(rules.impossible, undefined);
  rules.ended(LIMIT);
  rules.ended(FLAGS);
  assert.deepEqual(rules.impossible, {
    message:
      "Not possible on this target: maximum-packet-size-exceeded: 100 bytes, 50 are announced (byte 0)",
    limit: "maximum-packet-size-exceeded",
  });
});

import assert from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { Frame } from "../mqtt/frame.ts";
import type { Draft } from "../mqtt/packet.ts";
import { Scope } from "../spec/scope.ts";
import type { Outcome } from "../suite/step/outcome.ts";
import { stepsOf } from "../suite/test_suite.ts";
import {
  arrivalProblem,
  describeOutcome,
  describeUpgrade,
  leftoverOf,
  takeArrival,
  takeUpgrade,
} from "./expectation.ts";
import { StepFailed, type StepProblem } from "./step_failed.ts";

const SCOPE = new Scope().set("topic", "attest/1");
const PUBACK = frame({ type: "PUBACK", packetId: 7 });

function frame(draft: Draft): Frame {
  return decodeOne(encode(draft, "3.1.1"), "3.1.1");
}

/** The outcomes of each expectation, as a suite writes them. */
async function outcomes(...lines: readonly string[]): Promise<readonly (readonly Outcome[])[]> {
  const steps = await stepsOf(lines, lines[0]?.startsWith("dte") ? "at" : "mqtt");
  return steps.map((step) => step.kind === "expect" ? step.outcomes : []);
}

/** The problem that a call throws. */
function problemOf(call: () => unknown): StepProblem {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof StepFailed, String(error));
    return error.problem;
  }
  assert.fail("it was taken");
}

Deno.test("takeArrival() returns the first alternative that matches, and the packet as data", async () => {
  const expected = await outcomes("c <- PINGRESP", "c <- PUBACK: { packetId: 9 }", "c <- PUBACK");
  const taken = takeArrival(expected, PUBACK, 100, SCOPE);
  assert.equal(taken.index, 2);
  assert.deepEqual(taken.got, { type: "PUBACK", packetId: 7, reason: 0, properties: {}, size: 4 });
});

Deno.test("takeArrival() reports each field that differs from an expectation of its packet", async () => {
  const expected = await outcomes("c <- PUBACK: { packetId: 9 }", "c <- PUBACK: { packetId: [1, 2] }");
  const { message, ...problem } = problemOf(() => takeArrival(expected, PUBACK, 100, SCOPE));
  assert.equal(message, "PUBACK packetId is 7, expected 9; or packetId is 7, expected 1 or 2");
  assert.deepEqual(problem, {
    unexpected: true,
    expected: "PUBACK with packetId 9, or PUBACK with packetId 1 or 2",
    got: "PUBACK id=7",
    hex: "40020007",
  });
});

Deno.test("takeArrival() reports another packet as unexpected, not field by field", async () => {
  const expected = await outcomes("c <- PINGRESP");
  const { message } = problemOf(() => takeArrival(expected, PUBACK, 100, SCOPE));
  assert.equal(message, "Unexpected PUBACK id=7, expected PINGRESP");
});

Deno.test("takeArrival() reports that nothing came, which a late or dead target explains", async () => {
  const problem = problemOf(() => takeArrival([], undefined, 250, SCOPE));
  assert.equal(problem.message, "Nothing came within 250 ms, expected ");
  const expected = await outcomes("c <- one of: [PUBREC, closed]");
  assert.deepEqual(problemOf(() => takeArrival(expected, undefined, 250, SCOPE)), {
    message: "Nothing came within 250 ms, expected PUBREC, or a closed connection",
    expected: "PUBREC, or a closed connection",
    got: "nothing",
    missing: true,
    connectionLost: true,
  });
});

Deno.test("takeArrival() takes a close by FIN and by RST where one is expected, and else says which it was", async () => {
  const closed = await outcomes("c <- PUBACK", "c <- closed");
  for (const how of ["end", "reset"] as const) {
    assert.deepEqual(takeArrival(closed, { kind: "closed", how }, 100, SCOPE), {
      index: 1,
      got: { type: "closed" },
    });
  }
  const open = await outcomes("c <- PUBACK");
  const told = (how: "end" | "reset", why?: string) =>
    problemOf(() => takeArrival(open, { kind: "closed", how, why }, 100, SCOPE));
  assert.equal(told("end").message, "The connection was closed, expected PUBACK");
  assert.equal(told("reset").message, "The connection was reset, expected PUBACK");
  assert.equal(told("reset").got, "connection reset");
  assert.equal(told("reset", "A text frame came").message, "A text frame came, expected PUBACK");
  assert.equal(told("end").connectionLost, true);
});

Deno.test("takeArrival() never accepts a packet that breaks a rule, whatever is expected", async () => {
  const wrong = decodeOne(Uint8Array.of(0xd1, 0x00), "3.1.1");
  const problem = problemOf(() => takeArrival([[]], wrong, 100, SCOPE));
  assert.deepEqual(problem.broken, ["reserved-flags"]);
  assert.equal(problem.unexpected, undefined);
  assert.match(problem.message, /^PINGRESP breaks MQTT-2\.2\.2-\d: .* \(byte 0\)$/);
  assert.deepEqual(problem.clauses?.length, 1);
  const expected = await outcomes("c <- PINGRESP");
  assert.deepEqual(problemOf(() => takeArrival(expected, wrong, 100, SCOPE)).broken, ["reserved-flags"]);
});

Deno.test("a malformed packet is described by its type, with its first 256 bytes", () => {
  // A topic name of 65,535 bytes in a packet of 300.
  const bytes = Uint8Array.of(0x30, 0xac, 0x02, 0xff, 0xff, ...new Uint8Array(298));
  const problem = arrivalProblem(decodeOne(bytes, "3.1.1"), "nothing");
  assert.match(problem.got ?? "", /^malformed PUBLISH$/);
  assert.equal(problem.hex?.length, 2 * 256);
});

Deno.test("takeUpgrade() compares status and subprotocol with what is expected", async () => {
  const answer = { status: 101, reason: "Switching Protocols", subprotocol: "mqtt" };
  const expected = await outcomes("c <- upgraded: { status: 400 }", "c <- upgraded: { subprotocol: mqtt }");
  assert.deepEqual(takeUpgrade(expected, answer, SCOPE), {
    index: 1,
    got: { type: "upgraded", status: 101, subprotocol: "mqtt" },
  });
  const refused = { status: 404, reason: "Not Found" };
  assert.deepEqual(takeUpgrade(await outcomes("c <- upgraded: { status: 404 }"), refused, SCOPE).got, {
    type: "upgraded",
    status: 404,
  });
  assert.equal(
    problemOf(() => takeUpgrade(expected, refused, SCOPE)).message,
    "Unexpected answer 404 to the upgrade, with no subprotocol, expected an answer to the upgrade with status 400, " +
      'or an answer to the upgrade with subprotocol "mqtt"',
  );
  assert.equal(describeUpgrade(answer), 'answer 101 to the upgrade, with the subprotocol "mqtt"');
});

Deno.test("an outcome is described in a few words, with its variables replaced", async () => {
  const words = async (line: string) => {
    const [alternative] = await outcomes(line);
    return alternative?.map((outcome) => describeOutcome(outcome, SCOPE)).join(" / ");
  };
  assert.equal(
    await words("c <- PUBLISH: { topic: $topic, qos: [0, 1], packetId: absent }"),
    'PUBLISH with topic "attest/1", qos 0 or 1, packetId none',
  );
  assert.equal(await words("c <- closed"), "a closed connection");
  assert.equal(await words("dte <- OK"), "OK");
  assert.equal(await words("dte <- +CME ERROR: 3"), "+CME ERROR: 3");
  assert.equal(await words("dte <- +ECMTPUB: [0, 7, any]"), "+ECMTPUB: 0,7,any");
  assert.equal(await words("dte <- +ECMTPUB"), "+ECMTPUB");
  assert.equal(await words("dte <- prompt"), 'the prompt "> "');
});

/** A link, and what the test sends on it. */
async function link(...drafts: readonly Draft[]) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [far, near] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  ]);
  const link = new MqttLink(near, { version: "3.1.1" });
  for (const draft of drafts) await far.write(Uint8Array.from(encode(draft, "3.1.1")));
  far.close();
  while (!link.closed) await new Promise((resolve) => setTimeout(resolve, 1));
  return link;
}

Deno.test("what no step took is a problem after the last step, and a close is none", async () => {
  await using left = await link({ type: "PUBACK", packetId: 7 });
  assert.equal(
    leftoverOf(left, false)?.message,
    "Unexpected PUBACK id=7, expected nothing after the last step",
  );
  await using ended = await link();
  assert.equal(leftoverOf(ended, false), undefined);
  assert.equal(leftoverOf(undefined, false), undefined);
});

Deno.test("where the rest is ignored only what breaks a rule is left over", async () => {
  const right: Draft = { type: "PUBACK", packetId: 7 };
  await using fine = await link(right, right);
  assert.equal(leftoverOf(fine, true), undefined);
  await using wrong = await link(right, { type: "PINGRESP", wire: { flags: 1 } }, right);
  assert.match(leftoverOf(wrong, true)?.message ?? "", /^PINGRESP breaks /);
});

import assert from "node:assert/strict";
import { describe } from "../../mqtt/describe.ts";
import type { RunEvent } from "../../run/event.ts";
import { reach } from "../../target/reach.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { RoundTrip } from "../round_trip.ts";
import { addressTarget, brokerSuite, ecmtAlone, plannedFor } from "../test_bench.ts";
import { Played, polite } from "../test_broker.ts";
import { brokerWorker } from "./worker.ts";

/**
 * Runs the cases, numbered from 36, on a broker that the test plays. Returns their verdicts and what the
 * broker received.
 */
async function run(cases: string, more: Partial<TargetFile>) {
  const heard: string[] = [];
  await using broker = new Played((packet, link) => {
    heard.push(describe(packet));
    // A fence returns to its sender.
    if (packet.type === "PUBLISH" && !packet.retain) {
      link.send({ ...packet, qos: 0, packetId: undefined }).catch(() => {});
    }
    return polite(packet);
  });
  const file = addressTarget(broker.port, { ...more, protocols: ["3.1.1"] });
  const { signal } = new AbortController();
  const { dialect } = await ecmtAlone();
  await using target = await reach(file, { dialect, signal });
  assert.ok(target.kind === "broker");
  heard.length = 0;
  const events: RunEvent[] = [];
  await using worker = await brokerWorker({
    runId: "runrun01",
    target,
    cases: [],
    jobs: 1,
    seed: 9,
    values: new Map(),
    emit: (event) => void events.push(event),
    now: () => 0,
    nextNumber: () => 1,
    signal,
    shuffle: false,
    roundTrip: new RoundTrip(),
  }, target);
  const verdicts: unknown[] = [];
  for (const [index, planned] of (await plannedFor(await brokerSuite(cases), file)).entries()) {
    verdicts.push((await worker.run(planned, 36 + index))?.verdict);
  }
  return { verdicts, heard, events };
}

Deno.test("each case run has its own topic and client ids, which its steps can name", async () => {
  const { verdicts, heard } = await run(
    `
  - case: rows
    purpose: it MUST answer
    table: [{ row: a, level: 1 }, { row: b, level: 2 }]
    use: { connected: { lane: c } }
    steps:
      - c -> SUBSCRIBE: { packetId: 1, filter: $topic/$client.c/$seed/$level, qos: 0 }
      - c <- SUBACK
      - c -> DISCONNECT
      - c <- closed
`,
    {},
  );
  assert.deepEqual(verdicts, ["pass", "pass"]);
  assert.deepEqual(heard.filter((said) => said.startsWith("SUBSCRIBE")), [
    'SUBSCRIBE id=1 "attest/runrun010010/arunrun0100100/9/1" q0',
    'SUBSCRIBE id=1 "attest/runrun010011/arunrun0100110/9/2" q0',
  ]);
});

Deno.test("a fence has no QoS that the target does not claim", async () => {
  const cases = `
  - case: silent
    purpose: it MUST NOT answer
    use: { connected: { lane: c } }
    steps: [c -> PUBLISH: { topic: $topic/x, qos: 2, packetId: 7, retain: true }, c <- nothing]
`;
  for (const [supports, qos] of [[[], 0], [["qos1"], 1], [["qos1", "qos2"], 2]] as const) {
    const { heard } = await run(cases, { supports: [...supports] });
    const fence = heard.find((said) => said.startsWith("SUBSCRIBE"));
    assert.equal(fence?.at(-1), String(qos), fence);
  }
});

Deno.test("a retained message is cleared on a target that claims retained messages only", async () => {
  const cases = `
  - case: retained
    purpose: it MUST be kept
    use: { connected: { lane: c } }
    steps: [c -> PUBLISH: { topic: $topic, retain: true, payload: x }, c -> PINGREQ, c <- PINGRESP]
`;
  for (const supports of [[], ["retained"]]) {
    const { verdicts, heard } = await run(cases, { supports });
    assert.deepEqual(verdicts, ["pass"]);
    const cleared = heard.filter((said) => said === 'PUBLISH q0 retain "attest/runrun010010" ""');
    assert.equal(cleared.length, supports.length);
  }
});

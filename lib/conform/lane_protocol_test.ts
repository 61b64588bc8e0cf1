import assert from "node:assert/strict";
import { brokerSuite, chartOf, judge, referenceTarget, verdicts } from "./test_bench.ts";

const SUITE = `
  - case: mixed
    purpose: each client MUST get the form of its version
    steps:
      - open: { lane: old, protocol: "3.1.1" }
      - old -> CONNECT
      - old <- CONNACK: { reason: 0 }
      - old -> SUBSCRIBE: { packetId: 3, filter: $topic, qos: 0 }
      - old <- SUBACK: { packetId: 3, reason: 0 }
      - new -> CONNECT
      - new <- CONNACK: { reason: 0 }
      - new -> PUBLISH: { topic: $topic, payload: x, properties: { contentType: c } }
      - old <- PUBLISH: { topic: $topic, payload: x }
      - old -> DISCONNECT
      - old <- closed
      - old -> CONNECT
      - old <- CONNACK: { reason: 0 }
`;

Deno.test("a lane opened in a version speaks it, also on its next connection, whatever the case's version", async () => {
  const judged = await judge(await brokerSuite(SUITE, '["5.0"]'));
  assert.deepEqual(verdicts(judged), { mixed: "pass" });
  const connects = chartOf(judged, "mixed").filter(({ text }) => text.startsWith("CONNECT"));
  const levels = connects.map(({ lane, text }) => `${lane} ${/level=\d/.exec(text)?.[0]}`);
  assert.deepEqual(levels, ["old level=4", "new level=5", "old level=4"]);
});

Deno.test("a form of another version is malformed on such a lane, or not what was expected", async () => {
  const defects = ["new-form-for-old-clients"];
  const judged = await judge(await brokerSuite(SUITE, '["5.0"]'), referenceTarget(defects));
  assert.deepEqual(verdicts(judged), { mixed: 'fail: PUBLISH payload is "\\u0000x", expected "x"' });
});

Deno.test("a case is skipped where the target does not speak the version of a lane", async () => {
  const target = referenceTarget([], { protocols: ["5.0"] });
  const judged = await judge(await brokerSuite(SUITE, '["5.0"]'), target);
  assert.deepEqual(verdicts(judged), {
    mixed: "skip: A lane speaks MQTT 3.1.1, which this target does not support",
  });
});

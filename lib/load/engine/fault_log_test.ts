import assert from "node:assert/strict";
import { encode } from "../../mqtt/encode.ts";
import type { FaultEvidence } from "./fault_log.ts";
import { FaultLog } from "./fault_log.ts";
import { MetricRecorder } from "./metric_recorder.ts";

const CLIENT = { id: "c-1" };
const PACKETS = ["a", "b"].map((topic) =>
  encode({ type: "PUBLISH", topic, payload: new Uint8Array(600) }, "3.1.1").slice()
);
const BYTES = Uint8Array.from(PACKETS.flatMap((packet) => [...packet]));
const START = PACKETS[0]?.length ?? 0;

Deno.test("every fault is counted, and the first ten of each kind are kept", () => {
  const recorder = new MetricRecorder();
  const kept: FaultEvidence[] = [];
  const faults = new FaultLog(recorder, "3.1.1", (fault) => kept.push(fault));
  for (let n = 0; n < 12; n++) faults.add("reordered", CLIENT, "late", BYTES, START, BYTES.length);
  faults.add("protocol", CLIENT, "broken", BYTES, START, BYTES.length);
  assert.deepEqual(recorder.take().counts, { "reordered": 12, "fault.protocol": 1 });
  assert.deepEqual(kept.map(({ fault }) => fault), [...Array(10).fill("reordered"), "protocol"]);
});

Deno.test("evidence has the packet's first bytes, its size, and the packets before it", () => {
  const kept: FaultEvidence[] = [];
  const faults = new FaultLog(new MetricRecorder(), "3.1.1", (fault) => kept.push(fault));
  faults.add("retain-flag", CLIENT, "text", BYTES, START, BYTES.length);
  const [fault] = kept;
  assert.equal(fault?.client, "c-1");
  assert.equal(fault?.size, PACKETS[1]?.length);
  assert.equal(fault?.hex, PACKETS[1]?.subarray(0, 512).toHex());
  assert.equal(fault?.chart.length, 2);
  assert.match(fault?.chart[1] ?? "", /^PUBLISH .*"b"/);
});

Deno.test("evidence of bytes that are not a packet says what is wrong with them", () => {
  const kept: FaultEvidence[] = [];
  const faults = new FaultLog(new MetricRecorder(), "3.1.1", (fault) => kept.push(fault));
  faults.add("protocol", CLIENT, "text", Uint8Array.of(0xf0, 0), 0, 2);
  assert.equal(kept[0]?.hex, "f000");
  assert.equal(kept[0]?.chart.length, 1);
});

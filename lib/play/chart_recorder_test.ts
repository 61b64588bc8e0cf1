import assert from "node:assert/strict";
import { brokerSuite, chartOf, judge, verdicts } from "../conform/test_bench.ts";
import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { ChartEntry } from "../run/event.ts";
import { ChartRecorder } from "./chart_recorder.ts";

const PINGREQ = encode({ type: "PINGREQ" }, "3.1.1");
const PINGRESP = encode({ type: "PINGRESP" }, "3.1.1");

/** A recorder whose clock counts its readings, and its chart. */
function recorder(): { readonly chart: ChartEntry[]; readonly on: ChartRecorder } {
  const chart: ChartEntry[] = [];
  let t = 0;
  const on = new ChartRecorder(
    (event) => {
      if (event.kind === "chart") chart.push(event);
    },
    () => ++t,
    7,
  );
  return { chart, on };
}

Deno.test("what is sent and received is charted with its lane, its bytes and the step that runs", () => {
  const { chart, on } = recorder();
  on.step = 3;
  on.sent("c", "PINGREQ", PINGREQ, "3.1.1");
  on.received("c", decodeOne(PINGRESP, "3.1.1"), true);
  on.step = undefined;
  on.note("c", "closed by the target");
  assert.deepEqual(JSON.parse(JSON.stringify(chart)), [
    {
      kind: "chart",
      t: 1,
      n: 7,
      step: 3,
      lane: "c",
      direction: "sent",
      text: "PINGREQ",
      hex: "c000",
      size: 2,
    },
    {
      kind: "chart",
      t: 2,
      n: 7,
      step: 3,
      lane: "c",
      direction: "received",
      text: "PINGRESP",
      hex: "d000",
      size: 2,
      foreign: true,
    },
    { kind: "chart", t: 3, n: 7, lane: "c", direction: "note", text: "closed by the target" },
  ]);
});

Deno.test("a packet that is wrong on purpose is marked, one that can't be read goes by its type", () => {
  const { chart, on } = recorder();
  on.sent("c", "PINGREQ", Uint8Array.of(0xc3, 0x00), "3.1.1");
  on.sent("c", "CONNECT", Uint8Array.of(0x10, 0x01, 0x00), "3.1.1");
  assert.deepEqual(chart.map(({ text }) => text), [
    "PINGREQ (wrong on purpose)",
    "CONNECT (wrong on purpose)",
  ]);
});

Deno.test("the rules that a received packet breaks are charted with it, each with its byte", () => {
  const { chart, on } = recorder();
  on.received("c", decodeOne(Uint8Array.of(0xd1, 0x00), "3.1.1"));
  on.received("c", decodeOne(PINGRESP, "3.1.1"));
  assert.match(chart[0]?.violations?.[0] ?? "", /^MQTT-2\.2\.2-\d: .* \(byte 0\)$/);
  assert.equal(chart[1]?.violations, undefined);
});

Deno.test("the journal keeps the first 2,048 bytes of a packet, and its size", () => {
  const { chart, on } = recorder();
  on.bytes("dte", "received", "a long line", new Uint8Array(5_000));
  assert.deepEqual([chart[0]?.hex?.length, chart[0]?.size], [2 * 2_048, 5_000]);
});

Deno.test("while it is quiet packets are left out and notes are not", () => {
  const { chart, on } = recorder();
  on.quiet = true;
  on.sent("c", "PINGREQ", PINGREQ, "3.1.1");
  on.received("c", decodeOne(PINGRESP, "3.1.1"));
  on.bytes("c", "sent", "raw", PINGREQ);
  on.note("c", "connection cut");
  on.quiet = false;
  on.bytes("c", "sent", "raw", PINGREQ);
  assert.deepEqual(chart.map(({ text }) => text), ["connection cut", "raw"]);
});

Deno.test("after its end nothing is charted until it goes on, and then under no step", () => {
  const { chart, on } = recorder();
  on.step = 1;
  on.end();
  on.note("c", "late");
  on.sent("c", "PINGREQ", PINGREQ, "3.1.1");
  on.resume();
  on.note("dte", "teardown");
  assert.deepEqual(chart.map(({ text, step }) => [text, step]), [["teardown", undefined]]);
});

Deno.test("of 10,000 entries the first 2,000 are charted at once, and at the end the last ones with how many lack", () => {
  const { chart, on } = recorder();
  for (let at = 1; at <= 10_000; at++) on.note("c", `no. ${at}`);
  assert.equal(chart.length, 2_000);
  on.end();
  on.end();
  const [between, ...last] = chart.slice(2_000);
  const missing = 10_000 - 2_000 - last.length;
  assert.equal(between?.text, `${missing} further entries are not charted, with 0 bytes on the wire`);
  assert.ok(last.length >= 24 && last.length < 48, `${last.length}`);
  assert.deepEqual(last.map(({ text }) => text), last.map((_, at) => `no. ${2_001 + missing + at}`));
  assert.equal(between?.t, last[0]?.t);
});

Deno.test("an endless stream of packets takes a limited part of the journal, and the chart says what it omits", () => {
  const { chart, on } = recorder();
  const packet = new Uint8Array(3_000);
  const rounds = 5_000;
  for (let at = 0; at < rounds; at++) on.bytes("c", "received", "PUBLISH", packet);
  on.end();
  const written = JSON.stringify(chart).length;
  assert.ok(written < 1024 * 1024, `${written} characters`);
  const between = chart.findIndex(({ direction }) => direction === "note");
  const missing = rounds - (chart.length - 1);
  assert.equal(
    chart[between]?.text,
    `${missing} further entries are not charted, with ${missing * packet.length} bytes on the wire`,
  );
  // Both the start and the end of the conversation are charted.
  assert.ok(between > 25 && chart.length - between > 10, `${between} of ${chart.length}`);
});

Deno.test("of far more packets than were sent for them the chart has the first and the last", () => {
  const { chart, on } = recorder();
  const count = 500;
  on.bytes("c", "sent", "SUBSCRIBE", PINGREQ);
  for (let at = 1; at <= count; at++) on.bytes("c", "received", `no. ${at}`, PINGRESP);
  on.end();
  assert.ok(chart.length > 50 && chart.length < 100, `${chart.length}`);
  assert.equal(chart.at(-1)?.text, `no. ${count}`);
  const [between, ...others] = chart.filter(({ direction }) => direction === "note");
  const missing = count - (chart.length - 2);
  assert.equal(
    between?.text,
    `${missing} further entries are not charted, with ${missing * PINGRESP.length} bytes on the wire`,
  );
  assert.deepEqual(others, []);
});

Deno.test("a conversation that is a little long lacks nothing", () => {
  const { chart, on } = recorder();
  for (let at = 1; at <= 2_040; at++) on.note("c", `no. ${at}`);
  on.flush();
  on.flush();
  assert.deepEqual(chart.map(({ text }) => text), Array.from({ length: 2_040 }, (_, at) => `no. ${at + 1}`));
});

Deno.test("a recorder without a place for its entries decodes nothing", () => {
  const on = new ChartRecorder(undefined, () => assert.fail("the clock was read"), 1);
  on.sent("c", "PINGREQ", PINGREQ, "3.1.1");
  on.note("c", "connection cut");
  on.end();
});

Deno.test("of a conversation of thousands of packets the chart has the beginning and the end", async () => {
  const suite = await brokerSuite(`
  - case: long
    purpose: each MUST be answered
    use: { connected: { lane: c } }
    steps:
      - repeat: { times: 1500, as: i, steps: [c -> PUBLISH: { topic: $topic, qos: 1, packetId: $i }, c <- PUBACK: { packetId: $i }] }
`);
  const judged = await judge(suite);
  assert.deepEqual(verdicts(judged), { long: "pass" });
  const chart = chartOf(judged, "long");
  assert.ok(chart.length > 2_000 && chart.length < 2_500, `${chart.length}`);
  assert.equal(chart.at(-1)?.text, "PUBACK id=1500");
  assert.ok(
    chart.some(({ text }) => /^\d+ further entries are not charted, with \d+ bytes on the wire$/.test(text)),
  );
  const ended = judged.events.findIndex(({ kind }) => kind === "case-ended");
  assert.ok(judged.events.slice(ended).every(({ kind }) => kind !== "chart"));
});

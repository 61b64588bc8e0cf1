import assert from "node:assert/strict";
import { ConnectionWriter } from "./connection_writer.ts";
import { continuations, TestHost, TestTransport } from "./test_host.ts";

const GROUP = "groups: [{ group: g, role: publish, clients: 1, publish: { topic: t, rate: 1 } }]";

function bench(mode: "latency" | "throughput" = "latency") {
  const host = TestHost.for(`mode: ${mode}\n${GROUP}`);
  const calls: string[] = [];
  const writer = new ConnectionWriter(host, {
    writing: () => calls.push("writing"),
    written: () => calls.push("written"),
    writeFailed: (error) => calls.push(`failed: ${error instanceof Error ? error.message : ""}`),
  }, true);
  const transport = new TestTransport();
  writer.attach(transport);
  return { host, calls, writer, transport };
}

Deno.test("the packets of a turn are written together", async () => {
  const { host, calls, writer, transport } = bench();
  writer.send({ type: "PINGREQ" });
  writer.send({ type: "PUBACK", packetId: 7 });
  assert.deepEqual(transport.described(), []);
  host.flush();
  assert.equal(writer.busy, true);
  assert.deepEqual(transport.described(), ["PINGREQ", "PUBACK id=7"]);
  await continuations();
  assert.deepEqual([calls, writer.busy], [["writing", "written"], false]);
  assert.deepEqual(host.counts(), { "sent.bytes": 6 });
});

Deno.test("what is added during a write follows it", async () => {
  for (const mode of ["latency", "throughput"] as const) {
    const { host, writer, transport } = bench(mode);
    transport.fast = false;
    writer.send({ type: "PINGREQ" });
    host.flush();
    transport.described();
    writer.send({ type: "PUBACK", packetId: 1 });
    host.flush();
    assert.deepEqual(transport.described(), [], "a write is under way");
    transport.finishWrite();
    await continuations();
    host.flush();
    assert.deepEqual(transport.described(), ["PUBACK id=1"], mode);
    transport.finishWrite();
    await continuations();
  }
});

Deno.test("flushNow() writes at once, unless the loop is paced", () => {
  const quick = bench();
  quick.writer.send({ type: "PINGREQ" });
  quick.writer.flushNow();
  assert.deepEqual(quick.transport.described(), ["PINGREQ"]);
  const paced = bench("throughput");
  paced.writer.send({ type: "PINGREQ" });
  paced.writer.flushNow();
  assert.deepEqual(paced.transport.described(), []);
  paced.host.flush();
  assert.deepEqual(paced.transport.described(), ["PINGREQ"]);
});

Deno.test("QoS 0 messages that may not have been written when the connection goes count as failed", async () => {
  const { host, writer, transport } = bench();
  transport.fast = false;
  writer.accepting = true;
  writer.send({ type: "PUBLISH", topic: "t", payload: new Uint8Array() });
  writer.countQos0();
  host.flush();
  writer.send({ type: "PUBLISH", topic: "t", payload: new Uint8Array() });
  writer.countQos0();
  writer.detach();
  assert.deepEqual(host.counts(), { failed: 2, unconfirmed: -2 });
  assert.deepEqual([writer.open, writer.busy], [false, false]);
  transport.finishWrite();
  await continuations();
});

Deno.test("a failed write is reported, unless the connection is another one by then", async () => {
  const { host, calls, writer, transport } = bench();
  transport.fast = false;
  writer.send({ type: "PINGREQ" });
  host.flush();
  transport.failWrite(new Error("reset"));
  await continuations();
  assert.deepEqual(calls, ["writing", "failed: reset"]);
  writer.detach();
  writer.attach(transport);
  writer.send({ type: "PINGREQ" });
  host.flush();
  writer.detach();
  writer.attach(new TestTransport());
  transport.failWrite(new Error("reset again"));
  await continuations();
  assert.deepEqual(calls, ["writing", "failed: reset", "writing"]);
});

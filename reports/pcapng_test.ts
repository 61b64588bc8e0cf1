import assert from "node:assert/strict";
import { renderPcapng } from "./pcapng.ts";
import { hostileResult, sampleResult } from "./testdata/sample.ts";
import { missing, run } from "./testdata/tool.ts";

const tshark = missing("tshark");

Deno.test({
  name: "renderPcapng() writes what tshark decodes: packets as MQTT, AT lines as text, each with its case",
  ignore: tshark,
  fn: async () => {
    const fields = ["frame.protocols", "mqtt.msgtype", "mqtt.topic", "frame.comment", "frame.time_epoch"];
    const args = ["-r", "-", "-T", "fields", "-E", "separator=/t", ...fields.flatMap((name) => ["-e", name])];
    const rows = (await run("tshark", args, renderPcapng(sampleResult()))).trimEnd().split("\n")
      .map((line) => line.split("\t"));
    const publish = rows.find(([protocols, type]) => protocols === "exported_pdu:mqtt" && type === "3");
    assert.equal(publish?.[2], "at/9f/qos2");
    assert.equal(
      publish?.[3],
      'mqtt/qos2/delivered-once (reference, 3.1.1): pub sent: PUBLISH q2 id=7 "at/9f/qos2" "once"',
    );
    assert.equal(publish?.[4], "1773480413.043000000");
    const lines = await run(
      "tshark",
      ["-r", "-", "-Y", "data-text-lines", "-V"],
      renderPcapng(sampleResult()),
    );
    assert.match(lines, /AT\+ECMTPUB=0,7,2,0,"at\/q","hello"/);
  },
});

Deno.test({
  name: "renderPcapng() makes each lane one conversation, so the version of its CONNECT applies to all of it",
  ignore: tshark,
  fn: async () => {
    // Receive Maximum 20, a property that only a dissector of 5.0 can find.
    const connect = "100f 0004 4d515454 05 02 003c 00 0002 6331";
    const connack = "2006 00 00 03 21 0014";
    const sample = sampleResult();
    const [first] = sample.cases;
    assert.ok(first !== undefined);
    const entry = { kind: "chart", t: 1, n: 1, lane: "client", text: "" } as const;
    const chart = [
      { ...entry, direction: "sent", hex: connect } as const,
      { ...entry, t: 2, direction: "received", hex: connack } as const,
    ];
    const file = renderPcapng({ ...sample, cases: [{ ...first, lanes: ["client"], chart }] });
    assert.match(await run("tshark", ["-r", "-", "-V"], file), /Value: 20/);
  },
});

Deno.test({
  name: "renderPcapng() of hostile text is a file that tshark reads to the end",
  ignore: tshark,
  fn: async () => {
    const text = await run(
      "tshark",
      ["-r", "-", "-T", "fields", "-e", "frame.number"],
      renderPcapng(hostileResult("\u0000\ud800" + "x".repeat(70_000))),
    );
    assert.equal(text.trim(), "1");
  },
});

Deno.test({
  name: "renderPcapng() says which bytes a case sends malformed, and why",
  ignore: tshark,
  fn: async () => {
    const sample = sampleResult();
    const [first] = sample.cases;
    assert.ok(first !== undefined);
    const entry = { kind: "chart", n: 1, lane: "client", direction: "sent" } as const;
    const chart = [
      { ...entry, t: 1, text: "CONNECT (wrong on purpose)", hex: "1006 0004 4d515454" },
      { ...entry, t: 2, text: "1 raw bytes", hex: "c0" },
      { ...entry, t: 3, text: "2 raw bytes", hex: "c000" },
      { ...entry, t: 4, text: "PINGREQ", hex: "c000" },
      { ...entry, t: 5, text: "PUBLISH (wrong on purpose)", hex: "30ff7f 0001", size: 16_386 },
      { ...entry, t: 6, text: "WebSocket frame, opcode 8", hex: "03e8" },
      { ...entry, t: 7, direction: "received" as const, text: "1 raw bytes", hex: "c0" },
    ];
    const file = renderPcapng({
      ...sample,
      cases: [{ ...first, protocol: "3.1.1", lanes: ["client"], chart }],
    });
    const fields = ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=l"];
    const args = ["-r", "-", ...fields, "-e", "frame.protocols", "-e", "frame.comment"];
    const rows = (await run("tshark", args, file)).trimEnd().split("\n").map((line) => line.split("\t"));
    const comments = rows.map(([, comment = ""]) => /sent malformed on purpose: (.*)/.exec(comment)?.[1]);
    assert.match(comments[0] ?? "", /protocol level/);
    assert.equal(comments[1], "1 byte is a part of a packet; the rest is sent separately, or never");
    assert.deepEqual(comments.slice(2, 4), [undefined, undefined]);
    assert.equal(comments[4], "the case tests how the target handles it");
    assert.deepEqual(comments.slice(5), [undefined, undefined]);
    assert.equal(rows[5]?.[0], "exported_pdu:data");
  },
});

Deno.test("renderPcapng() keeps every block a multiple of four bytes, with its length at both ends", () => {
  const bytes = renderPcapng(sampleResult());
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const length = view.getUint32(at + 4, true);
    assert.equal(length % 4, 0);
    assert.equal(view.getUint32(at + length - 4, true), length);
    at += length;
  }
  assert.equal(at, bytes.length);
});

import assert from "node:assert/strict";
import type { ModuleBehaviour } from "./behaviour.ts";
import { Bench, closed, packet } from "./test_bench.ts";
import { behaviourOf } from "./variants.ts";

const FIRMWARE: Partial<ModuleBehaviour> = behaviourOf("ec616s", {
  openDelayMs: 20,
  reconnectDelaysMs: [1, 1],
});

Deno.test("a variant is data: credentials, SUB before CONNACK, ids, retain and the value of SUB", async () => {
  await using bench = await Bench.start({ behaviour: FIRMWARE });
  await bench.asks('AT+ECMTCFG="session",0,1;+ECMTCFG="keepalive",0', '+ECMTCFG: "keepalive",0', "OK");
  const link = await bench.open();
  await bench.asks('AT+ECMTCONN=0,"dev1","user"', "OK");
  assert.equal((await packet(link, "CONNECT")).clientId, "");
  await bench.asks('AT+ECMTSUB=0,1,"a",2', "OK");
  await packet(link, "SUBSCRIBE");
  await link.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN: 0,0,0");
  await link.send({ type: "SUBACK", packetId: 1, reasons: [2] });
  await bench.hears("+ECMTSUB: 0,1,0,1");
  await bench.asks('AT+ECMTPUB=0,0,0,31,"a/+","x"', "OK", "+ECMTPUB: 0,0,0");
  const arrival = await link.receive(5_000);
  assert.ok(arrival?.kind !== "closed" && arrival);
  assert.equal(arrival.raw[0], 0x31);
  await bench.asks('AT+ECMTPUB=0,0,0,2,"a","x"', "+CME ERROR: 3");
  await link.send({ type: "PUBLISH", topic: "a", payload: "\0one\0two" });
  await bench.hears('+ECMTRECV: 0,987,"a",one');
  for (let times = 0; times < 2; times++) {
    await link.send({ type: "PUBLISH", topic: "a", payload: "two", qos: 2, packetId: 5 });
    await bench.hears('+ECMTRECV: 0,5,"a",two');
    await packet(link, "PUBREC");
  }
});

Deno.test("a variant may take a refusal for a lost line and try again", async () => {
  await using bench = await Bench.start({ behaviour: FIRMWARE });
  let link = await bench.open();
  await bench.asks('AT+ECMTCONN=0,"dev","user","wrong"', "OK");
  for (let refusals = 1; refusals <= 3; refusals++) {
    await packet(link, "CONNECT");
    await link.send({ type: "CONNACK", reason: 4 });
    link.close();
    await bench.hears("+ECMTCONN: 0,0,4", "+ECMTSTAT: 0,1");
    if (refusals < 3) link = await bench.connection();
  }
  await bench.hears("+ECMTCONN: 0,2,2");
});

Deno.test("the variant ec616s reports what an acknowledgement says, whatever was requested, and keeps a wrong packet", async () => {
  await using bench = await Bench.start({ behaviour: FIRMWARE });
  const link = await bench.open();
  await bench.asks('AT+ECMTCONN=0,"dev1","user","secret"', "OK");
  await packet(link, "CONNECT");
  await link.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN: 0,0,0");
  await link.send({ type: "SUBACK", packetId: 9, reasons: [128] });
  await bench.hears("+ECMTSUB: 0,9,0,1");
  await link.sendBytes(Uint8Array.of(0x41, 2, 0, 7));
  await bench.hears("+ECMTPUB: 0,7,0");
  await link.sendBytes(Uint8Array.of(0xf0, 0));
  await closed(link);
});

Deno.test("the variant seed says what it says without spaces, and 1 for a failed OPEN", async () => {
  await using bench = await Bench.start({ behaviour: behaviourOf("seed") });
  await bench.asks('AT+ECMTOPEN=0,"127.0.0.1",1', "OK", "+ECMTOPEN:0,1");
  const link = await (async () => {
    await bench.asks(`AT+ECMTOPEN=0, "${bench.host}",1883`, "OK", "+ECMTOPEN:0,0");
    return await bench.connection();
  })();
  await bench.asks("AT+ECMTCONN=0", "OK");
  await packet(link, "CONNECT");
  await link.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN:0,0,0");
  await bench.asks('AT+ECMTSUB=0,1,"test",2', "OK");
  await packet(link, "SUBSCRIBE");
  await link.send({ type: "SUBACK", packetId: 1, reasons: [2] });
  await bench.hears("+ECMTSUB:0,1,0");
});

Deno.test("the variant qmt speaks Quectel's commands: ids, several topics, data of a length, quoted payloads", async () => {
  await using bench = await Bench.start({ behaviour: behaviourOf("qmt") });
  await bench.asks('AT+ECMTOPEN=0,"h",1883', "ERROR");
  await bench.asks('AT+QMTOPEN=5,"h",1883', "+CME ERROR: 8507");
  await bench.asks(`AT+QMTOPEN=3,"${bench.host}",1883`, "OK", "+QMTOPEN: 3,0");
  const link = await bench.connection();
  await bench.asks("AT+QMTCONN=3", "ERROR");
  await bench.asks('AT+QMTCONN=3,"dev1"', "OK");
  await packet(link, "CONNECT");
  await link.send({ type: "CONNACK" });
  await bench.hears("+QMTCONN: 3,0,0");
  await bench.asks('AT+QMTSUB=3,1,"a",2,"b/#",1', "OK");
  assert.deepEqual((await packet(link, "SUBSCRIBE")).subscriptions.map(({ filter, qos }) => [filter, qos]), [
    ["a", 2],
    ["b/#", 1],
  ]);
  await link.send({ type: "SUBACK", packetId: 1, reasons: [2, 128] });
  await bench.hears("+QMTSUB: 3,1,0,2,128");
  await bench.type('AT+QMTPUB=3,7,1,0,"a",5\r');
  await bench.says("\r\n> ");
  await bench.type("a\x1ab\x1bc");
  await bench.hears("OK");
  assert.equal(new TextDecoder().decode((await packet(link, "PUBLISH")).payload), "a\x1ab\x1bc");
  await link.send({ type: "PUBACK", packetId: 7 });
  await bench.hears("+QMTPUB: 3,7,0");
  await bench.asks('AT+QMTPUB=3,0,0,0,"a",3,"one"', "OK", "+QMTPUB: 3,0,0");
  assert.equal(new TextDecoder().decode((await packet(link, "PUBLISH")).payload), "one");
  await bench.asks('AT+QMTPUB=3,0,0,0,"a",4,"one"', "+CME ERROR: 8507");
  await link.send({ type: "PUBLISH", topic: "a", payload: 'say "x"' });
  await bench.hears('+QMTRECV: 3,0,"a","say "x""');
  link.close();
  await bench.hears("+QMTSTAT: 3,1");
  await bench.asks(`AT+QMTOPEN=3,"${bench.host}",1883`, "OK", "+QMTOPEN: 3,0");
});

Deno.test("the variant ec616s refuses an empty will and takes its time with OPEN, which a target may shorten", async () => {
  assert.equal(behaviourOf("ec616s").openDelayMs, 1_000);
  await using bench = await Bench.start({ behaviour: FIRMWARE });
  await bench.asks('AT+ECMTCFG="will",0,1,0,0,"gone",""', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCFG="will",0,1,0,0,"","x"', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCFG="will",0,1,0,0,"gone","x"', "OK");
  await using right = await Bench.start();
  await right.asks('AT+ECMTCFG="will",0,1,0,0,"gone",""', "OK");
});

Deno.test("the variant qmt refuses more topics than five, and keeps its settings when a connection has ended", async () => {
  await using bench = await Bench.start({ behaviour: behaviourOf("qmt") });
  await bench.asks('AT+QMTCFG="keepalive",0,77', "OK");
  await bench.asks(`AT+QMTOPEN=0,"${bench.host}",1883`, "OK", "+QMTOPEN: 0,0");
  const link = await bench.connection();
  await bench.asks('AT+QMTCONN=0,"dev1"', "OK");
  assert.equal((await packet(link, "CONNECT")).keepAlive, 77);
  await link.send({ type: "CONNACK" });
  await bench.hears("+QMTCONN: 0,0,0");
  await bench.asks('AT+QMTUNS=0,1,"a","b","c","d","e","f"', "ERROR");
  await bench.asks('AT+QMTUNS=0,1,"a","b","c","d","e"', "OK");
  assert.deepEqual((await packet(link, "UNSUBSCRIBE")).filters, ["a", "b", "c", "d", "e"]);
  await bench.asks("AT+QMTDISC=0", "OK", "+QMTDISC: 0,0");
  await bench.asks('AT+QMTCFG="keepalive",0', '+QMTCFG: "keepalive",77', "OK");
});

Deno.test("an address that is kept for documents does not answer, and OPEN fails when its time is up", async () => {
  await using bench = await Bench.start({ behaviour: { openTimeoutMs: 200 } });
  await bench.asks('AT+ECMTOPEN=0,"192.0.2.1",1883', "OK");
  await bench.asks("AT+ECMTCONN?", "+ECMTCONN:0,1", "OK");
  await bench.asks('AT+ECMTSUB=0,1,"a",0', "+CME ERROR: 3");
  await bench.asks('AT+ECMTOPEN=0,"192.0.2.1",1883', "OK");
  await bench.hears("+ECMTOPEN: 0,-1");
  await bench.asks("AT+ECMTCONN?", "OK");
});

Deno.test("an unknown variant is reported", () => {
  assert.throws(
    () => behaviourOf("ec717"),
    /Unknown variant "ec717"; the variants are seed, ec616s, qmt, esp, simcom/,
  );
});

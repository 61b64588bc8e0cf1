import assert from "node:assert/strict";
import fc from "fast-check";
import { Bench, closed, packet } from "./test_bench.ts";

Deno.test("a module echoes from power-on, and not after ATE0", async () => {
  await using bench = await Bench.start({ silent: false });
  await bench.type("AT\r");
  await bench.says("AT\r", "\r\nOK\r\n");
  await bench.type("ATE0\r");
  await bench.says("ATE0\r", "\r\nOK\r\n");
  await bench.asks("AT", "OK");
  await bench.asks("ATE1", "OK");
  await bench.type("AT\r\n");
  await bench.says("AT\r\n", "\r\nOK\r\n");
});

Deno.test("the errors of parser and handler differ, and CMEE affects only the handler's", async () => {
  await using bench = await Bench.start();
  await bench.asks("AT+CMEE?", "+CMEE: 1", "OK");
  await bench.asks("AT+ECMTFOO=1", "ERROR");
  await bench.asks('AT+ECMTOPEN="0","h",1883', "ERROR");
  await bench.asks('AT+ECMTOPEN=0,"h"', "ERROR");
  await bench.asks('AT+ECMTOPEN=0,"h",1883,1', "ERROR");
  await bench.asks('AT+ECMTOPEN=0,"h,1883', "ERROR");
  await bench.asks('AT+ECMTOPEN=1,"h",1883', "+CME ERROR: 3");
  await bench.asks("AT+CMEE=2", "OK");
  await bench.asks('AT+ECMTOPEN=0,"h",0', "+CME ERROR: operation not allowed");
  await bench.asks("AT+ECMTOPEN", "+CME ERROR: operation not allowed");
  await bench.asks("AT+CMEE=0", "OK");
  await bench.asks('AT+ECMTOPEN=0,"h",65536', "ERROR");
});

Deno.test("several commands share a line, and the first error ends it", async () => {
  await using bench = await Bench.start();
  await bench.asks("AT+CMEE=2;+CMEE?;+CGATT?", "+CMEE: 2", "+CGATT: 1", "OK");
  await bench.asks("ATE0+CEREG?", "+CEREG: 0,1", "OK");
  await bench.asks("AT+CMEE=0;+ECMTCLOSE=0;+CMEE=1", "ERROR");
  await bench.asks("AT+CMEE?", "+CMEE: 0", "OK");
});

Deno.test("a line that is too long counts as wrong, and the next one is answered", async () => {
  await using bench = await Bench.start();
  await bench.asks(`AT+ECMTCFG="will",0,1,0,0,"${"x".repeat(6000)}"`, "ERROR");
  await bench.asks("AT", "OK");
});

Deno.test("the settings of CFG are found in CONNECT", async () => {
  await using bench = await Bench.start();
  await bench.asks('AT+ECMTCFG="keepalive",0', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCFG="keepalive",0,60', "OK");
  await bench.asks('AT+ECMTCFG="session",0,0', "OK");
  await bench.asks('AT+ECMTCFG="version",0,3', "OK");
  await bench.asks('AT+ECMTCFG="will",0,1,2,1,"last/will","gone, \xc3\xa9"', "OK");
  await bench.asks('AT+ECMTCFG="keepalive",0', '+ECMTCFG: "keepalive",60', "OK");
  await bench.asks('AT+ECMTCFG="timeout",0', '+ECMTCFG: "timeout",10,3,0', "OK");
  await bench.asks('AT+ECMTCFG="keepalive",0,3601', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCFG="keepalive",0,"60"', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCFG="keepalive",120', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCFG="Keepalive",0,60', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCFG="keepalive"', "ERROR");
  await bench.asks("AT+ECMTCFG?", "+CME ERROR: 3");
  const link = await bench.open();
  await bench.asks('AT+ECMTCONN=0,"dev1","user","pass"', "OK");
  const connect = await packet(link, "CONNECT");
  assert.deepEqual(
    {
      ...connect,
      will: connect.will && { ...connect.will, payload: new TextDecoder().decode(connect.will.payload) },
    },
    {
      type: "CONNECT",
      protocolName: "MQIsdp",
      protocolLevel: 3,
      cleanStart: false,
      keepAlive: 60,
      clientId: "dev1",
      userName: "user",
      password: new TextEncoder().encode("pass"),
      will: { topic: "last/will", payload: "gone, é", qos: 2, retain: true, properties: [] },
      properties: [],
    },
  );
});

Deno.test("OPEN and CONN alone make a clean session of 3.1.1 with 120 s, and an empty client id", async () => {
  await using bench = await Bench.start();
  await bench.asks("AT+ECMTOPEN?", "OK");
  await bench.asks("AT+ECMTCONN?", "OK");
  const link = await bench.open();
  await bench.asks("AT+ECMTOPEN?", '+ECMTOPEN:0,"broker.example",1883', "OK");
  await bench.asks("AT+ECMTCONN?", "+ECMTCONN:0,1", "OK");
  await bench.asks("AT+ECMTCONN=0", "OK");
  const connect = await packet(link, "CONNECT");
  assert.equal(connect.protocolLevel, 4);
  assert.equal(connect.cleanStart, true);
  assert.equal(connect.keepAlive, 120);
  assert.equal(connect.clientId, "");
  await bench.asks("AT+ECMTCONN?", "+ECMTCONN:0,2", "OK");
  await link.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN: 0,0,0");
  await bench.asks("AT+ECMTCONN?", "+ECMTCONN:0,3", "OK");
});

Deno.test("each state refuses, ignores or accepts the commands as its table says", async () => {
  await using bench = await Bench.start();
  const refuses = async (...commands: readonly string[]) => {
    for (const command of commands) await bench.asks(command, "+CME ERROR: 3");
  };
  const sub = 'AT+ECMTSUB=0,1,"a",0';
  const pub = 'AT+ECMTPUB=0,0,0,0,"a","b"';
  const open = 'AT+ECMTOPEN=0,"broker.example",1883';
  await refuses('AT+ECMTCONN=0,"dev1"', sub, pub, 'AT+ECMTUNS=0,1,"a"', "AT+ECMTDISC=0", "AT+ECMTCLOSE=0");
  await bench.asks('AT+ECMTCFG="keepalive",0,0', "OK");
  await refuses("AT+ECMTCONN=0", sub, pub, "AT+ECMTDISC=0", "AT+ECMTCLOSE=0");
  const link = await bench.open();
  await bench.asks(open, "OK");
  await refuses(sub, pub);
  await bench.asks("AT+ECMTCONN=0", "OK");
  await bench.asks("AT+ECMTCONN=0", "OK");
  await bench.asks(open, "OK");
  await refuses(sub, pub, "AT+ECMTDISC=0", "AT+ECMTCLOSE=0");
  assert.equal((await packet(link, "CONNECT")).keepAlive, 0);
  await link.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN: 0,0,0");
  await bench.asks(open, "OK");
  await bench.asks("AT+ECMTCONN=0", "OK");
  await bench.asks("AT+ECMTDISC=0", "OK", "+ECMTDISC: 0,0");
  await packet(link, "DISCONNECT");
  await closed(link);
  await refuses("AT+ECMTCLOSE=0", "AT+ECMTCONN=0", 'AT+ECMTCFG="keepalive",0');
  const again = await bench.open();
  await bench.asks("AT+ECMTDISC=0", "OK", "+ECMTDISC: 0,-1");
  await refuses("AT+ECMTCLOSE=0", "AT+ECMTDISC=0", sub);
  const last = await bench.open();
  await closed(again);
  await bench.asks("AT+ECMTCLOSE=0", "OK", "+ECMTCLOSE: 0,0");
  await closed(last);
});

Deno.test("an OPEN that fails takes the context with it", async () => {
  await using bench = await Bench.start();
  await bench.asks('AT+ECMTCFG="keepalive",0,60', "OK");
  await bench.asks('AT+ECMTOPEN=0,"10.0.0.1",1883', "OK", "+ECMTOPEN: 0,-1");
  await bench.asks('AT+ECMTCFG="keepalive",0', "+CME ERROR: 3");
});

Deno.test("a refusal is reported with the broker's code, and CONN can be tried again", async () => {
  await using bench = await Bench.start();
  const link = await bench.open();
  await bench.asks('AT+ECMTCONN=0,"dev","user","wrong"', "OK");
  await packet(link, "CONNECT");
  await link.send({ type: "CONNACK", reason: 4 });
  await bench.hears("+ECMTCONN: 0,1,4");
  await closed(link);
  await bench.asks('AT+ECMTCONN=0,"dev","user","right"', "OK");
  const again = await bench.connection();
  assert.equal(new TextDecoder().decode((await packet(again, "CONNECT")).password), "right");
  await again.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN: 0,0,0");
});

Deno.test("a client that MQTT forbids is refused before anything is sent", async () => {
  await using bench = await Bench.start();
  await bench.asks('AT+ECMTCFG="session",0,0', "OK");
  const link = await bench.open();
  // An empty client id needs a clean session, a password a user name, a text well-formed UTF-8.
  await bench.asks("AT+ECMTCONN=0", "+CME ERROR: 3");
  await bench.asks('AT+ECMTCONN=0,""', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCONN=0,"dev1",,"pass"', "+CME ERROR: 3");
  await bench.asks('AT+ECMTCONN=0,"dev\xff"', "+CME ERROR: 3");
  await bench.asks(`AT+ECMTCONN=0,"${"x".repeat(49)}"`, "+CME ERROR: 3");
  await bench.asks('AT+ECMTCONN=0,"dev1"', "OK");
  assert.equal((await packet(link, "CONNECT")).clientId, "dev1");
  await link.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN: 0,0,0");
  await bench.asks("AT+ECMTCONN=0", "OK");
});

Deno.test("no bytes on the line stop a module from answering after a reset", async () => {
  await using bench = await Bench.start();
  const noise = fc.array(
    fc.oneof(
      fc.constantFrom(
        "AT",
        "+ECMTPUB=0,1,1,0,",
        '"',
        ",",
        "\r",
        "\n",
        "\x1a",
        "\x1b",
        "+ECMTCFG=",
        "=?",
        ";",
        "ATE0\r",
      ),
      fc.string({
        unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
        maxLength: 8,
      }),
    ),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(noise, async (pieces) => {
      await bench.type(`${pieces.join("")}\x1b\r`);
      await bench.skipTo("AT+CGMM\r", "\r\nVIRTUAL-ECMT\r\n\r\nOK\r\n");
    }),
    { numRuns: 200 },
  );
});

Deno.test("what the broker does not answer is reported when the time of the timeout option is over", async () => {
  await using bench = await Bench.start();
  await bench.asks('AT+ECMTCFG="timeout",0,1,0', "OK");
  const link = await bench.online();
  await bench.asks('AT+ECMTSUB=0,3,"a/b",1', "OK", "+ECMTSUB: 0,3,2,0");
  assert.equal((await packet(link, "SUBSCRIBE")).packetId, 3);
});

Deno.test("a module that is switched off and on has forgotten all", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await bench.asks("AT+CMEE=0", "OK");
  await bench.asks("ATE1", "OK");
  await bench.type('AT+ECMTPUB=0,1,1,0,"a"\r');
  await bench.says('AT+ECMTPUB=0,1,1,0,"a"\r', "\r\n> ");
  await bench.type("half of it");
  await bench.says("half of it");
  await bench.module.reset();
  await closed(link);
  await bench.type("ATE0\r");
  await bench.says("ATE0\r", "\r\nOK\r\n");
  await bench.asks("AT+CMEE?", "+CMEE: 1", "OK");
  await bench.asks("AT+ECMTCONN?", "OK");
});

Deno.test("two modules at once have two lines", async () => {
  await using one = await Bench.start();
  await using two = await Bench.start();
  assert.notEqual(one.module.path, two.module.path);
  await one.online();
  await two.asks("AT+ECMTCONN?", "OK");
});

Deno.test("a module sends nothing after its power is cut that it still had to send", async () => {
  await using bench = await Bench.start({ behaviour: { pieceBytes: 2, pieceGapMs: 10 }, silent: false });
  await bench.type("AT+CGMM\r");
  await bench.says("AT");
  await bench.module.reset();
  await bench.skipTo("ATI\r", "ATI\r");
  await bench.hears("ATTEST\r\nVIRTUAL-ECMT\r\n1.0", "OK");
});

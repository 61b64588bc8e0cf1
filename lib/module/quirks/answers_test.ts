import assert from "node:assert/strict";
import { packet } from "../test_bench.ts";
import { ANSWER_QUIRKS } from "./answers.ts";
import { qmtOnline, testEffects } from "./test_effects.ts";

testEffects("answers", ANSWER_QUIRKS, {
  "refusal-8600": {
    shows: (bench) => bench.asks("AT+QMTDISC=0", "+CME ERROR: 8600"),
  },
  "unset-query-zero": {
    async shows(bench) {
      await bench.asks('AT+ECMTCFG="session",0,1', "OK");
      await bench.asks('AT+ECMTCFG="keepalive",0', '+ECMTCFG: "keepalive",0', "OK");
    },
  },
  "retry-range-from-1": {
    async shows(bench) {
      await bench.asks('AT+ECMTCFG="timeout",0,1,0', "+CME ERROR: 3");
      await bench.asks('AT+ECMTCFG="timeout",0,1,1', "OK");
    },
  },
  "empty-will-refused": {
    shows: (bench) => bench.asks('AT+ECMTCFG="will",0,1,0,0,"gone",""', "+CME ERROR: 3"),
  },
  "release-assistance": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTPUB=0,0,0,31,"a","x"', "OK", "+ECMTPUB: 0,0,0");
      assert.equal((await packet(link, "PUBLISH")).retain, true);
    },
  },
  "id-0-only-at-qos-0": {
    async shows(bench) {
      await bench.online();
      await bench.asks('AT+ECMTPUB=0,7,0,0,"a","x"', "+CME ERROR: 3");
    },
  },
  "id-0-chosen-by-module": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTPUB=0,0,1,0,"a","x"', "OK");
      await bench.asks('AT+ECMTPUB=0,0,2,0,"a","x"', "OK");
      assert.deepEqual([(await packet(link, "PUBLISH")).packetId, (await packet(link, "PUBLISH")).packetId], [
        1,
        2,
      ]);
      await link.send({ type: "PUBACK", packetId: 1 });
      await bench.hears("+ECMTPUB: 0,1,0");
    },
  },
  "offline-pub-refused-at-once": {
    shows: (bench) => bench.asks('AT+ECMTPUB=0,0,0,0,"a"', "+CME ERROR: 3"),
  },
  "offline-pub-prompted": {
    async shows(bench) {
      await bench.type('AT+QMTPUB=0,0,0,0,"a"\r');
      await bench.says("\r\n> ");
      await bench.type("x\x1a");
      await bench.hears("+CME ERROR: 8507");
    },
  },
  "bare-prompt": {
    async shows(bench) {
      const link = await qmtOnline(bench);
      await bench.type('AT+QMTPUB=0,0,0,0,"a"\r');
      await bench.says("\r\n>");
      await bench.type("x\x1a");
      await bench.hears("OK", "+QMTPUB: 0,0,0");
      await packet(link, "PUBLISH");
    },
  },
  "overlong-data-expires": {
    start: { behaviour: { dataGuardMs: 100 } },
    async shows(bench) {
      await bench.type('AT+ECMTPUB=0,0,0,0,"a"\r');
      await bench.says("\r\n> ");
      await bench.type(`${"x".repeat(1025)}\x1a`);
      await bench.hears("ERROR");
    },
  },
  "terminator-only-last": {
    async shows(bench) {
      const link = await bench.online();
      await bench.type('AT+ECMTPUB=0,0,0,0,"a"\r');
      await bench.says("\r\n> ");
      await bench.type("one\x1atwo\x1b\x1a");
      await bench.hears("OK", "+ECMTPUB: 0,0,0");
      assert.equal(new TextDecoder().decode((await packet(link, "PUBLISH")).payload), "one\x1atwo\x1b");
    },
  },
  "read-form-lists-all": {
    shows: (bench) =>
      bench.asks("AT+QMTCONN?", [0, 1, 2, 3, 4].map((id) => `+QMTCONN: ${id},1`).join("\r\n"), "OK"),
  },
  "disc-without-client-refused": {
    async shows(bench) {
      await bench.open();
      await bench.asks("AT+ECMTDISC=0", "+CME ERROR: 3");
    },
  },
  "early-conn-queued": {
    start: { behaviour: { roundTripMs: 100 } },
    async shows(bench) {
      await bench.type(`AT+ECMTOPEN=0,"${bench.host}",1883\rAT+ECMTCONN=0,"dev1"\r`);
      await bench.hears("OK", "OK", "+ECMTOPEN: 0,0");
      assert.equal((await packet(await bench.connection(), "CONNECT")).clientId, "dev1");
    },
  },
  "commands-before-connack": {
    async shows(bench) {
      const link = await bench.open();
      await bench.asks("AT+ECMTCONN=0", "OK");
      await packet(link, "CONNECT");
      await bench.asks('AT+ECMTSUB=0,1,"a",0', "OK");
      await packet(link, "SUBSCRIBE");
    },
  },
});

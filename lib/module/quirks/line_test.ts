import assert from "node:assert/strict";
import { packet } from "../test_bench.ts";
import { LINE_QUIRKS } from "./line.ts";
import { FRESH, MESSAGE, message, testEffects } from "./test_effects.ts";

testEffects("the serial line", LINE_QUIRKS, {
  "echo-by-line": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks("ATE1", "OK");
      await bench.type("AT");
      await message(link);
      await bench.hears(MESSAGE);
      await bench.type("\r");
      await bench.says("AT\r", "\r\nOK\r\n");
    },
  },
  "echo-adds-line-feed": {
    start: FRESH,
    async shows(bench) {
      await bench.type("AT\r");
      await bench.says("AT\r\n", "\r\nOK\r\n");
    },
  },
  "echo-split-by-urc": {
    start: FRESH,
    async shows(bench) {
      await bench.type("AT+CGMM\r");
      await bench.says("AT+C", "\r\n+CEREG: 1\r\n", "GMM\r", "\r\nVIRTUAL-ECMT\r\n", "\r\nOK\r\n");
    },
  },
  "echo-without-data": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks("ATE1", "OK");
      await bench.type('AT+ECMTPUB=0,0,0,0,"a"\r');
      await bench.says('AT+ECMTPUB=0,0,0,0,"a"\r', "\r\n> ");
      await bench.type("x\x1a");
      await bench.hears("OK", "+ECMTPUB: 0,0,0");
      await packet(link, "PUBLISH");
    },
  },
  "power-on-echo-off": {
    start: FRESH,
    shows: (bench) => bench.asks("AT", "OK"),
  },
  "power-on-errors-plain": {
    shows: (bench) => bench.asks("AT+ECMTDISC=0", "ERROR"),
  },
  "power-on-errors-in-words": {
    shows: (bench) => bench.asks("AT+ECMTDISC=0", "+CME ERROR: operation not allowed"),
  },
  "line-ends-shared": {
    async shows(bench) {
      await bench.type("AT+CGMM\r");
      await bench.says("\r\nVIRTUAL-ECMT", "\r\nOK\r\n");
    },
  },
  "blank-lines": {
    start: FRESH,
    async shows(bench) {
      await bench.type("AT\r");
      await bench.says("AT\r", "\r\n\r\nOK\r\n\r\n");
    },
  },
  "lines-framed-each": {
    shows: (bench) => bench.asks("ATI", "ATTEST", "VIRTUAL-ECMT", "1.0", "OK"),
  },
  "no-space-after-colon": {
    async shows(bench) {
      await bench.asks("AT+CMEE?", "+CMEE:1", "OK");
      await bench.asks(`AT+ECMTOPEN=0,"${bench.host}",1883`, "OK", "+ECMTOPEN:0,0");
    },
  },
  "space-in-read-form": {
    async shows(bench) {
      await bench.open();
      await bench.asks("AT+ECMTCONN?", "+ECMTCONN: 0,1", "OK");
    },
  },
  "two-spaces-after-colon": {
    async shows(bench) {
      await bench.asks("AT+CMEE?", "+CMEE:  1", "OK");
      await bench.asks(`AT+ECMTOPEN=0,"${bench.host}",1883`, "OK", "+ECMTOPEN:  0,0");
    },
  },
  "spaces-after-commas": {
    async shows(bench) {
      await bench.asks(`AT+ECMTOPEN=0,"${bench.host}",1883`, "OK", "+ECMTOPEN: 0, 0");
      const link = await bench.connection();
      await bench.asks("AT+ECMTOPEN?", `+ECMTOPEN:0, "${bench.host}", 1883`, "OK");
      await bench.asks("AT+ECMTCONN=0", "OK");
      await packet(link, "CONNECT");
      await link.send({ type: "CONNACK" });
      await bench.hears("+ECMTCONN: 0, 0, 0");
      await link.send({ type: "PUBLISH", topic: "a,b", payload: "x,y" });
      await bench.hears('+ECMTRECV: 0, 0, "a,b",x,y');
    },
  },
  "bytes-one-by-one": {
    start: FRESH,
    async shows(bench) {
      await bench.type("AT+CGMM\r");
      await bench.says("AT+CGMM\r", "\r\nVIRTUAL-ECMT\r\n", "\r\nOK\r\n");
      assert.ok(bench.reads.length > 3);
    },
  },
  "pauses-in-lines": {
    async shows(bench) {
      bench.reads.length = 0;
      await bench.asks("ATI", "ATTEST\r\nVIRTUAL-ECMT\r\n1.0", "OK");
      assert.equal(bench.reads[0], "\r\nATTEST\r\nVIRTUA");
    },
  },
  "pause-before-line-feed": {
    async shows(bench) {
      bench.reads.length = 0;
      await bench.asks("AT+CGMM", "VIRTUAL-ECMT", "OK");
      assert.equal(bench.reads[1], "\nVIRTUAL-ECMT\r");
    },
  },
  "answers-in-bursts": {
    async shows(bench) {
      await bench.online();
      bench.reads.length = 0;
      await bench.asks('AT+ECMTPUB=0,0,0,0,"a","x"', "OK", "+ECMTPUB: 0,0,0");
      assert.equal(bench.reads.length, 1);
    },
  },
  "asleep-until-greeted": {
    start: FRESH,
    async shows(bench) {
      await bench.type("AT\r");
      await bench.type("HDSK");
      await bench.says("\r\nKSDH\r\n");
      await bench.type("AT\r");
      await bench.says("AT\r", "\r\nOK\r\n");
    },
  },
  "deaf-until-woken": {
    start: FRESH,
    async shows(bench) {
      await bench.type("xxxxAT\r");
      await bench.says("AT\r", "\r\nOK\r\n");
    },
  },
});

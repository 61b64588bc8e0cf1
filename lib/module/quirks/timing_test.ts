import assert from "node:assert/strict";
import { packet } from "../test_bench.ts";
import { MESSAGE, message, testEffects } from "./test_effects.ts";
import { TIMING_QUIRKS } from "./timing.ts";

testEffects("time", TIMING_QUIRKS, {
  "final-late": {
    async shows(bench) {
      const link = await bench.online();
      await bench.type("AT\r");
      await message(link);
      await bench.hears(MESSAGE, "OK");
    },
  },
  "open-ok-late": {
    async shows(bench) {
      // Its OK is late although there is nothing to open.
      await bench.type(`AT+ECMTOPEN=0,"${bench.host}",1883\r`);
      await bench.hears("OK", "+ECMTOPEN: 0,0");
      const link = await bench.connection();
      await bench.asks("AT+ECMTCONN=0", "OK");
      await packet(link, "CONNECT");
      await link.send({ type: "CONNACK" });
      await bench.hears("+ECMTCONN: 0,0,0");
      await bench.type(`AT+ECMTOPEN=0,"${bench.host}",1883\r`);
      await message(link);
      await bench.hears(MESSAGE, "OK");
    },
  },
  "information-early": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks("AT+CGMM", "VIRTUAL-ECMT");
      await message(link);
      await bench.hears(MESSAGE, "OK");
    },
  },
  "prompt-late": {
    async shows(bench) {
      const link = await bench.online();
      await bench.type('AT+ECMTPUB=0,0,0,0,"a"\r');
      await message(link);
      await bench.hears(MESSAGE);
      await bench.says("\r\n> ");
      await bench.type("\x1b");
      await bench.hears("OK");
    },
  },
  "results-late": {
    async shows(bench) {
      await bench.asks(`AT+ECMTOPEN=0,"${bench.host}",1883`, "OK");
      await bench.connection();
      await bench.asks("AT", "OK");
      await bench.hears("+ECMTOPEN: 0,0");
    },
  },
  "unsolicited-late": {
    async shows(bench) {
      const link = await bench.online();
      await link.send({ type: "PUBLISH", topic: "a", payload: "x", qos: 1, packetId: 5 });
      await packet(link, "PUBACK");
      await bench.asks("AT", "OK");
      await bench.hears('+ECMTRECV: 0,5,"a",x');
    },
  },
  "reconnect-late": {
    start: { behaviour: { openDelayMs: 300 } },
    async shows(bench) {
      const link = await bench.online();
      let back = false;
      const next = bench.connection().then((link) => {
        back = true;
        return link;
      });
      link.close();
      await bench.hears("+ECMTSTAT: 0,1");
      // It is ignored, and takes 300 ms for that.
      await bench.asks(`AT+ECMTOPEN=0,"${bench.host}",1883`, "OK");
      assert.equal(back, false);
      await packet(await next, "CONNECT");
    },
  },
  "registers-late": {
    shows: (bench) => bench.asks("AT+CEREG?", "+CEREG: 0,2", "OK"),
  },
  "round-trip-50ms": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTPUB=0,7,1,0,"a","x"', "OK");
      await packet(link, "PUBLISH");
      await link.send({ type: "PUBACK", packetId: 7 });
      await bench.hears("+ECMTPUB: 0,7,0");
    },
  },
  "round-trip-1500ms": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTPUB=0,0,0,0,"a","x"', "OK", "+ECMTPUB: 0,0,0");
      await bench.asks("AT", "OK");
      assert.equal(link.waiting, 0);
      await packet(link, "PUBLISH");
    },
  },
});

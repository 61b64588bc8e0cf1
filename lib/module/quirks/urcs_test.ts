import type { MqttLink } from "../../link/mqtt_link.ts";
import { type Bench, closed, packet } from "../test_bench.ts";
import { FRESH, MESSAGE, message, qmtOnline, testEffects } from "./test_effects.ts";
import { URC_QUIRKS } from "./urcs.ts";

/** A module that gives a broker 50 ms for PINGRESP. */
const HASTY = { behaviour: { pingTimeoutMs: 50 } };

/** Waits for a PINGREQ and does not answer it. */
async function losesPing(bench: Bench, link: MqttLink, ...results: readonly string[]): Promise<void> {
  await packet(link, "PINGREQ");
  await bench.hears(...results);
}

testEffects("unsolicited results", URC_QUIRKS, {
  "boot-banner": {
    start: FRESH,
    async shows(bench) {
      await bench.hears("RDY", "+CPIN: READY", "+CFUN: 1", '+IP: "10.0.0.7"');
      await bench.module.reset();
      await bench.hears("RDY", "+CPIN: READY", "+CFUN: 1", '+IP: "10.0.0.7"');
    },
  },
  "cereg-before-results": {
    start: FRESH,
    async shows(bench) {
      await bench.type("ATE0\r");
      await bench.says("ATE0\r", "\r\n+CEREG: 1\r\n", "\r\nOK\r\n");
      await bench.asks("AT+ECMTDISC=0", "+CEREG: 1", "+CME ERROR: 3");
    },
  },
  "nwinfo-behind-urcs": {
    shows: (bench) =>
      bench.asks(`AT+ECMTOPEN=0,"${bench.host}",1883`, "OK", "+ECMTOPEN: 0,0", "^NWINFO: 0,1"),
  },
  "time-before-urcs": {
    shows: (bench) =>
      bench.asks(
        `AT+ECMTOPEN=0,"${bench.host}",1883`,
        "OK",
        '+CTZE: "+08",0,"2026/01/01,00:00:00"',
        "+ECMTOPEN: 0,0",
      ),
  },
  "nwinfo-behind-messages": {
    async shows(bench) {
      await message(await bench.online());
      await bench.hears(MESSAGE, "^NWINFO: 0,1");
    },
  },
  "csq-all-the-time": {
    shows: (bench) => bench.hears("+CSQ: 20,99", "+CSQ: 20,99"),
  },
  "urc-behind-prompt": {
    async shows(bench) {
      const link = await bench.online();
      await bench.type('AT+ECMTPUB=0,0,0,0,"a"\r');
      await bench.says("\r\n> ", "\r\n+CEREG: 1\r\n");
      await bench.type("x\x1a");
      await bench.hears("OK", "+ECMTPUB: 0,0,0");
      await packet(link, "PUBLISH");
    },
  },
  "stat-2-for-lost-ping": {
    start: HASTY,
    async shows(bench) {
      await bench.asks('AT+ECMTCFG="keepalive",0,1', "OK");
      await losesPing(bench, await bench.online(), "+ECMTSTAT: 0,2");
    },
  },
  "ping-urc": {
    start: HASTY,
    async shows(bench) {
      await bench.asks('AT+QMTCFG="keepalive",0,1', "OK");
      await losesPing(bench, await qmtOnline(bench), "+QMTPING: 0,1", "+QMTSTAT: 0,2");
    },
  },
  "stat-5-after-disc": {
    async shows(bench) {
      await qmtOnline(bench);
      await bench.asks("AT+QMTDISC=0", "OK", "+QMTDISC: 0,0", "+QMTSTAT: 0,5");
    },
  },
  "no-stat-before-connect": {
    async shows(bench) {
      const link = await bench.open();
      // A packet that no broker sends makes the module close.
      await link.sendBytes(Uint8Array.of(0xf0, 0));
      await closed(link);
      await bench.asks("AT", "OK");
    },
  },
});

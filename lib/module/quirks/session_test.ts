import assert from "node:assert/strict";
import { closed, packet } from "../test_bench.ts";
import { SESSION_QUIRKS } from "./session.ts";
import { qmtOnline, testEffects } from "./test_effects.ts";

testEffects("the session", SESSION_QUIRKS, {
  "waits-for-broker-close": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks("AT+ECMTDISC=0", "OK");
      await packet(link, "DISCONNECT");
      await bench.asks("AT+ECMTCONN?", "+ECMTCONN:0,4", "OK");
      link.close();
      await bench.hears("+ECMTDISC: 0,0");
    },
  },
  "result-before-close": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks("AT+ECMTDISC=0", "OK", "+ECMTDISC: 0,0");
      await packet(link, "DISCONNECT");
      await bench.asks("AT", "OK");
      assert.equal(link.closed, undefined);
      await closed(link);
    },
  },
  "close-without-disconnect": {
    async shows(bench) {
      const link = await qmtOnline(bench);
      await bench.asks("AT+QMTCLOSE=0", "OK", "+QMTCLOSE: 0,0");
      await closed(link);
    },
  },
  "retries-after-refusal": {
    async shows(bench) {
      let link = await bench.open();
      await bench.asks('AT+ECMTCONN=0,"dev","user","wrong"', "OK");
      for (let refusals = 1; refusals <= 2; refusals++) {
        await packet(link, "CONNECT");
        await link.send({ type: "CONNACK", reason: 4 });
        link.close();
        await bench.hears("+ECMTCONN: 0,1,4");
        link = await bench.connection();
      }
    },
  },
  "reconnects-once": {
    async shows(bench) {
      let link = await bench.online();
      for (let losses = 0; losses < 2; losses++) {
        link.close();
        await bench.hears("+ECMTSTAT: 0,1");
        link = await bench.connection();
        await packet(link, "CONNECT");
        await link.send({ type: "CONNACK" });
        await bench.hears("+ECMTCONN: 0,0,0");
      }
      link.close();
      await bench.hears("+ECMTSTAT: 0,1");
      link = await bench.connection();
      await packet(link, "CONNECT");
      link.close();
      await bench.hears("+ECMTCONN: 0,2,6");
    },
  },
  "resumes-late": {
    async shows(bench) {
      await bench.asks('AT+ECMTCFG="session",0,0', "OK");
      const first = await bench.online();
      await bench.asks('AT+ECMTPUB=0,7,1,0,"a","x"', "OK");
      await packet(first, "PUBLISH");
      first.close();
      await bench.hears("+ECMTSTAT: 0,1");
      const second = await bench.connection();
      await packet(second, "CONNECT");
      await second.send({ type: "CONNACK", sessionPresent: true });
      await bench.hears("+ECMTCONN: 0,0,0");
      assert.equal(second.waiting, 0);
      assert.equal((await packet(second, "PUBLISH")).dup, true);
    },
  },
});

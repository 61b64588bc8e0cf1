import { type Bench, packet } from "../test_bench.ts";
import { RESULT_QUIRKS } from "./results.ts";
import { qmtOpen, testEffects } from "./test_effects.ts";

/** Sends CONN on an open connection; the broker answers with a return code, or by closing. */
async function connects(bench: Bench, code: number | "closed", result: string): Promise<void> {
  const link = await bench.open();
  await bench.asks('AT+ECMTCONN=0,"dev1"', "OK");
  await packet(link, "CONNECT");
  if (code === "closed") link.close();
  else await link.send({ type: "CONNACK", reason: code });
  await bench.hears(result);
}

/** Sends SUB with one filter, whose SUBACK has this return code. */
async function subscribes(bench: Bench, code: number, result: string): Promise<void> {
  const link = await bench.online();
  await bench.asks('AT+ECMTSUB=0,1,"a",2', "OK");
  await packet(link, "SUBSCRIBE");
  await link.send({ type: "SUBACK", packetId: 1, reasons: [code] });
  await bench.hears(result);
}

testEffects("results", RESULT_QUIRKS, {
  "open-failure-1": {
    shows: (bench) => bench.asks('AT+ECMTOPEN=0,"127.0.0.1",1', "OK", "+ECMTOPEN: 0,1"),
  },
  "open-failure-5": {
    shows: (bench) => bench.asks('AT+QMTOPEN=0,"127.0.0.1",1', "OK", "+QMTOPEN: 0,5"),
  },
  "refused-conn-result-0": { shows: (bench) => connects(bench, 4, "+ECMTCONN: 0,0,4") },
  "refused-conn-result-1": {
    async shows(bench) {
      const link = await qmtOpen(bench);
      await bench.asks('AT+QMTCONN=0,"dev1"', "OK");
      await packet(link, "CONNECT");
      await link.send({ type: "CONNACK", reason: 4 });
      await bench.hears("+QMTCONN: 0,1,4");
    },
  },
  "failed-conn-result-2-2": { shows: (bench) => connects(bench, "closed", "+ECMTCONN: 0,2,2") },
  "failed-conn-without-code": { shows: (bench) => connects(bench, "closed", "+ECMTCONN: 0,2") },
  "conn-success-without-code": {
    async shows(bench) {
      const link = await qmtOpen(bench);
      await bench.asks('AT+QMTCONN=0,"dev1"', "OK");
      await packet(link, "CONNECT");
      await link.send({ type: "CONNACK" });
      await bench.hears("+QMTCONN: 0,0");
    },
  },
  "sub-value-absent": { shows: (bench) => subscribes(bench, 2, "+ECMTSUB: 0,1,0") },
  "sub-value-one": { shows: (bench) => subscribes(bench, 2, "+ECMTSUB: 0,1,0,1") },
  "refused-sub-result-1": { shows: (bench) => subscribes(bench, 128, "+ECMTSUB: 0,1,1,128") },
  "pub-value-given": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTPUB=0,0,0,0,"a","x"', "OK", "+ECMTPUB: 0,0,0,0");
      await packet(link, "PUBLISH");
    },
  },
  "recv-quoted": {
    async shows(bench) {
      const link = await bench.online();
      await link.send({ type: "PUBLISH", topic: "a", payload: "x" });
      await bench.hears('+ECMTRECV: 0,0,"a","x"');
    },
  },
  "recv-id-987-at-qos-0": {
    async shows(bench) {
      const link = await bench.online();
      await link.send({ type: "PUBLISH", topic: "a", payload: "x" });
      await bench.hears('+ECMTRECV: 0,987,"a",x');
    },
  },
});

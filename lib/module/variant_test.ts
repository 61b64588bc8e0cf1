import assert from "node:assert/strict";
import type { Behaviour } from "./behaviour.ts";
import { Bench, packet } from "./test_bench.ts";

/** What is known of one firmware, as far as it differs from the manual. */
const FIRMWARE: Partial<Behaviour> = {
  refusalResult: 0,
  afterRefusal: "reconnect",
  connectedAt: "CONNECT",
  credentialsOnlyTogether: true,
  subValue: "one",
  subRefused: [0, 1],
  retainValues: [0, 1, 10, 11, 20, 21, 30, 31],
  refusesIdZero: false,
  refusesMqttViolations: false,
  recvCutAtNul: true,
  recvIdAtQos0: 987,
  duplicateFilter: false,
  resumes: false,
  unanswered: "silent",
  unsetQuery: "zero",
  openDelayMs: 20,
  reconnectDelaysMs: [1, 1],
};

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
  await bench.hears("+ECMTCONN: 0,2,6");
});

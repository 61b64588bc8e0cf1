import assert from "node:assert/strict";
import { type Bench, packet } from "../test_bench.ts";
import { CLIENT_QUIRKS } from "./client.ts";
import { MESSAGE, message, qmtOpen, testEffects } from "./test_effects.ts";

/** A connection with a keep-alive time in seconds. */
async function keptAlive(bench: Bench, seconds: number) {
  await bench.asks(`AT+ECMTCFG="keepalive",0,${seconds}`, "OK");
  return await bench.online();
}

/** Publishes two messages at QoS 0, both of which the broker receives. */
async function publishesTwo(bench: Bench): Promise<void> {
  const link = await bench.online();
  for (const payload of ["one", "two"]) {
    await bench.asks(`AT+ECMTPUB=0,0,0,0,"a","${payload}"`, "OK", "+ECMTPUB: 0,0,0");
  }
  for (const payload of ["one", "two"]) {
    assert.equal(new TextDecoder().decode((await packet(link, "PUBLISH")).payload), payload);
  }
}

testEffects("the client", CLIENT_QUIRKS, {
  // Without the quirks the first PINGREQ comes after 6.4 of 8 s, which is too late for packet().
  "ping-early": {
    async shows(bench) {
      await packet(await keptAlive(bench, 8), "PINGREQ");
    },
  },
  "ping-at-half": {
    async shows(bench) {
      await packet(await keptAlive(bench, 8), "PINGREQ");
    },
  },
  "ping-at-the-end": {
    async shows(bench) {
      const link = await keptAlive(bench, 3);
      assert.equal(await link.receive(2_500), undefined);
      await packet(link, "PINGREQ");
    },
  },
  "ping-behind-connack": {
    async shows(bench) {
      await packet(await bench.online(), "PINGREQ");
    },
  },
  "ping-without-keep-alive": {
    async shows(bench) {
      const link = await keptAlive(bench, 0);
      await packet(link, "PINGREQ");
      await packet(link, "PINGREQ");
    },
  },
  "resends-unanswered": {
    async shows(bench) {
      await bench.asks('AT+ECMTCFG="timeout",0,1,2', "OK");
      const link = await bench.online();
      await bench.asks('AT+ECMTPUB=0,7,2,0,"a","x"', "OK");
      assert.equal((await packet(link, "PUBLISH")).dup, false);
      const again = await packet(link, "PUBLISH");
      assert.deepEqual([again.dup, again.packetId], [true, 7]);
      await link.send({ type: "PUBREC", packetId: 7 });
      await packet(link, "PUBREL");
      await packet(link, "PUBREL");
      await link.send({ type: "PUBCOMP", packetId: 7 });
      await bench.hears("+ECMTPUB: 0,7,0");
    },
  },
  "qos2-shown-at-pubrel": {
    async shows(bench) {
      const link = await bench.online();
      await link.send({ type: "PUBLISH", topic: "a", payload: "x", qos: 2, packetId: 5 });
      await packet(link, "PUBREC");
      await bench.asks("AT", "OK");
      await link.send({ type: "PUBREL", packetId: 5 });
      await bench.hears('+ECMTRECV: 0,5,"a",x');
      await packet(link, "PUBCOMP");
    },
  },
  "acknowledgements-late": {
    async shows(bench) {
      const link = await bench.online();
      await link.send({ type: "PUBLISH", topic: "a", payload: "x", qos: 1, packetId: 5 });
      await bench.hears('+ECMTRECV: 0,5,"a",x');
      assert.equal(link.waiting, 0);
      await packet(link, "PUBACK");
    },
  },
  "requests-late": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTSUB=0,1,"a",0', "OK");
      await message(link);
      await bench.hears(MESSAGE);
      assert.equal(link.waiting, 0);
      await packet(link, "SUBSCRIBE");
    },
  },
  "packets-split": { shows: publishesTwo },
  "packets-joined": { shows: publishesTwo },
  "empty-credentials-left-out": {
    async shows(bench) {
      const link = await qmtOpen(bench);
      await bench.asks('AT+QMTCONN=0,"dev1","",""', "OK");
      const { clientId, userName, password } = await packet(link, "CONNECT");
      assert.deepEqual([clientId, userName, password], ["dev1", undefined, undefined]);
    },
  },
});

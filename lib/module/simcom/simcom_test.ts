import assert from "node:assert/strict";
import { Bench, packet } from "../test_bench.ts";
import { behaviourOf } from "../variants.ts";

const SIMCOM = { behaviour: behaviourOf("simcom", { dataGuardMs: 500 }) };

/** Types a command, and the bytes that it prompts for. */
async function enters(bench: Bench, command: string, data: string, answer = "\r\nOK\r\n"): Promise<void> {
  await bench.type(`${command}\r`);
  await bench.says("\r\n> ");
  await bench.type(data);
  await bench.says(answer);
}

/** Brings the module to where it is connected. */
async function connected(bench: Bench) {
  await bench.asks("AT+CMQTTSTART", "OK", "+CMQTTSTART: 0");
  await bench.asks('AT+CMQTTACCQ=0,"dev"', "OK");
  await bench.asks('AT+CMQTTCONNECT=0,"tcp://broker.example:1883",60,1', "OK");
  const link = await bench.connection();
  const sent = await packet(link, "CONNECT");
  await link.send({ type: "CONNACK" });
  await bench.hears("+CMQTTCONNECT: 0,0");
  return { link, sent };
}

Deno.test("the variant simcom opens the network with CONNECT, which carries the will that was entered", async () => {
  await using bench = await Bench.start(SIMCOM);
  await bench.asks('AT+CMQTTACCQ=0,"dev"', "ERROR");
  await bench.asks("AT+CMQTTSTART", "OK", "+CMQTTSTART: 0");
  await bench.asks("AT+CMQTTSTART", "ERROR");
  await bench.asks('AT+CMQTTACCQ=0,"dev"', "OK");
  await bench.asks('AT+CMQTTACCQ=0,"dev"', "ERROR");
  await enters(bench, "AT+CMQTTWILLTOPIC=0,4", "gone");
  await enters(bench, "AT+CMQTTWILLMSG=0,3,1", "\x1a\0y");
  await bench.asks('AT+CMQTTCONNECT=0,"tcp://broker.example:1883",90,0,"user","secret"', "OK");
  const link = await bench.connection();
  const { clientId, keepAlive, cleanStart, userName, will } = await packet(link, "CONNECT");
  assert.deepEqual([clientId, keepAlive, cleanStart, userName], ["dev", 90, false, "user"]);
  assert.deepEqual([will?.topic, will?.qos, will?.payload], ["gone", 1, Uint8Array.of(0x1a, 0, 0x79)]);
  await link.send({ type: "CONNACK", reason: 4 });
  await bench.hears("+CMQTTCONNECT: 0,30");
});

Deno.test("the variant simcom publishes what was entered once, with ids of its own", async () => {
  await using bench = await Bench.start(SIMCOM);
  const { link } = await connected(bench);
  await bench.asks("AT+CMQTTPUB=0,1,60", "ERROR");
  await enters(bench, "AT+CMQTTSUB=0,3,2", "a/#");
  const { packetId } = await packet(link, "SUBSCRIBE");
  await link.send({ type: "SUBACK", packetId, reasons: [2] });
  await bench.hears("+CMQTTSUB: 0,0");
  await enters(bench, "AT+CMQTTTOPIC=0,1", "t");
  await enters(bench, "AT+CMQTTPAYLOAD=0,2", "\r\x1b");
  await bench.asks("AT+CMQTTPUB=0,1,60,1", "OK");
  const sent = await packet(link, "PUBLISH");
  assert.deepEqual([sent.packetId, sent.retain, sent.payload], [packetId + 1, true, Uint8Array.of(13, 27)]);
  await link.send({ type: "PUBACK", packetId: packetId + 1 });
  await bench.hears("+CMQTTPUB: 0,0");
  await bench.asks("AT+CMQTTPUB=0,1,60", "ERROR");
});

Deno.test("the variant simcom shows a message with its lengths, a long payload in several pieces", async () => {
  await using bench = await Bench.start({ behaviour: { ...SIMCOM.behaviour, payloadPiece: 4 } });
  const { link } = await connected(bench);
  await link.send({ type: "PUBLISH", topic: "a,b", payload: "\r\nOK\r\n" });
  await bench.says(
    "\r\n+CMQTTRXSTART: 0,3,6\r\n+CMQTTRXTOPIC: 0,3\r\na,b\r\n",
    "+CMQTTRXPAYLOAD: 0,4\r\n\r\nOK\r\n+CMQTTRXPAYLOAD: 0,2\r\n\r\n\r\n+CMQTTRXEND: 0\r\n",
  );
});

Deno.test("the variant simcom reports a lost connection, and commands reset it", async () => {
  await using bench = await Bench.start(SIMCOM);
  const { link } = await connected(bench);
  await bench.asks("AT+CMQTTREL=0", "ERROR");
  await bench.asks("AT+CMQTTSTOP", "ERROR");
  link.close();
  await bench.hears("+CMQTTCONNLOST: 0,1");
  await bench.asks("AT+CMQTTDISC=0,60", "ERROR");
  await bench.asks("AT+CMQTTREL=0", "OK");
  await bench.asks("AT+CMQTTSTOP", "OK", "+CMQTTSTOP: 0");
  await bench.asks('AT+CMQTTACCQ=1,"dev"', "ERROR");
});

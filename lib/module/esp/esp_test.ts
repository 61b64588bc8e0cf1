import assert from "node:assert/strict";
import { Bench, packet } from "../test_bench.ts";
import { behaviourOf } from "../variants.ts";

const ESP = { behaviour: behaviourOf("esp", { dataGuardMs: 500 }) };
const USER = 'AT+MQTTUSERCFG=0,1,"dev","user","secret",0,0,""';

/** Types MQTTCONN, and gives what the broker got. */
async function connecting(bench: Bench) {
  await bench.type('AT+MQTTCONN=0,"broker.example",1883,0\r');
  const link = await bench.connection();
  return { link, sent: await packet(link, "CONNECT") };
}

async function connected(bench: Bench) {
  await bench.asks(USER, "OK");
  const { link } = await connecting(bench);
  await link.send({ type: "CONNACK" });
  await bench.hears('+MQTTCONNECTED:0,1,"broker.example","1883","",0', "OK");
  return link;
}

Deno.test("the variant esp answers MQTTCONN when the broker has, and sends what it was configured with", async () => {
  await using bench = await Bench.start(ESP);
  await bench.asks('AT+MQTTCONN=0,"broker.example",1883,0', "ERROR");
  await bench.asks(USER, "OK");
  await bench.asks('AT+MQTTCONNCFG=0,90,1,"go\\,ne","by\\"e",1,1', "OK");
  const { link, sent: { clientId, keepAlive, cleanStart, will } } = await connecting(bench);
  assert.deepEqual([clientId, keepAlive, cleanStart], ["dev", 90, false]);
  assert.deepEqual([will?.topic, new TextDecoder().decode(will?.payload), will?.qos, will?.retain], [
    "go,ne",
    'by"e',
    1,
    true,
  ]);
  await link.send({ type: "CONNACK", reason: 5 });
  await bench.hears("ERROR");
});

Deno.test("the variant esp subscribes once, and unsubscribes only from what it is subscribed to", async () => {
  await using bench = await Bench.start(ESP);
  const link = await connected(bench);
  await bench.asks('AT+MQTTUNSUB=0,"a"', "NO UNSUBSCRIBE", "OK");
  await bench.type('AT+MQTTSUB=0,"a",1\r');
  const { packetId } = await packet(link, "SUBSCRIBE");
  await link.send({ type: "SUBACK", packetId, reasons: [1] });
  await bench.hears("OK");
  await bench.asks('AT+MQTTSUB=0,"a",1', "ALREADY SUBSCRIBE", "OK");
  await link.send({ type: "PUBLISH", topic: "a", payload: "x\r\nOK\r\n" });
  await bench.says('\r\n+MQTTSUBRECV:0,"a",7,x\r\nOK\r\n\r\n');
});

Deno.test("the variant esp prompts after OK for a payload of any bytes, and reports it once it is acknowledged", async () => {
  await using bench = await Bench.start(ESP);
  const link = await connected(bench);
  await bench.type('AT+MQTTPUBRAW=0,"t",3,1,0\r');
  await bench.says("\r\nOK\r\n", "\r\n> ");
  await bench.type("\0\x1a\r");
  const { packetId, payload } = await packet(link, "PUBLISH");
  assert.deepEqual(payload, Uint8Array.of(0, 0x1a, 13));
  await link.send({ type: "PUBACK", packetId: packetId ?? 0 });
  await bench.says("\r\n+MQTTPUB:OK\r\n");
  await bench.type('AT+MQTTPUB=0,"t","text",1,1\r');
  const text = await packet(link, "PUBLISH");
  await link.send({ type: "PUBACK", packetId: text.packetId ?? 0 });
  await bench.hears("OK");
});

Deno.test("the variant esp reports a lost connection, and CLEAN forgets all", async () => {
  await using bench = await Bench.start(ESP);
  let link = await connected(bench);
  link.close();
  await bench.hears("+MQTTDISCONNECTED:0");
  await bench.asks("AT+MQTTCLEAN=0", "OK");
  await bench.asks("AT+MQTTCLEAN=0", "ERROR");
  link = await connected(bench);
  await bench.type("AT+MQTTCLEAN=0\r");
  await packet(link, "DISCONNECT");
  await bench.hears("OK");
  await bench.asks("AT+MQTTCONN?", '+MQTTCONN:0,0,1,"","","",0', "OK");
});

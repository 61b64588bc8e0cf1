import assert from "node:assert/strict";
import type { MqttLink } from "../link/mqtt_link.ts";
import { Bench, closed, packet } from "./test_bench.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Cuts the connection from the broker's side, and waits until the module has reconnected. */
async function reconnected(bench: Bench, link: MqttLink, sessionPresent: boolean): Promise<MqttLink> {
  link.close();
  await bench.hears("+ECMTSTAT: 0,1");
  const again = await bench.connection();
  await packet(again, "CONNECT");
  await again.send({ type: "CONNACK", sessionPresent });
  await bench.hears("+ECMTCONN: 0,0,0");
  return again;
}

Deno.test("SUB and UNS use the msgID as packet id and report what the broker answered", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await bench.asks('AT+ECMTSUB=0,7,"a/+/#",2', "OK");
  const subscribe = await packet(link, "SUBSCRIBE");
  assert.equal(subscribe.packetId, 7);
  assert.deepEqual(subscribe.subscriptions.map(({ filter, qos }) => [filter, qos]), [["a/+/#", 2]]);
  await link.send({ type: "SUBACK", packetId: 7, reasons: [1] });
  await bench.hears("+ECMTSUB: 0,7,0,1");
  await bench.asks('AT+ECMTSUB=0,8,"b",0', "OK");
  await packet(link, "SUBSCRIBE");
  await link.send({ type: "SUBACK", packetId: 8, reasons: [0x80] });
  await bench.hears("+ECMTSUB: 0,8,0,128");
  await bench.asks('AT+ECMTUNS=0,65535, "a/+/#"', "OK");
  const unsubscribe = await packet(link, "UNSUBSCRIBE");
  assert.deepEqual([unsubscribe.packetId, unsubscribe.filters], [65535, ["a/+/#"]]);
  await link.send({ type: "UNSUBACK", packetId: 65535 });
  await bench.hears("+ECMTUNS: 0,65535,0");
});

Deno.test("SUB and PUB refuse what is out of range or forbidden by MQTT", async () => {
  await using bench = await Bench.start();
  await bench.online();
  for (
    const command of [
      'AT+ECMTSUB=0,0,"a",0',
      'AT+ECMTSUB=0,65536,"a",0',
      'AT+ECMTSUB=0,1,"a",3',
      'AT+ECMTSUB=0,1,"a#",0',
      'AT+ECMTSUB=0,1,"",0',
      `AT+ECMTSUB=0,1,"${"x".repeat(256)}",0`,
      'AT+ECMTUNS=0,0,"a"',
      'AT+ECMTPUB=0,1,3,0,"a","b"',
      'AT+ECMTPUB=0,1,1,2,"a","b"',
      'AT+ECMTPUB=0,0,1,0,"a","b"',
      'AT+ECMTPUB=0,1,0,0,"a/+","b"',
      'AT+ECMTPUB=0,1,0,0,"\xc3","b"',
      `AT+ECMTPUB=0,1,0,0,"a","${"x".repeat(701)}"`,
    ]
  ) await bench.asks(command, "+CME ERROR: 3");
  await bench.asks("AT+ECMTPUB=0,1", "ERROR");
});

Deno.test("a publish is reported when its QoS is fulfilled, not before", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await bench.asks('AT+ECMTPUB=0,5,0,1,"a","zero"', "OK", "+ECMTPUB: 0,5,0");
  const zero = await packet(link, "PUBLISH");
  assert.deepEqual([zero.qos, zero.retain, zero.packetId, text(zero.payload)], [0, true, undefined, "zero"]);
  await bench.asks('AT+ECMTPUB=0,6,1,0,"a","one"', "OK");
  const one = await packet(link, "PUBLISH");
  assert.deepEqual([one.qos, one.dup, one.packetId], [1, false, 6]);
  await bench.asks("AT", "OK");
  await link.send({ type: "PUBACK", packetId: 99 });
  await link.send({ type: "PUBACK", packetId: 6 });
  await bench.hears("+ECMTPUB: 0,6,0");
  await bench.asks('AT+ECMTPUB=0,7,2,0,"a","two"', "OK");
  assert.equal((await packet(link, "PUBLISH")).packetId, 7);
  await link.send({ type: "PUBREC", packetId: 7 });
  assert.equal((await packet(link, "PUBREL")).packetId, 7);
  await bench.asks("AT", "OK");
  await link.send({ type: "PUBCOMP", packetId: 7 });
  await bench.hears("+ECMTPUB: 0,7,0");
});

Deno.test("an id that is still in use is refused", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await bench.asks('AT+ECMTPUB=0,6,1,0,"a","one"', "OK");
  await packet(link, "PUBLISH");
  await bench.asks('AT+ECMTPUB=0,6,1,0,"a","two"', "+CME ERROR: 3");
  await bench.asks('AT+ECMTSUB=0,6,"a",0', "+CME ERROR: 3");
  await link.send({ type: "PUBACK", packetId: 6 });
  await bench.hears("+ECMTPUB: 0,6,0");
  await bench.asks('AT+ECMTPUB=0,6,1,0,"a","two"', "OK");
  await packet(link, "PUBLISH");
});

Deno.test("the payload in a line is all that follows, without one pair of quotes", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  for (
    const [typed, sent] of [
      ['"{"t":21.5,"u":"x; y"}"', '{"t":21.5,"u":"x; y"}'],
      ["hello", "hello"],
      ['""', ""],
      [' "hello"', "hello"],
      ['"a" ', 'a" '],
      ['"\xc3\xa9"', "é"],
    ]
  ) {
    await bench.asks(`AT+ECMTPUB=0,0,0,0,"a",${typed}`, "OK", "+ECMTPUB: 0,0,0");
    assert.equal(text((await packet(link, "PUBLISH")).payload), sent);
  }
});

Deno.test("data after the prompt is sent at Ctrl-Z, whatever bytes it has, and not at ESC", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await bench.type('AT+ECMTPUB=0,9,1,0,"a"\r');
  await bench.says("\r\n> ");
  await bench.type('AT\r\n\x00\xff, "\x1a');
  await bench.hears("OK");
  const publish = await packet(link, "PUBLISH");
  assert.deepEqual([...publish.payload], [0x41, 0x54, 0x0d, 0x0a, 0x00, 0xff, 0x2c, 0x20, 0x22]);
  await link.send({ type: "PUBACK", packetId: 9 });
  await bench.hears("+ECMTPUB: 0,9,0");
  await bench.type('AT+ECMTPUB=0,10,1,0,"a"\r');
  await bench.says("\r\n> ");
  await bench.type("abc\x1b");
  await bench.hears("OK");
  await bench.asks('AT+ECMTPUB=0,0,0,0,"fence",""', "OK", "+ECMTPUB: 0,0,0");
  assert.equal((await packet(link, "PUBLISH")).topic, "fence");
});

Deno.test("data that is too long is refused, and the guard time ends data that has no end", async () => {
  await using bench = await Bench.start({ behaviour: { dataGuardMs: 50 } });
  await bench.online();
  await bench.type('AT+ECMTPUB=0,9,1,0,"a"\r');
  await bench.says("\r\n> ");
  await bench.type(`${"x".repeat(1025)}\x1a`);
  await bench.hears("+CME ERROR: 3");
  await bench.type('AT+ECMTPUB=0,9,1,0,"a"\r');
  await bench.says("\r\n> ");
  await bench.hears("ERROR");
});

Deno.test("the prompt comes without a connection, and the refusal after the data", async () => {
  await using bench = await Bench.start();
  await bench.type('AT+ECMTPUB=0,9,1,0,"a"\r');
  await bench.says("\r\n> ");
  await bench.type("x\x1a");
  await bench.hears("+CME ERROR: 3");
});

Deno.test("a message that comes during data entry is reported after it", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await bench.type('AT+ECMTPUB=0,0,0,0,"a"\r');
  await bench.says("\r\n> ");
  await link.send({ type: "PUBLISH", topic: "in", payload: "x" });
  await link.send({ type: "PUBLISH", topic: "in", payload: "y", qos: 1, packetId: 1 });
  await packet(link, "PUBACK");
  await bench.type("data\x1a");
  await bench.hears("OK", '+ECMTRECV: 0,0,"in",x', '+ECMTRECV: 0,1,"in",y', "+ECMTPUB: 0,0,0");
});

Deno.test("received messages are reported and acknowledged by their QoS, QoS 2 exactly once", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await link.send({ type: "PUBLISH", topic: "t/é", payload: 'a,"b"\r\nOK', qos: 0 });
  await bench.hears('+ECMTRECV: 0,0,"t/\xc3\xa9",a,"b"\r\nOK');
  await link.send({ type: "PUBLISH", topic: "t", payload: "one", qos: 1, packetId: 21 });
  await bench.hears('+ECMTRECV: 0,21,"t",one');
  assert.equal((await packet(link, "PUBACK")).packetId, 21);
  await link.send({ type: "PUBLISH", topic: "t", payload: "two", qos: 2, packetId: 22 });
  await bench.hears('+ECMTRECV: 0,22,"t",two');
  assert.equal((await packet(link, "PUBREC")).packetId, 22);
  await link.send({ type: "PUBLISH", topic: "t", payload: "two", qos: 2, packetId: 22, dup: true });
  assert.equal((await packet(link, "PUBREC")).packetId, 22);
  await link.send({ type: "PUBREL", packetId: 22 });
  assert.equal((await packet(link, "PUBCOMP")).packetId, 22);
  await link.send({ type: "PUBLISH", topic: "t", payload: "new", qos: 2, packetId: 22 });
  await bench.hears('+ECMTRECV: 0,22,"t",new');
});

Deno.test("a lost line is reported and reopened, and a clean session resends nothing", async () => {
  await using bench = await Bench.start();
  const link = await bench.online();
  await bench.asks('AT+ECMTPUB=0,6,1,0,"a","one"', "OK");
  await packet(link, "PUBLISH");
  const again = await reconnected(bench, link, false);
  await bench.asks('AT+ECMTPUB=0,0,0,0,"fence",""', "OK", "+ECMTPUB: 0,0,0");
  assert.equal((await packet(again, "PUBLISH")).topic, "fence");
});

Deno.test("a kept session is resumed: PUBLISH with DUP and PUBREL, with their ids and in their order", async () => {
  await using bench = await Bench.start();
  await bench.asks('AT+ECMTCFG="session",0,0', "OK");
  const link = await bench.online();
  for (const id of [31, 32, 33]) {
    await bench.asks(`AT+ECMTPUB=0,${id},2,0,"a","m${id}"`, "OK");
    await packet(link, "PUBLISH");
  }
  await link.send({ type: "PUBREC", packetId: 32 });
  await packet(link, "PUBREL");
  const again = await reconnected(bench, link, true);
  const first = await packet(again, "PUBLISH");
  assert.deepEqual([first.packetId, first.dup, text(first.payload)], [31, true, "m31"]);
  assert.equal((await packet(again, "PUBREL")).packetId, 32);
  assert.equal((await packet(again, "PUBLISH")).packetId, 33);
  await again.send({ type: "PUBCOMP", packetId: 32 });
  await bench.hears("+ECMTPUB: 0,32,0");
});

Deno.test("a kept session outlives DISC and its context", async () => {
  await using bench = await Bench.start();
  await bench.asks('AT+ECMTCFG="session",0,0', "OK");
  const link = await bench.online();
  await bench.asks('AT+ECMTPUB=0,6,1,0,"a","one"', "OK");
  await packet(link, "PUBLISH");
  await bench.asks("AT+ECMTDISC=0", "OK", "+ECMTDISC: 0,0");
  await bench.asks('AT+ECMTCFG="session",0,0', "OK");
  const again = await bench.online(true);
  assert.equal((await packet(again, "PUBLISH")).dup, true);
});

Deno.test("a broker that breaks the protocol is left", async () => {
  for (
    const wrong of [
      { type: "PINGREQ" },
      { type: "CONNACK" },
      { type: "PUBLISH", topic: "a/#" },
      { type: "PUBLISH", topic: "a", wire: { flags: 6 } },
      { type: "SUBACK", packetId: 1, reasons: [3] },
    ] as const
  ) {
    await using bench = await Bench.start({ behaviour: { reconnectDelaysMs: [] } });
    const link = await bench.online();
    await link.send(wrong);
    await closed(link);
    await bench.hears("+ECMTSTAT: 0,1", "+ECMTCONN: 0,2,6");
    await bench.asks("AT+ECMTCONN?", "+ECMTCONN:0,1", "OK");
  }
});

Deno.test("a quiet connection is kept alive, and one without answer to the ping is lost", async () => {
  await using bench = await Bench.start({ behaviour: { pingAt: 0.1, pingTimeoutMs: 200 } });
  await bench.asks('AT+ECMTCFG="keepalive",0,1', "OK");
  const link = await bench.online();
  await packet(link, "PINGREQ");
  await link.send({ type: "PINGRESP" });
  await packet(link, "PINGREQ");
  await bench.hears("+ECMTSTAT: 0,1");
  await bench.connection();
});

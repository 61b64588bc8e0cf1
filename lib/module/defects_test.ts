import assert from "node:assert/strict";
import { DEFECTS, hooksFor } from "./defects.ts";
import { HONEST } from "./hooks.ts";
import { Bench, packet } from "./test_bench.ts";

Deno.test("every defect has an id of its own, says what is wrong, and changes a hook", () => {
  assert.equal(new Set(DEFECTS.map(({ id }) => id)).size, DEFECTS.length);
  for (const { id, description, clauses, commands } of DEFECTS) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(description, /[^.]$/);
    // The rows of the manual are those of AT+ECMT.
    assert.ok(clauses.length > 0 || commands === "CMQTT" || commands === "MQTT", id);
    assert.notDeepEqual(hooksFor([id]), HONEST, id);
  }
});

Deno.test("an unknown defect is refused with the nearest one that exists", () => {
  assert.throws(() => hooksFor(["pubak-missing"]), {
    name: "RangeError",
    message: 'Unknown defect "pubak-missing" of the virtual module; did you mean puback-missing?',
  });
});

Deno.test("defects add up", async () => {
  await using bench = await Bench.start({
    defects: ["retain-ignored", "pub-payload-upper-case", "pub-result-wrong-id"],
  });
  const link = await bench.online();
  await bench.asks('AT+ECMTPUB=0,0,0,1,"a","loud"', "OK", "+ECMTPUB: 0,1,0");
  const { retain, payload } = await packet(link, "PUBLISH");
  assert.deepEqual([retain, new TextDecoder().decode(payload)], [false, "LOUD"]);
});

Deno.test("with urc-before-ok the OK comes last, and still comes if there is no URC", async () => {
  await using bench = await Bench.start({ defects: ["urc-before-ok"] });
  const open = `AT+ECMTOPEN=0,"${bench.host}",1883`;
  await bench.asks(open, "+ECMTOPEN: 0,0", "OK");
  const link = await bench.connection();
  await bench.asks("AT+ECMTCONN=0", "OK");
  await packet(link, "CONNECT");
});

Deno.test("with close-keeps-tcp the connection outlives DISC", async () => {
  await using bench = await Bench.start({ defects: ["close-keeps-tcp"] });
  const link = await bench.online();
  await bench.asks("AT+ECMTDISC=0", "OK", "+ECMTDISC: 0,0");
  await packet(link, "DISCONNECT");
  assert.equal(await link.receive(50), undefined);
});

Deno.test("with conn-success-at-once the result does not wait for CONNACK", async () => {
  await using bench = await Bench.start({ defects: ["conn-success-at-once"] });
  const link = await bench.open();
  await bench.asks("AT+ECMTCONN=0", "OK", "+ECMTCONN: 0,0,0");
  await packet(link, "CONNECT");
});

Deno.test("with connect-id-1-accepted a second context works beside the first", async () => {
  await using bench = await Bench.start({ defects: ["connect-id-1-accepted"] });
  await bench.online();
  await bench.asks(`AT+ECMTOPEN=1,"${bench.host}",1883`, "OK", "+ECMTOPEN: 1,0");
  await bench.connection();
  await bench.asks("AT+ECMTCONN?", "+ECMTCONN:0,3\r\n+ECMTCONN:1,1", "OK");
});

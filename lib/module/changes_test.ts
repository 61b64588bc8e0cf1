import assert from "node:assert/strict";
import { field, received, result, sent } from "./changes.ts";
import { HONEST } from "./hooks.ts";

Deno.test("sent() changes packets of its type alone, to none, one or several", () => {
  const gone = { ...HONEST, ...sent("PUBACK", () => [])(HONEST) };
  assert.deepEqual(gone.send({ type: "PUBACK", packetId: 1 }), []);
  assert.deepEqual(gone.send({ type: "PUBREC", packetId: 1 }), [{ type: "PUBREC", packetId: 1 }]);
  const twice = { ...gone, ...sent("PUBREC", (packet) => [packet, packet])(gone) };
  assert.equal(twice.send({ type: "PUBREC", packetId: 1 }).length, 2);
  assert.deepEqual(twice.send({ type: "PUBACK", packetId: 1 }), [], "the earlier change still applies");
});

Deno.test("received() changes packets of its type after the earlier changes", () => {
  const plus = received("PUBREL", (packet) => ({ ...packet, packetId: packet.packetId + 1 }));
  const once = { ...HONEST, ...plus(HONEST) };
  const twice = { ...once, ...plus(once) };
  const packet = { type: "PUBREL", packetId: 4, reason: 0, properties: [] } as const;
  assert.deepEqual(twice.receive(packet), { ...packet, packetId: 6 });
  const other = { type: "PUBREC", packetId: 4, reason: 0, properties: [] } as const;
  assert.deepEqual(twice.receive(other), other);
});

Deno.test("result() and field() change a result of their name alone", () => {
  const urc = { name: "ECMTPUB", fields: [0, 7, 0] };
  const doubled = { ...HONEST, ...result("ECMTPUB", (fields) => [fields, fields])(HONEST) };
  const wrong = { ...doubled, ...field("ECMTPUB", 1, (id) => Number(id) + 1)(doubled) };
  assert.deepEqual(wrong.urc(urc), [
    { name: "ECMTPUB", fields: [0, 8, 0] },
    { name: "ECMTPUB", fields: [0, 8, 0] },
  ]);
  assert.deepEqual(wrong.urc({ name: "ECMTSUB", fields: [0, 7, 0] }), [{
    name: "ECMTSUB",
    fields: [0, 7, 0],
  }]);
  const silent = { ...HONEST, ...result("ECMTPUB", () => [])(HONEST) };
  assert.deepEqual(silent.urc(urc), []);
});

import assert from "node:assert/strict";
import type { AuthPacket, ConnectPacket, Property } from "../mqtt/packet.ts";
import { authenticationOf } from "./authentication.ts";
import { RIGHT } from "./right.ts";

const BEHAVIOUR = { ...RIGHT, authentication: { name: "pair", challenge: "ping", answer: "pong" } };
const named = (name: string): Property => ({ name: "authenticationMethod", value: name });
const data = (text: string): Property => ({
  name: "authenticationData",
  value: new TextEncoder().encode(text),
});
const auth = (reason: number, ...properties: readonly Property[]): AuthPacket => ({
  type: "AUTH",
  reason,
  properties,
});

function begun(behaviour = BEHAVIOUR, name = "pair") {
  const packet = { type: "CONNECT", properties: [named(name)] } as unknown as ConnectPacket;
  return authenticationOf(packet, behaviour);
}

Deno.test("only a CONNECT that names the broker's method is authenticated", () => {
  assert.equal(begun(BEHAVIOUR, "other"), undefined);
  assert.equal(begun({ ...BEHAVIOUR, authentication: undefined } as unknown as typeof BEHAVIOUR), undefined);
  assert.deepEqual(begun()?.challenge(), {
    type: "AUTH",
    reason: 0x18,
    properties: [named("pair"), data("ping")],
  });
});

Deno.test("the right answer is taken once, and each time that the client has asked for it again", () => {
  const one = begun();
  one?.challenge();
  const right = auth(0x18, named("pair"), data("pong"));
  assert.deepEqual(one?.take(right), { kind: "authenticated" });
  assert.deepEqual(one?.take(right), { kind: "refused", reason: 0x82 });
  assert.equal(one?.take(auth(0x19, named("pair"))).kind, "challenge");
  assert.deepEqual(one?.take(auth(0x19, named("pair"))), { kind: "refused", reason: 0x82 });
  assert.deepEqual(one?.take(right), { kind: "authenticated" });
});

Deno.test("a wrong answer, another reason and another method are refused by their codes", () => {
  const wrong: readonly (readonly [AuthPacket, number])[] = [
    [auth(0x18, named("pair"), data("ping")), 0x87],
    [auth(0x18, named("pair")), 0x87],
    [auth(0x00, named("pair"), data("pong")), 0x82],
    [auth(0x19, named("pair"), data("pong")), 0x82],
    [auth(0x18, named("other"), data("pong")), 0x82],
    [auth(0x18, data("pong")), 0x82],
  ];
  for (const [packet, reason] of wrong) {
    const one = begun();
    one?.challenge();
    assert.deepEqual(one?.take(packet), { kind: "refused", reason });
  }
});

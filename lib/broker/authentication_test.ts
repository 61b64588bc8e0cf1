import assert from "node:assert/strict";
import type { AuthPacket, ConnectPacket, Property } from "../mqtt/packet.ts";
import { authenticationOf } from "./authentication.ts";
import { PAIR_METHOD, STEPS_METHOD } from "./method/fixed.ts";
import { RIGHT } from "./right.ts";

const PAIR = "x-attest-pair";
const BEHAVIOUR = { ...RIGHT, methods: [PAIR_METHOD, STEPS_METHOD] };
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

function begun(behaviour = BEHAVIOUR, name = PAIR) {
  const packet = { type: "CONNECT", properties: [named(name)] } as unknown as ConnectPacket;
  return authenticationOf(packet, behaviour);
}

Deno.test("only a CONNECT that names the broker's method is authenticated", () => {
  assert.equal(begun(BEHAVIOUR, "other"), undefined);
  assert.equal(begun({ ...BEHAVIOUR, methods: [] }), undefined);
  assert.deepEqual(begun()?.begin([named(PAIR)]), {
    kind: "ask",
    packet: { type: "AUTH", reason: 0x18, properties: [named(PAIR), data("ping")] },
  });
});

Deno.test("the correct answer is accepted once, and again at each re-authentication", () => {
  const one = begun();
  one?.begin([named(PAIR)]);
  const right = auth(0x18, named(PAIR), data("pong"));
  assert.deepEqual(one?.take(right), { kind: "authenticated", properties: [named(PAIR)] });
  assert.deepEqual(one?.take(right), { kind: "refused", reason: 0x82 });
  assert.equal(one?.take(auth(0x19, named(PAIR))).kind, "ask");
  assert.deepEqual(one?.take(right), { kind: "authenticated", properties: [named(PAIR)] });
});

Deno.test("a wrong answer, a wrong reason and a wrong method are refused with their codes", () => {
  const wrong: readonly (readonly [AuthPacket, number])[] = [
    [auth(0x18, named(PAIR), data("ping")), 0x87],
    [auth(0x18, named(PAIR)), 0x87],
    [auth(0x00, named(PAIR), data("pong")), 0x82],
    [auth(0x19, named(PAIR), data("pong")), 0x82],
    [auth(0x18, named("other"), data("pong")), 0x82],
    [auth(0x18, data("pong")), 0x82],
  ];
  for (const [packet, reason] of wrong) {
    const one = begun();
    one?.begin([named(PAIR)]);
    assert.deepEqual(one?.take(packet), { kind: "refused", reason });
  }
});

Deno.test("an exchange of several steps completes, and checks each answer", () => {
  const bytes = (...values: readonly number[]): Property => ({
    name: "authenticationData",
    value: Uint8Array.from(values),
  });
  const steps = named("x-attest-steps");
  const one = begun(BEHAVIOUR, "x-attest-steps");
  assert.equal(one?.begin([steps, data("hello")]).kind, "ask");
  assert.deepEqual(one?.take(auth(0x18, steps, bytes(0xff, 0))), {
    kind: "ask",
    packet: { type: "AUTH", reason: 0x18, properties: [steps, data("and?")] },
  });
  assert.deepEqual(one?.take(auth(0x18, steps, data("done"))), {
    kind: "authenticated",
    properties: [steps, data("welcome")],
  });
  const wrong = begun(BEHAVIOUR, "x-attest-steps");
  assert.deepEqual(wrong?.begin([steps]), { kind: "refused", reason: 0x87 });
});

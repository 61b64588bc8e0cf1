import assert from "node:assert/strict";
import { clause } from "../mqtt/clauses.ts";
import type { ConnectPacket } from "../mqtt/packet.ts";
import { Broker } from "./broker.ts";
import { hooksOf, QUIRK_THEMES, quirked, QUIRKS } from "./quirks.ts";
import { ANNOUNCED_TRIALS } from "./quirks/trials/announced.ts";
import { ANSWER_TRIALS } from "./quirks/trials/answers.ts";
import { AUTHENTICATION_TRIALS } from "./quirks/trials/authenticating.ts";
import { CAPACITY_TRIALS } from "./quirks/trials/capacity.ts";
import { CARRIED, tryCarrying } from "./quirks/trials/carrying.ts";
import { CONNECT_TRIALS } from "./quirks/trials/connecting.ts";
import { DELIVERY_TRIALS } from "./quirks/trials/delivery.ts";
import { LASTING_TRIALS } from "./quirks/trials/lasting.ts";
import { PASSWORD_TRIALS } from "./quirks/trials/passwords.ts";
import { PROPERTY_TRIALS } from "./quirks/trials/properties.ts";
import { RACES, winner } from "./quirks/trials/races.ts";
import { REDIRECTION_TRIALS } from "./quirks/trials/redirecting.ts";
import { REFUSAL_TRIALS } from "./quirks/trials/refusing.ts";
import { SUBSCRIPTION_TRIALS } from "./quirks/trials/subscriptions.ts";
import type { QuirkTrial } from "./quirks/trials/trial.ts";
import { TestClient } from "./test_client.ts";

const CONNECT: ConnectPacket = {
  type: "CONNECT",
  protocolName: "MQTT",
  protocolLevel: 5,
  cleanStart: true,
  keepAlive: 0,
  clientId: "a",
  properties: [],
};

const GROUPS: readonly (readonly [string, readonly QuirkTrial[]])[] = [
  ["connecting and closing", CONNECT_TRIALS],
  ["enhanced authentication", AUTHENTICATION_TRIALS],
  ["announced limits", ANNOUNCED_TRIALS],
  ["user names and passwords", PASSWORD_TRIALS],
  ["server redirection", REDIRECTION_TRIALS],
  ["refusals", REFUSAL_TRIALS],
  ["capacity", CAPACITY_TRIALS],
  ["answers", ANSWER_TRIALS],
  ["properties", PROPERTY_TRIALS],
  ["subscriptions and retained messages", SUBSCRIPTION_TRIALS],
  ["delivery", DELIVERY_TRIALS],
  ["sessions, wills and timing", LASTING_TRIALS],
];

for (const [group, trials] of GROUPS) {
  Deno.test(`quirks of ${group} do what they say, and the usual broker does not`, async (t) => {
    for (const { quirk, play, usual, unusual, beside = [] } of trials) {
      await t.step(quirk, async () => {
        if (usual !== undefined) {
          await using plain = await Broker.start({ quirks: beside });
          assert.equal(await play(plain.address.port), usual);
        }
        await using quirky = await Broker.start({ quirks: [...beside, quirk] });
        assert.equal(await play(quirky.address.port), unusual);
        assert.notEqual(usual, unusual);
      });
    }
  });
}

Deno.test("quirks of timing act later, or earlier, than the usual broker", async () => {
  await Promise.all(RACES.map(async (race) => {
    assert.equal(await winner(race), race.first, race.quirk);
  }));
});

Deno.test("quirks of segments and frames show on the wire", async (t) => {
  for (const { quirk, usual, unusual } of CARRIED) {
    await t.step(quirk, async () => {
      if (usual !== undefined) assert.equal(await tryCarrying(quirk, []), usual);
      assert.equal(await tryCarrying(quirk, [quirk]), unusual);
    });
  }
});

Deno.test("every quirk is tested, and has its own id, sentences, and a reason", () => {
  const tried = new Set([
    ...GROUPS.flatMap(([, trials]) => trials.map((trial) => trial.quirk)),
    ...RACES.map((race) => race.quirk),
    ...CARRIED.map((one) => one.quirk),
    "auth-success-data-first", // method/scram_test.ts
  ]);
  assert.deepEqual(QUIRKS.map((quirk) => quirk.id).filter((id) => !tried.has(id)), []);
  assert.equal(new Set(QUIRKS.map((quirk) => quirk.id)).size, QUIRKS.length);
  assert.ok([...QUIRK_THEMES.values()].every((quirks) => quirks.length > 0));
  for (const quirk of QUIRKS) {
    assert.match(quirk.id, /^[a-z0-9-]+$/);
    assert.match(quirk.about, /^[A-Z].*[^.]$/, quirk.id);
    assert.match(quirk.lawful, /[^.]$/, quirk.id);
    assert.ok(hooksOf(quirk).length > 0, quirk.id);
    for (
      const [, number = "", version] of quirk.lawful.matchAll(/(MQTT-[0-9.]+-[0-9]+)(?: of (3\.1\.1|5\.0))?/g)
    ) {
      const versions = version === undefined
        ? ["3.1.1", "5.0"] as const
        : [version === "5.0" ? version : "3.1.1"] as const;
      assert.ok(versions.some((one) => clause(one, number)), `${quirk.id}: ${number}`);
    }
  }
});

Deno.test("an unknown quirk is rejected with the nearest one", async () => {
  await assert.rejects(Broker.start({ quirks: ["acks-later"] }), {
    name: "UnknownQuirkError",
    message: 'Unknown quirk "acks-later" of the reference broker; did you mean acks-late?',
  });
});

Deno.test("several quirks take effect together, and of two for the same decision the last one wins", () => {
  const both = quirked(["acks-in-full", "properties-reversed", "packet-ids-lowest", "packet-ids-descending"]);
  const [sent] = both.outgoing({ type: "PUBACK", packetId: 1 }, "5.0");
  assert.deepEqual(sent, { type: "PUBACK", packetId: 1, reason: 0, properties: [] });
  assert.equal(both.nextPacketId(7, 0), 6);
  assert.equal(quirked(["packet-ids-descending", "packet-ids-lowest"]).nextPacketId(7, 0), 1);
  const held = quirked(["acks-late", "connack-late"]);
  assert.deepEqual([held.holdMs({ type: "PUBACK" }), held.holdMs({ type: "CONNACK" })], [300, 700]);
});

Deno.test("quirks that are allowed alone are allowed together", () => {
  const alias = [{ name: "topicAlias", value: 1 }];
  const held = quirked(["deliveries-late", "order-within-a-qos"]);
  const hold = (qos: number, more: object) => held.holdMs({ type: "PUBLISH", topic: "t", qos, ...more });
  assert.deepEqual([hold(0, {}), hold(2, {})], [0, 200]);
  assert.deepEqual([hold(0, { properties: alias }), hold(2, { properties: alias })], [200, 200]);
  assert.equal(hold(2, { dup: true }), 0);
  const ids = quirked(["assigned-id-long", "long-ids-refused", "ids-of-letters-and-digits"]);
  const clientId = ids.assignedClientId("attest-1");
  assert.equal(ids.connect({ kind: "accept" }, { ...CONNECT, clientId }).kind, "accept");
  assert.equal(ids.connect({ kind: "accept" }, { ...CONNECT, clientId: "a-b" }).kind, "refuse");
  const { announces } = quirked(["maximum-packet-size-512", "connack-says-little", "topic-alias-maximum-5"]);
  const announced = [{ name: "maximumPacketSize", value: 512 }, { name: "topicAliasMaximum", value: 5 }];
  assert.deepEqual(announces(announced, CONNECT), announced);
});

Deno.test("the random choices of a quirk follow from the seed", () => {
  const ids = (seed: number) => {
    const { nextPacketId } = quirked(["packet-ids-random"], seed);
    return [nextPacketId(0, 0), nextPacketId(0, 0)];
  };
  assert.deepEqual(ids(7), ids(7));
  assert.notDeepEqual(ids(7), ids(8));
});

Deno.test("a defect is applied to the result of the quirks", async () => {
  await using broker = await Broker.start({ quirks: ["acks-in-full"], defects: ["puback-wrong-id"] });
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  await client.send({ type: "PUBLISH", topic: "t", qos: 1, packetId: 7 });
  assert.equal(await client.hex(), "400400080000");
});

Deno.test("the broker leaves out its remarks if the client's limit is too small", async () => {
  await using broker = await Broker.start({ quirks: ["reason-strings-long"] });
  const properties = [{ name: "maximumPacketSize", value: 1_000 }];
  await using client = await TestClient.connect(broker.address.port, "a", { properties }, "5.0");
  assert.equal(client.connack, "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}");
});

Deno.test("the hooks that a run uses are reported, and cost nothing without a listener", async () => {
  const asked = new Set<string>();
  await using broker = await Broker.start({ consulted: (hook) => asked.add(hook) });
  await using client = await TestClient.connect(broker.address.port, "a");
  assert.ok(asked.has("connect") && asked.has("outgoing CONNACK"));
  assert.ok(!asked.has("retainedOrder") && !asked.has("outgoing PUBACK"));
  await client.publish("t", "", { qos: 1, packetId: 1 });
  assert.ok(asked.has("outgoing PUBACK"));
  await client.subscribe("t");
  assert.ok(asked.has("retainedOrder"));
});

Deno.test("each quirk names the hooks by which a prover can choose its cases", () => {
  const hooks = (id: string) => QUIRKS.filter((quirk) => quirk.id === id).flatMap(hooksOf);
  assert.deepEqual(hooks("acks-late"), ["holdMs PUBACK", "holdMs PUBREC", "holdMs PUBCOMP"]);
  assert.deepEqual(hooks("subscription-ids-reversed"), ["outgoing PUBLISH"]);
  assert.deepEqual(hooks("retained-reversed"), ["retainedOrder"]);
});

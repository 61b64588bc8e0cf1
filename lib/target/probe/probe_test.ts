import assert from "node:assert/strict";
import { Broker, type BrokerOptions } from "../../broker/broker.ts";
import type { Finding } from "./finding.ts";
import { probe, type Probed, type ProbeOptions } from "./probe.ts";
import { ProbeClient } from "./probe_client.ts";
import { reachOf } from "./test_asking.ts";

/** Probes the reference broker. */
async function probed(broker: BrokerOptions, more: Partial<ProbeOptions> = {}): Promise<Probed> {
  await using started = await Broker.start(broker);
  const signal = new AbortController().signal;
  return await probe({ reach: reachOf(started.address.port), largest: 10_000, signal, ...more });
}

/** The features claimed in a protocol. */
function claimedIn({ protocols }: Probed, protocol: string): readonly string[] {
  const found = protocols.find((one) => one.protocol === protocol)?.findings ?? [];
  return found.flatMap((one) => one.kind === "feature" && one.claimed ? [one.name] : []).toSorted();
}

/** The capacities with a known limit, by protocol. */
function limits({ protocols }: Probed): readonly string[] {
  const limit = (one: Finding) => one.kind === "capacity" && one.amount && !one.amount.atLeast ? [one] : [];
  return protocols.flatMap(({ protocol, findings }) =>
    findings.flatMap(limit).map(({ name, amount }) => `${protocol} ${name} ${amount?.most}`)
  );
}

const ALWAYS = [
  "dollar-topics",
  "qos1",
  "qos2",
  "retained",
  "sessions",
  "several-in-flight",
  "wildcards",
  "wills",
];

Deno.test("probe() finds all that the reference broker supports, in every version that it speaks", async () => {
  const found = await probed({});
  assert.deepEqual(found.protocols.map(({ protocol }) => protocol), ["3.1", "3.1.1", "5.0"]);
  assert.deepEqual(claimedIn(found, "3.1"), ALWAYS);
  assert.deepEqual(claimedIn(found, "3.1.1"), [...ALWAYS, "empty-client-id"].toSorted());
  assert.deepEqual(
    claimedIn(found, "5.0"),
    // Its CONNACK announces 16 MiB, so the feature is known without trying.
    [...ALWAYS, "empty-client-id", "large-packets", "shared-subscriptions", "subscription-identifiers"]
      .toSorted(),
  );
  assert.equal(found.version, "attest reference broker");
  assert.deepEqual(found.remarks, []);
});

Deno.test("probe() asks only in the given versions", async () => {
  const found = await probed({}, { versions: ["5.0"] });
  assert.deepEqual(found.versions.map(({ version }) => version), ["5.0"]);
});

Deno.test("probe() reports a broker that answers no CONNECT, and one that refuses the user", async () => {
  const mute = await probed({ defects: ["connack-lost"] });
  assert.deepEqual(mute.protocols, []);
  assert.deepEqual(mute.versions.map(({ how }) => how), [
    "a CONNECT gets no answer",
    "a CONNECT gets no answer",
    "a CONNECT gets no answer",
  ]);
  const guarded = await probed({
    alter: {
      connect: (_, { protocolLevel }) => ({ kind: "refuse", reason: protocolLevel === 5 ? 0x87 : 5 }),
    },
  });
  assert.deepEqual(guarded.protocols, []);
  assert.match(
    guarded.versions[1]?.how ?? "",
    /^the broker answers CONNACK 5 .*not authorized.* to a CONNECT$/,
  );
});

Deno.test("probe() takes a version whose CONNACK can't be read for one that is spoken, so that it is accused", async () => {
  const found = await probed({
    alter: {
      outgoing: (packet, version) => [
        packet.type === "CONNACK" && version === "5.0"
          ? { ...packet, wire: { propertyLength: 200 } }
          : packet,
      ],
    },
  });
  assert.deepEqual(found.protocols.map(({ protocol }) => protocol), ["3.1", "3.1.1", "5.0"]);
  assert.ok(claimedIn(found, "5.0").includes("qos2"));
  assert.match(found.versions[2]?.how ?? "", /unreadable/);
});

Deno.test("probe() asks what is kept for all clients in one version at a time", async () => {
  const found = await probed({ alter: { mostRetained: () => 16 } });
  assert.deepEqual(limits(found).filter((one) => one.includes("retained")), [
    "3.1 retainedMessages 14",
    "3.1.1 retainedMessages 14",
    "5.0 retainedMessages 14",
  ]);
});

Deno.test("probe() finds the limits of a broker in each version, and claims nothing in one for another", async () => {
  const found = await probed({ quirks: ["maximum-qos-1", "retain-unavailable", "maximum-packet-size-512"] });
  assert.ok(claimedIn(found, "3.1.1").includes("qos2"));
  assert.ok(claimedIn(found, "3.1.1").includes("retained"));
  assert.ok(!claimedIn(found, "5.0").includes("qos2"));
  assert.ok(!claimedIn(found, "5.0").includes("retained"));
  assert.ok(limits(found).includes("5.0 largestPacket 512"));
  assert.ok(!limits(found).some((one) => one.startsWith("3.1.1 largestPacket")));
});

Deno.test("probe() makes remarks where it is to watch", async () => {
  const { remarks } = await probed({}, { watchMs: 50, versions: ["5.0"] });
  const about = remarks.map(({ about, found }) => `${about} ${found}`);
  assert.match(about[0] ?? "", /^client id characters are all accepted as far as tested/);
  assert.equal(about[1], "a connection without CONNECT is not closed within 0.1 s");
  assert.equal(about[2], "a silent connection with a keep-alive of 1 s is not closed within 0.1 s");
  assert.match(about[3] ?? "", /^CONNACK has .*maximumPacketSize 16777216/);
});

Deno.test("probe() tells what a broker of 5.0 does of what it may leave", async () => {
  const told = async (options: Parameters<typeof probed>[0]) => {
    const { remarks } = await probed(options, { watchMs: 50, versions: ["5.0"] });
    return remarks.slice(4).map(({ about, found }) => `${about} ${found}`);
  };
  assert.deepEqual(await told({}), [
    "topic aliases of its own are not used for a client that takes 10",
    "reason strings and user properties in answers come in none of CONNACK, SUBACK, UNSUBACK, PUBACK",
    "Response Information, asked for, is not given",
    "a message that nobody subscribes to gets PUBACK 0x00 (Success)",
    "an unknown method of authentication gets CONNACK 0x8C (Bad authentication method)",
  ]);
  const quirks = ["uses-topic-aliases", "reason-strings", "response-information", "no-matching-subscribers"];
  assert.deepEqual(await told({ quirks, defects: ["auth-method-ignored"] }), [
    "topic aliases of its own are used for clients that take them",
    "reason strings and user properties in answers come in CONNACK, SUBACK, UNSUBACK, PUBACK",
    "Response Information, asked for, is given",
    "a message that nobody subscribes to gets PUBACK 0x10 (No matching subscribers)",
    "an unknown method of authentication gets CONNACK 0x00 (Success)",
  ]);
});

Deno.test("probe() ends with its signal", async () => {
  const controller = new AbortController();
  const ending = probed({ quirks: ["connack-late"] }, { signal: controller.signal });
  controller.abort();
  await assert.rejects(ending);
});

Deno.test("probe() leaves nothing on the broker, even if its time is over before it is done", async () => {
  for (const quirks of [[], ["connack-late"]]) {
    await using broker = await Broker.start({ quirks });
    const reach = reachOf(broker.address.port);
    const signal = new AbortController().signal;
    const { protocols } = await probe({ reach, largest: 1_000, versions: ["5.0"], signal });
    assert.equal(protocols.length, 1);
    await using client = await ProbeClient.connect(reach, "5.0", signal, { clientId: "after" });
    await client.send({ type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter: "#", qos: 0 }] }, {
      type: "PINGREQ",
    });
    await client.until(() => client.count("PINGRESP") > 0, 5_000);
    assert.deepEqual(client.messages.map(({ topic }) => topic), []);
  }
});

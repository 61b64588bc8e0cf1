import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { connectTcp } from "../../transport/tcp.ts";
import type { ProbeReach } from "./client.ts";
import type { Observation } from "./observation.ts";
import { askInFlight, askSizes, askTopics } from "./limits.ts";
import { probe, type Probed } from "./probe.ts";

/** Asks the reference broker, which has the given defects. */
async function probed(...defects: readonly string[]): Promise<Probed> {
  await using broker = await Broker.start({ defects });
  return await probe({ reach: reachOf(broker), prefix: "probing", largest: 1_000, watchMs: 50 });
}

function reachOf(broker: Broker): ProbeReach {
  const { host, port } = broker.address;
  return {
    open: (signal) => connectTcp(host, port, { withinMs: 2_000, signal }),
    patienceMs: 400,
    signal: new AbortController().signal,
  };
}

/** The features found there, in the order of their names. */
function there({ observations }: Probed): readonly string[] {
  return observations.flatMap(({ feature }) => feature?.there ? [feature.name] : []).toSorted();
}

const ALL = [
  "dollar-topics",
  "empty-client-id",
  "qos1",
  "qos2",
  "retained",
  "sessions",
  "several-in-flight",
  "shared-subscriptions",
  "wildcards",
  "wills",
];

Deno.test("probe() finds all that the reference broker supports, and every version that it speaks", async () => {
  const found = await probed();
  assert.deepEqual(there(found), ALL);
  assert.deepEqual(found.protocols, ["3.1", "3.1.1", "5.0"]);
  assert.ok(!found.refusesUser);
  assert.match(sentence(found.observations, "payload"), /^1000 bytes come through, the most that was tried$/);
  // Nothing that small shows whether large packets pass.
  assert.ok(found.observations.every(({ feature }) => feature?.name !== "large-packets"));
});

const LACKS: readonly (readonly [defect: string, feature: string, found: RegExp])[] = [
  ["grants-qos1-at-most", "qos2", /is granted, and delivered at QoS 1/],
  ["grants-qos0", "qos1", /is not granted: the SUBACK says 0/],
  ["puback-lost", "qos1", /a PUBLISH gets no answer/],
  ["retained-not-kept", "retained", /a new subscription gets none/],
  ["hash-is-plus", "wildcards", /^# does not deliver$/],
  ["dollar-topics-hidden", "dollar-topics", /do not carry messages/],
  ["empty-id-refused", "empty-client-id", /is refused/],
  ["will-lost", "wills", /do not come/],
  ["session-not-kept", "sessions", /are not kept/],
  ["session-present-never", "sessions", /CONNACK does not say so/],
  ["offline-lost", "sessions", /the message that came meanwhile is lost/],
];
for (const [defect, name, says] of LACKS) {
  Deno.test(`probe() does not claim ${name} of a broker with the defect ${defect}, and says why`, async () => {
    const { observations } = await probed(defect);
    const found = observations.find(({ feature }) => feature?.name === name);
    assert.equal(found?.feature?.there, false);
    assert.match(found?.found ?? "", says);
  });
}

Deno.test("probe() tells of a version that a broker refuses", async () => {
  await using broker = await Broker.start({ defects: ["connack-lost"] });
  const found = await probe({ reach: reachOf(broker), prefix: "mute", largest: 10, watchMs: 10 });
  assert.deepEqual(found.protocols, []);
  assert.match(sentence(found.observations, "MQTT 3.1.1"), /^is not spoken: a CONNECT gets no answer$/);
});

Deno.test("probe() finds large packets where they are tried", async () => {
  const largest = 2_097_152;
  const asking = { version: "3.1.1", speaks5: true, prefix: "large", largest, watchMs: 10 } as const;
  await using broker = await Broker.start({});
  const [whole] = await askSizes({ ...asking, reach: reachOf(broker) });
  assert.deepEqual(whole?.feature, { name: "large-packets", there: true });
  await using small = await Broker.start({ defects: ["payload-cut-at-127"] });
  const [cut] = await askSizes({ ...asking, reach: reachOf(small) });
  assert.deepEqual(cut?.feature, { name: "large-packets", there: false });
});

Deno.test("the search for a limit ends at the last size that works", async () => {
  await using broker = await Broker.start({ defects: ["payload-cut-at-127"] });
  const asking = {
    reach: reachOf(broker),
    version: "3.1.1",
    speaks5: true,
    prefix: "lim",
    largest: 300,
    watchMs: 10,
  } as const;
  assert.match(
    sentence(await askSizes(asking), "payload"),
    /^127 bytes come through, and one more does not$/,
  );
  assert.match(sentence(await askInFlight(asking), "messages in flight"), /at QoS 1 are sent/);
  assert.match(sentence(await askTopics(asking), "topic length"), /^up to 65535 bytes/);
});

function sentence(observations: readonly Observation[], about: string): string {
  return observations.find((one) => one.about === about)?.found ?? "";
}

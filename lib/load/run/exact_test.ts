import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { loadProfile } from "../profile/load_profile.ts";
import { load } from "./load.ts";
import { targetOfAddress } from "../../target/reach.ts";
import type { LoadEvent } from "../../run/load_event.ts";
import { foldLoad } from "../../run/load_result.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import { connectTcp } from "../../transport/tcp.ts";

const DATA: Readonly<Record<string, string>> = {
  "users.csv": "name,site\nann,north\nbob,south\n",
  "readings.txt": '{"t":1}\n{"t":"2, \\"x\\""}\n{"t":3}\n',
};

/** Returns what a reader of all topics receives while a profile runs, and the result. */
async function watched(protocol: "3.1.1" | "5.0", mark: string, filter: string) {
  await using broker = await Broker.start();
  const { port } = broker.address;
  const { profile, problems } = loadProfile(
    `profile: exact
title: Exact
protocol: "${protocol}"
data: { users: users.csv, readings: { file: readings.txt, per: message } }
groups:
  - { group: subs, role: subscribe, clients: 1, subscribe: [{ filter: "${filter}", qos: 1 }] }
  - group: pubs
    role: publish
    clients: 2
    client-id: $users.name
    user-name: $users.name
    publish: { topic: site/$users.site, qos: 1, rate: 30, payload: { exact: $readings, mark: ${mark} } }
stages: [{ hold: 1s }]
thresholds: [lost == 0]
`,
    "exact.yaml",
    undefined,
    undefined,
    (path) => DATA[path] ?? "",
  );
  assert.deepEqual(problems, []);
  assert.ok(profile);
  const seen: string[] = [];
  await using link = new MqttLink(await connectTcp("127.0.0.1", port), {
    version: "3.1.1",
    onArrival: (arrival) => {
      if (arrival.kind === "packet" && arrival.packet.type === "PUBLISH") {
        seen.push(
          `${arrival.packet.topic.replace(/@.*/, "@")} ${new TextDecoder().decode(arrival.packet.payload)}`,
        );
      }
      return true;
    },
  });
  await link.send({
    type: "CONNECT",
    protocolName: "MQTT",
    protocolLevel: 4,
    cleanStart: true,
    clientId: "w",
  });
  await link.send({ type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter: "site/#", qos: 0 }] });
  const events: LoadEvent[] = [];
  await load({
    profile,
    targets: [{ ...targetOfAddress(`mqtt://127.0.0.1:${port}`), asks: undefined }],
    workers: 2,
    seed: 7,
    from: [],
    version: "0",
    command: [],
    environment: {},
    emit: (event) => event.kind.startsWith("load-") && events.push(event as LoadEvent),
    seen: () => {},
    signal: new AbortController().signal,
  });
  return { result: foldLoad(events), seen };
}

for (
  const [protocol, mark, filter] of [["5.0", "user-property", "site/+"], [
    "3.1.1",
    "topic",
    "site/+/+",
  ]] as const
) {
  Deno.test(`a payload is sent exactly as in its file, with the mark in ${mark}`, async () => {
    const { result, seen } = await watched(protocol, mark, filter);
    assert.equal(result?.counts.received, 30);
    assert.equal(result.timings.latency?.count, 30);
    assert.deepEqual(result.promises.filter(({ verdict }) => verdict === "fail"), []);
    const end = mark === "topic" ? "/@" : "";
    const payloads = DATA["readings.txt"]?.trimEnd().split("\n") ?? [];
    // Each client uses its row of users, and each message of the group its row of readings, in turn.
    const expected = Array.from(
      { length: 30 },
      (_, k) => `site/${k % 2 === 0 ? "north" : "south"}${end} ${payloads[k % 3]}`,
    );
    assert.deepEqual(seen.toSorted(), expected.toSorted());
  });
}

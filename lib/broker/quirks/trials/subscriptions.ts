import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";
import { type QuirkTrial, sends5, sendsAs, subscribe, trial } from "./trial.ts";

const overlapping = sendsAs(
  "3.1.1",
  {},
  subscribe({ filter: "t", qos: 1 }, { filter: "+", qos: 0 }),
  publish("t", "p", 1),
);

/** Messages are retained at several topics; returns what a subscription to all of them gets, SUBACK included. */
const retained: Play = async (port) => {
  await using publisher = await TestClient.connect(port, "b");
  await publisher.send(
    ...["r/1", "r/2", "r/3", "r/4"].map((topic) => publish(topic, "p", 0, { retain: true })),
  );
  await publisher.leave();
  await using subscriber = await TestClient.connect(port, "a");
  await subscriber.send(subscribe({ filter: "r/#" }));
  return (await subscriber.leave()).replaceAll("PUBLISH q0 retain ", "");
};

const ownRetained: Play = sends5(
  publish("r", "p", 0, { retain: true }),
  subscribe({ filter: "r", noLocal: true }),
);

/**
 * A shared subscription has two members, the first of which is offline; returns how many of six messages each connected
 * member gets.
 */
const shared: Play = async (port) => {
  await using one = await TestClient.connect(port, "one", {}, "5.0");
  await one.subscribe("$share/g/t", 1);
  await using two = await TestClient.connect(port, "two", {}, "5.0");
  await two.subscribe("$share/g/t", 1);
  await using publisher = await TestClient.connect(port, "b", {}, "5.0");
  for (let n = 0; n < 6; n++) await publisher.publish("t", String(n), { qos: 1, packetId: 1 });
  const got = async (client: TestClient) =>
    [...(await client.leave()).matchAll(/"(\d)"/g)].map(([, n]) => n).join("");
  return `${await got(one)} ${await got(two)}`;
};

/** The broker publishes about itself while a client is subscribed. */
const about: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send(subscribe({ filter: "$SYS/broker" }));
  return `${await client.next()}, ${await client.next(500)}, ${await client.next(500)}`;
};

export const SUBSCRIPTION_TRIALS: readonly QuirkTrial[] = [
  trial(
    "copies-per-subscription",
    overlapping,
    'SUBACK id=1 1 0, PUBLISH q1 id=1 "t" "p", PUBACK id=7, PINGRESP',
    'SUBACK id=1 1 0, PUBLISH q1 id=1 "t" "p", PUBLISH q0 "t" "p", PUBACK id=7, PINGRESP',
  ),
  trial(
    "copies-per-subscription-last-first",
    overlapping,
    'SUBACK id=1 1 0, PUBLISH q1 id=1 "t" "p", PUBACK id=7, PINGRESP',
    'SUBACK id=1 1 0, PUBLISH q0 "t" "p", PUBLISH q1 id=1 "t" "p", PUBACK id=7, PINGRESP',
  ),
  trial(
    "grants-at-most-1",
    sendsAs("3.1.1", {}, subscribe({ filter: "t", qos: 2 })),
    "SUBACK id=1 2, PINGRESP",
    "SUBACK id=1 1, PINGRESP",
  ),
  trial(
    "grants-at-most-0",
    sendsAs("3.1", {}, subscribe({ filter: "t", qos: 2 })),
    "SUBACK id=1 2, PINGRESP",
    "SUBACK id=1 0, PINGRESP",
  ),
  trial(
    "root-wildcard-refused",
    sendsAs("3.1.1", {}, subscribe({ filter: "#" }, { filter: "a/#" })),
    "SUBACK id=1 0 0, PINGRESP",
    "SUBACK id=1 0x80 0, PINGRESP",
  ),
  trial(
    "sys-filters-refused",
    sends5(subscribe({ filter: "$SYS/none" })),
    "SUBACK id=1 0, PINGRESP",
    "SUBACK id=1 0x87, PINGRESP",
  ),
  trial(
    "no-sys-topics",
    about,
    'SUBACK id=1 0, PUBLISH q0 retain "$SYS/broker" "attest", nothing',
    "SUBACK id=1 0, nothing, nothing",
  ),
  trial(
    "sys-topics-told-anew",
    about,
    'SUBACK id=1 0, PUBLISH q0 retain "$SYS/broker" "attest", nothing',
    'SUBACK id=1 0, PUBLISH q0 retain "$SYS/broker" "attest", PUBLISH q0 "$SYS/broker" "attest"',
  ),
  trial(
    "dollar-topics-dropped",
    sends5(subscribe({ filter: "$x" }), publish("$x", "p", 1)),
    'SUBACK id=1 0, PUBLISH q0 "$x" "p", PUBACK id=7, PINGRESP',
    "SUBACK id=1 0, PUBACK id=7 0x90, PINGRESP",
  ),
  trial("shared-to-the-first", shared, "024 135", "012345 "),
  trial("shared-at-random", shared, "024 135", "15 0234"),
  trial(
    "retained-reversed",
    retained,
    'SUBACK id=1 0, "r/1" "p", "r/2" "p", "r/3" "p", "r/4" "p"',
    'SUBACK id=1 0, "r/4" "p", "r/3" "p", "r/2" "p", "r/1" "p"',
  ),
  trial(
    "retained-shuffled",
    retained,
    'SUBACK id=1 0, "r/1" "p", "r/2" "p", "r/3" "p", "r/4" "p"',
    'SUBACK id=1 0, "r/2" "p", "r/3" "p", "r/1" "p", "r/4" "p"',
  ),
  trial(
    "retained-before-suback",
    retained,
    'SUBACK id=1 0, "r/1" "p", "r/2" "p", "r/3" "p", "r/4" "p"',
    '"r/1" "p", "r/2" "p", "r/3" "p", "r/4" "p", SUBACK id=1 0',
  ),
  trial(
    "no-local-not-for-retained",
    ownRetained,
    "SUBACK id=1 0, PINGRESP",
    'SUBACK id=1 0, PUBLISH q0 retain "r" "p", PINGRESP',
  ),
];

import type { Draft } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { type Play, publish, relays, type Trial, trial } from "./trial.ts";

const RETAINED = { retain: true };

/** Subscriptions of one client, made one by one, and messages that it publishes itself. */
const overlapping = (levels: readonly (0 | 1 | 2)[], ...drafts: readonly Draft[]): Play => async (port) => {
  await using client = await TestClient.connect(port, "sub");
  for (const [at, qos] of levels.entries()) await client.subscribe(["t", "#", "+"][at] ?? "t/#", qos);
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.send(...drafts);
  await publisher.leave();
  return await client.leave();
};

/** Returns what a client that subscribes later, twice, finds retained. */
const retained = (...drafts: readonly Draft[]): Play => async (port) => {
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.send(...drafts);
  await publisher.leave();
  await using client = await TestClient.connect(port, "sub");
  const subscribe: Draft = { type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter: "t", qos: 2 }] };
  await client.send(subscribe, subscribe);
  return await client.leave();
};

/** A QoS 2 conversation of a publisher, with its packets unchanged. */
const received = (...drafts: readonly Draft[]): Play => relays("t", ...drafts);
const PUBREL: Draft = { type: "PUBREL", packetId: 7 };

/** A message is not acknowledged, and arrives again on the next connection. */
const again: Play = async (port) => {
  await using before = await TestClient.connect(port, "sub", { cleanStart: false });
  await before.subscribe("t", 1);
  await before.send(publish("t", "p", 1));
  await before.leave();
  await using after = await TestClient.connect(port, "sub", { cleanStart: false });
  return await after.leave();
};

/** A client subscribes to what it publishes. */
const own: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t");
  await client.send(publish("t", "p"));
  return await client.leave();
};

export const MESSAGE_TRIALS: readonly Trial[] = [
  trial(
    "payload-cut-at-nul",
    relays("t", publish("t", "a\0b")),
    'PUBLISH q0 "t" "a\\u0000b"',
    'PUBLISH q0 "t" "a"',
  ),
  trial(
    "payload-cut-at-127",
    relays("t", publish("t", "x".repeat(128))),
    'PUBLISH q0 "t" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (128 bytes)',
    'PUBLISH q0 "t" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (127 bytes)',
  ),
  trial(
    "payload-cut-at-16383",
    relays("t", publish("t", "x".repeat(16_384))),
    'PUBLISH q0 "t" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (16384 bytes)',
    'PUBLISH q0 "t" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (16383 bytes)',
  ),
  trial(
    "payload-as-text",
    relays("t", publish("t", Uint8Array.of(0xff, 0x61))),
    'PUBLISH q0 "t" 0xff61',
    'PUBLISH q0 "t" "�a"',
  ),
  trial("empty-payload-lost", relays("t", publish("t", "")), 'PUBLISH q0 "t" ""', ""),
  trial("qos0-lost", relays("t", publish("t", "p")), 'PUBLISH q0 "t" "p"', ""),
  trial(
    "qos0-doubled",
    relays("t", publish("t", "p")),
    'PUBLISH q0 "t" "p"',
    'PUBLISH q0 "t" "p", PUBLISH q0 "t" "p"',
  ),
  trial(
    "qos1-doubled",
    relays("t", publish("t", "p", 1)),
    'PUBLISH q1 id=1 "t" "p"',
    'PUBLISH q1 id=1 "t" "p", PUBLISH q1 id=2 "t" "p"',
  ),
  trial(
    "qos2-doubled",
    relays("t", publish("t", "p", 2)),
    'PUBLISH q2 id=1 "t" "p"',
    'PUBLISH q2 id=1 "t" "p", PUBLISH q2 id=2 "t" "p"',
  ),
  trial(
    "qos-not-lowered",
    overlapping([0], publish("t", "p", 2)),
    'PUBLISH q0 "t" "p"',
    'PUBLISH q2 id=1 "t" "p"',
  ),
  trial("qos-raised", relays("t", publish("t", "p")), 'PUBLISH q0 "t" "p"', 'PUBLISH q2 id=1 "t" "p"'),
  trial(
    "qos2-delivered-as-1",
    relays("t", publish("t", "p", 2)),
    'PUBLISH q2 id=1 "t" "p"',
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "grants-qos1-at-most",
    relays("t", publish("t", "p", 2)),
    'PUBLISH q2 id=1 "t" "p"',
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "overlap-lowest-qos",
    overlapping([0, 2, 1], publish("t", "p", 2)),
    'PUBLISH q2 id=1 "t" "p"',
    'PUBLISH q0 "t" "p"',
  ),
  trial("overlap-first-only", overlapping([0, 2], publish("t", "p", 2)), 'PUBLISH q2 id=1 "t" "p"', ""),
  trial("publisher-excluded", own, 'PUBLISH q0 "t" "p"', ""),
  trial(
    "dup-copied",
    relays("t", publish("t", "p", 1, { dup: true })),
    'PUBLISH q1 id=1 "t" "p"',
    'PUBLISH q1 id=1 dup "t" "p"',
  ),
  trial("dup-never", again, 'PUBLISH q1 id=1 dup "t" "p"', 'PUBLISH q1 id=1 "t" "p"'),
  trial(
    "dup-at-first",
    relays("t", publish("t", "p", 1)),
    'PUBLISH q1 id=1 "t" "p"',
    'PUBLISH q1 id=1 dup "t" "p"',
  ),
  trial(
    "dup-at-qos0",
    relays("t", publish("t", "p")),
    'PUBLISH q0 "t" "p"',
    'PUBLISH q0 dup "t" "p" !dup-at-qos-0',
  ),
  trial(
    "packet-id-zero",
    relays("t", publish("t", "p", 1)),
    'PUBLISH q1 id=1 "t" "p"',
    'PUBLISH q1 id=0 "t" "p" !packet-id-zero',
  ),
  trial(
    "packet-id-reused",
    relays("t", publish("t", "p", 1), publish("t", "p", 1)),
    'PUBLISH q1 id=1 "t" "p", PUBLISH q1 id=2 "t" "p"',
    'PUBLISH q1 id=1 "t" "p", PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "order-swapped",
    relays("t", publish("t", "1"), publish("t", "2"), publish("t", "3"), publish("t", "4")),
    'PUBLISH q0 "t" "1", PUBLISH q0 "t" "2", PUBLISH q0 "t" "3", PUBLISH q0 "t" "4"',
    'PUBLISH q0 "t" "1", PUBLISH q0 "t" "3", PUBLISH q0 "t" "2", PUBLISH q0 "t" "4"',
  ),
  trial(
    "qos1-duplicate-suppressed",
    relays("t", publish("t", "1", 1), publish("t", "2", 1, { dup: true })),
    'PUBLISH q1 id=1 "t" "1", PUBLISH q1 id=2 "t" "2"',
    'PUBLISH q1 id=1 "t" "1"',
  ),
  trial(
    "qos2-duplicate-delivered",
    received(publish("t", "1", 2), publish("t", "1", 2, { dup: true }), PUBREL),
    'PUBLISH q2 id=1 "t" "1"',
    'PUBLISH q2 id=1 "t" "1", PUBLISH q2 id=2 "t" "1"',
  ),
  trial(
    "qos2-dup-suppressed",
    received(publish("t", "1", 2, { dup: true }), PUBREL),
    'PUBLISH q2 id=1 "t" "1"',
    "",
  ),
  trial(
    "qos2-id-not-freed",
    received(publish("t", "1", 2), PUBREL, publish("t", "2", 2), PUBREL),
    'PUBLISH q2 id=1 "t" "1", PUBLISH q2 id=2 "t" "2"',
    'PUBLISH q2 id=1 "t" "1"',
  ),
  trial(
    "qos2-published-at-each-pubrel",
    received(publish("t", "1", 2), PUBREL, PUBREL),
    'PUBLISH q2 id=1 "t" "1"',
    'PUBLISH q2 id=1 "t" "1", PUBLISH q2 id=2 "t" "1"',
  ),
  trial(
    "retain-set-on-live",
    relays("t", publish("t", "p")),
    'PUBLISH q0 "t" "p"',
    'PUBLISH q0 retain "t" "p"',
  ),
  trial(
    "retain-copied-to-live",
    relays("t", publish("t", "p", 0, RETAINED)),
    'PUBLISH q0 "t" "p"',
    'PUBLISH q0 retain "t" "p"',
  ),
  trial(
    "retain-missing-on-retained",
    retained(publish("t", "p", 0, RETAINED)),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "p", SUBACK id=1 2, PUBLISH q0 retain "t" "p"',
    'SUBACK id=1 2, PUBLISH q0 "t" "p", SUBACK id=1 2, PUBLISH q0 "t" "p"',
  ),
  trial(
    "retained-not-kept",
    retained(publish("t", "p", 0, RETAINED)),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "p", SUBACK id=1 2, PUBLISH q0 retain "t" "p"',
    "SUBACK id=1 2, SUBACK id=1 2",
  ),
  trial(
    "retained-not-replaced",
    retained(publish("t", "1", 0, RETAINED), publish("t", "2", 0, RETAINED)),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "2", SUBACK id=1 2, PUBLISH q0 retain "t" "2"',
    'SUBACK id=1 2, PUBLISH q0 retain "t" "1", SUBACK id=1 2, PUBLISH q0 retain "t" "1"',
  ),
  trial(
    "retained-not-cleared",
    retained(publish("t", "1", 0, RETAINED), publish("t", "", 0, RETAINED)),
    "SUBACK id=1 2, SUBACK id=1 2",
    'SUBACK id=1 2, PUBLISH q0 retain "t" "1", SUBACK id=1 2, PUBLISH q0 retain "t" "1"',
  ),
  trial(
    "retained-cleared-by-any-empty",
    retained(publish("t", "1", 0, RETAINED), publish("t", "")),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "1", SUBACK id=1 2, PUBLISH q0 retain "t" "1"',
    "SUBACK id=1 2, SUBACK id=1 2",
  ),
  trial(
    "empty-retained-kept",
    retained(publish("t", "", 0, RETAINED)),
    "SUBACK id=1 2, SUBACK id=1 2",
    'SUBACK id=1 2, PUBLISH q0 retain "t" "", SUBACK id=1 2, PUBLISH q0 retain "t" ""',
  ),
  trial("empty-retained-not-delivered", relays("t", publish("t", "", 0, RETAINED)), 'PUBLISH q0 "t" ""', ""),
  trial(
    "plain-message-retained",
    retained(publish("t", "p")),
    "SUBACK id=1 2, SUBACK id=1 2",
    'SUBACK id=1 2, PUBLISH q0 retain "t" "p", SUBACK id=1 2, PUBLISH q0 retain "t" "p"',
  ),
  trial(
    "plain-message-clears",
    retained(publish("t", "1", 0, RETAINED), publish("t", "2")),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "1", SUBACK id=1 2, PUBLISH q0 retain "t" "1"',
    "SUBACK id=1 2, SUBACK id=1 2",
  ),
  trial(
    "retained-qos0-not-kept",
    retained(publish("t", "1", 1, RETAINED), publish("t", "2", 0, RETAINED)),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "2", SUBACK id=1 2, PUBLISH q0 retain "t" "2"',
    'SUBACK id=1 2, PUBLISH q1 id=1 retain "t" "1", SUBACK id=1 2, PUBLISH q1 id=2 retain "t" "1"',
  ),
  trial(
    "retained-at-qos0",
    retained(publish("t", "p", 2, RETAINED)),
    'SUBACK id=1 2, PUBLISH q2 id=1 retain "t" "p", SUBACK id=1 2, PUBLISH q2 id=2 retain "t" "p"',
    'SUBACK id=1 2, PUBLISH q0 retain "t" "p", SUBACK id=1 2, PUBLISH q0 retain "t" "p"',
  ),
  trial(
    "retained-not-sent",
    retained(publish("t", "p", 0, RETAINED)),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "p", SUBACK id=1 2, PUBLISH q0 retain "t" "p"',
    "SUBACK id=1 2, SUBACK id=1 2",
  ),
  trial(
    "retained-not-sent-again",
    retained(publish("t", "p", 0, RETAINED)),
    'SUBACK id=1 2, PUBLISH q0 retain "t" "p", SUBACK id=1 2, PUBLISH q0 retain "t" "p"',
    'SUBACK id=1 2, PUBLISH q0 retain "t" "p", SUBACK id=1 2',
  ),
];

import { connects, publish, sends, sendsBytes, type Trial, trial } from "./trial.ts";

const subscription = { filter: "a", qos: 0 };

export const READING_TRIALS: readonly Trial[] = [
  trial(
    "reserved-flags-tolerated",
    sends({ type: "SUBSCRIBE", packetId: 1, subscriptions: [subscription], wire: { flags: 0 } }),
    "",
    "SUBACK id=1 0, PINGRESP",
  ),
  trial(
    "reserved-flags-tolerated",
    sends({ type: "PUBREL", packetId: 1, wire: { flags: 0 } }),
    "",
    "PUBCOMP id=1, PINGRESP",
  ),
  trial("connect-flags-tolerated", connects({ wire: { flags: 4 } }), "", "CONNACK 0, PINGRESP"),
  trial("pingreq-flags-tolerated", sends({ type: "PINGREQ", wire: { flags: 1 } }), "", "PINGRESP, PINGRESP"),
  trial(
    "ill-formed-utf8-accepted",
    sends({ type: "PUBLISH", topic: Uint8Array.of(0x61, 0xff) }),
    "",
    "PINGRESP",
  ),
  trial(
    "surrogates-accepted",
    sends({ type: "PUBLISH", topic: Uint8Array.of(0xed, 0xa0, 0x80) }),
    "",
    "PINGRESP",
  ),
  trial("nul-accepted", sends(publish("a\0b", "")), "", "PINGRESP"),
  trial(
    "qos3-accepted",
    sends({ type: "PUBLISH", topic: "a", qos: 3, packetId: 5 }),
    "",
    "PUBREC id=5, PINGRESP",
  ),
  trial(
    "subscription-qos3-accepted",
    sends({ type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter: "a", qos: 3 }] }),
    "",
    "SUBACK id=1 2, PINGRESP",
  ),
  trial(
    "subscription-reserved-bits-tolerated",
    sendsBytes(0x82, 0x06, 0x00, 0x01, 0x00, 0x01, 0x61, 0x80),
    "",
    "SUBACK id=1 0, PINGRESP",
  ),
  trial(
    "will-qos3-accepted",
    connects({ will: { topic: "a", payload: "", qos: 3 } }),
    "",
    "CONNACK 0, PINGRESP",
  ),
  trial(
    "packet-id-zero-accepted",
    sends(publish("a", "", 1, { packetId: 0 })),
    "",
    "PUBACK id=0 !packet-id-zero, PINGRESP",
  ),
  trial("dup-at-qos0-accepted", sends(publish("a", "", 0, { dup: true })), "", "PINGRESP"),
  trial(
    "empty-subscribe-accepted",
    sends({ type: "SUBSCRIBE", packetId: 1, subscriptions: [] }),
    "",
    "SUBACK id=1 !no-reasons, PINGRESP",
  ),
  trial(
    "empty-unsubscribe-accepted",
    sends({ type: "UNSUBSCRIBE", packetId: 1, filters: [] }),
    "",
    "UNSUBACK id=1, PINGRESP",
  ),
  trial("reserved-type-tolerated", sendsBytes(0x00, 0x00), "", "PINGRESP"),
  trial("cut-fields-tolerated", sendsBytes(0x82, 0x01, 0x00), "", "PINGRESP"),
  trial("server-packets-tolerated", sends({ type: "PINGRESP" }), "", "PINGRESP"),
];

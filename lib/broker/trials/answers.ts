import type { ProtocolVersion } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { connects, type Play, publish, relays, type Trial, trial } from "./trial.ts";

/** A client sends everything that gets an answer. */
const answers = (version: ProtocolVersion): Play => async (port) => {
  await using client = await TestClient.connect(port, "a", {}, version);
  await client.send(
    publish("t", "", 1),
    publish("t", "", 2, { packetId: 8 }),
    { type: "PUBREL", packetId: 8 },
    {
      type: "SUBSCRIBE",
      packetId: 9,
      subscriptions: [{ filter: "x", qos: 2 }, { filter: "y", qos: 1 }, { filter: "z", qos: 0 }],
    },
    { type: "UNSUBSCRIBE", packetId: 10, filters: ["x", "y"] },
    { type: "PINGREQ" },
  );
  return await client.leave();
};

/** A message goes to a QoS 2 subscriber, which answers with PUBREC. */
const outbound: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t", 2);
  await client.send(publish("t", "p", 2));
  const got = await client.take(2);
  await client.send({ type: "PUBREC", packetId: 1 });
  return `${got}, ${await client.leave()}`;
};

const RIGHT_ANSWERS = "PUBACK id=7, PUBREC id=8, PUBCOMP id=8, SUBACK id=9 2 1 0, UNSUBACK id=10, PINGRESP";

/** A trial in which one part of the correct answers is replaced. */
const answering = (defect: string, part: string, instead: string): Trial =>
  trial(defect, answers("3.1.1"), RIGHT_ANSWERS, RIGHT_ANSWERS.replace(part, instead));

export const ANSWER_TRIALS: readonly Trial[] = [
  answering("puback-wrong-id", "PUBACK id=7", "PUBACK id=8"),
  answering("puback-lost", "PUBACK id=7, ", ""),
  answering("puback-doubled", "PUBACK id=7", "PUBACK id=7, PUBACK id=7"),
  answering("puback-for-qos2", "PUBREC id=8", "PUBACK id=8"),
  answering("pubrec-wrong-id", "PUBREC id=8", "PUBREC id=9"),
  answering("pubrec-lost", "PUBREC id=8, ", ""),
  answering("pubrec-doubled", "PUBREC id=8", "PUBREC id=8, PUBREC id=8"),
  trial(
    "pubrel-wrong-id",
    outbound,
    'PUBLISH q2 id=1 "t" "p", PUBREC id=7, PUBREL id=1',
    'PUBLISH q2 id=1 "t" "p", PUBREC id=7, PUBREL id=2',
  ),
  trial(
    "pubrel-lost",
    outbound,
    'PUBLISH q2 id=1 "t" "p", PUBREC id=7, PUBREL id=1',
    'PUBLISH q2 id=1 "t" "p", PUBREC id=7, ',
  ),
  trial(
    "pubrel-flags-zero",
    outbound,
    'PUBLISH q2 id=1 "t" "p", PUBREC id=7, PUBREL id=1',
    'PUBLISH q2 id=1 "t" "p", PUBREC id=7, PUBREL id=1 !reserved-flags',
  ),
  answering("pubcomp-wrong-id", "PUBCOMP id=8", "PUBCOMP id=9"),
  answering("pubcomp-lost", "PUBCOMP id=8, ", ""),
  answering("pubcomp-doubled", "PUBCOMP id=8", "PUBCOMP id=8, PUBCOMP id=8"),
  answering("suback-wrong-id", "SUBACK id=9", "SUBACK id=10"),
  answering("suback-lost", "SUBACK id=9 2 1 0, ", ""),
  answering("suback-doubled", "SUBACK id=9 2 1 0", "SUBACK id=9 2 1 0, SUBACK id=9 2 1 0"),
  answering("suback-codes-reversed", "2 1 0", "0 1 2"),
  answering("suback-one-code", "2 1 0", "2"),
  answering("suback-extra-code", "2 1 0", "2 1 0 0"),
  answering("suback-grants-too-high", "2 1 0", "2 2 2"),
  answering("suback-code-three", "2 1 0", "3 1 0 !reason-code"),
  answering("suback-one-each", "SUBACK id=9 2 1 0", "SUBACK id=9 2, SUBACK id=9 1, SUBACK id=9 0"),
  answering("unsuback-wrong-id", "UNSUBACK id=10", "UNSUBACK id=11"),
  answering("unsuback-lost", "UNSUBACK id=10, ", ""),
  answering("unsuback-doubled", "UNSUBACK id=10", "UNSUBACK id=10, UNSUBACK id=10"),
  answering("pingresp-lost", ", PINGRESP", ""),
  answering("pingresp-doubled", "PINGRESP", "PINGRESP, PINGRESP"),
  trial("connack-lost", connects({}), "CONNACK 0, PINGRESP", "PINGRESP"),
  trial("connack-doubled", connects({}), "CONNACK 0, PINGRESP", "CONNACK 0, CONNACK 0, PINGRESP"),
  trial(
    "connack-property-doubled",
    connects({}, "5.0"),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, maximumPacketSize=16777216, topicAliasMaximum=16} !property-twice, PINGRESP",
  ),
  trial("connack-reserved-bits", connects({}), "CONNACK 0, PINGRESP", "CONNACK 0 !connack-flags, PINGRESP"),
  trial(
    "connack-reserved-bits",
    connects({}, "5.0"),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "CONNACK 0 !connack-flags, PINGRESP",
  ),
  trial(
    "reserved-flags-in-answers",
    answers("3.1.1"),
    "PUBACK id=7, PUBREC id=8, PUBCOMP id=8, SUBACK id=9 2 1 0, UNSUBACK id=10, PINGRESP",
    "PUBACK id=7 !reserved-flags, PUBREC id=8, PUBCOMP id=8, SUBACK id=9 2 1 0 !reserved-flags, UNSUBACK id=10 !reserved-flags, PINGRESP !reserved-flags",
  ),
  trial(
    "remaining-length-overlong",
    answers("5.0"),
    "PUBACK id=7, PUBREC id=8, PUBCOMP id=8, SUBACK id=9 2 1 0, UNSUBACK id=10 0 0, PINGRESP",
    "PUBACK id=7 !remaining-length-overlong, PUBREC id=8 !remaining-length-overlong, PUBCOMP id=8 !remaining-length-overlong",
  ),
  trial(
    "remaining-length-128-wrong",
    relays("t", publish("t", "x".repeat(124)), publish("t", "0".repeat(125))),
    'PUBLISH q0 "t" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (124 bytes), PUBLISH q0 "t" "0000000000000000000000000000000000000000"… (125 bytes)',
    'PUBLISH q0 "t" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (124 bytes), PUBLISH q0 "t" "0000000000000000000000000000000000000000"… (124 bytes)',
  ),
];

import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";
import { hexOf, type QuirkTrial, sends5, sendsAs, subscribe, trial } from "./trial.ts";

const own = sendsAs(
  "3.1.1",
  {},
  subscribe({ filter: "t", qos: 0 }),
  publish("t", "p", 1),
  publish("t", "p", 2),
);

/** A client receives its own QoS 2 message, before or after it has released it. */
const released: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t", 0);
  await client.send(publish("t", "p", 2), { type: "PINGREQ" }, { type: "PUBREL", packetId: 7 });
  return await client.leave();
};

/** Returns the bytes of the PUBCOMP of a message. */
const completedHex: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", {}, "5.0");
  await client.publish("t", "", { qos: 2, packetId: 7 });
  await client.send({ type: "PUBREL", packetId: 7 });
  return await client.hex();
};

export const ANSWER_TRIALS: readonly QuirkTrial[] = [
  trial(
    "no-matching-subscribers",
    sends5(publish("t", "", 1), publish("t", "", 2)),
    "PUBACK id=7, PUBREC id=7, PINGRESP",
    "PUBACK id=7 0x10, PUBREC id=7 0x10, PINGRESP",
  ),
  trial("acks-in-full", hexOf("5.0", publish("t", "", 1)), "40020007", "400400070000"),
  trial("acks-without-property-length", hexOf("5.0", publish("t", "", 1)), "40020007", "4003000700"),
  trial("acks-short", completedHex, "7003000700", "70020007"),
  trial("disconnect-in-full", hexOf("5.0", { type: "PINGRESP" }), "e00182", "e0028200"),
  trial(
    "pubcomp-zero-for-unknown",
    sends5({ type: "PUBREL", packetId: 7 }),
    "PUBCOMP id=7 0x92, PINGRESP",
    "PUBCOMP id=7, PINGRESP",
  ),
  trial(
    "pubrel-zero-for-unknown",
    sends5({ type: "PUBREC", packetId: 7 }),
    "PUBREL id=7 0x92, PINGRESP",
    "PUBREL id=7, PINGRESP",
  ),
  trial(
    "unsuback-zero-for-unknown",
    sends5({ type: "UNSUBSCRIBE", packetId: 7, filters: ["t"] }),
    "UNSUBACK id=7 0x11, PINGRESP",
    "UNSUBACK id=7 0, PINGRESP",
  ),
  trial(
    "acknowledges-first",
    own,
    'SUBACK id=1 0, PUBLISH q0 "t" "p", PUBACK id=7, PUBLISH q0 "t" "p", PUBREC id=7, PINGRESP',
    'SUBACK id=1 0, PUBACK id=7, PUBLISH q0 "t" "p", PUBREC id=7, PUBLISH q0 "t" "p", PINGRESP',
  ),
  trial(
    "delivers-at-pubrel",
    released,
    'PUBLISH q0 "t" "p", PUBREC id=7, PINGRESP, PUBCOMP id=7',
    'PUBREC id=7, PINGRESP, PUBLISH q0 "t" "p", PUBCOMP id=7',
  ),
];

import type { Draft } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { subscribe } from "./five.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const KEPT = { cleanStart: false, properties: [{ name: "sessionExpiryInterval", value: 300 }] };
const SHARED = subscribe("$share/g/t", [], 2);

/**
 * A member of a group gets a message, gives this answer, and another member joins; the first may drop, and may come
 * back with a new session. Returns what the second member gets.
 */
function group(
  qos: 1 | 2,
  then: { readonly answers?: readonly Draft[]; readonly drops?: boolean; readonly anew?: boolean },
): Play {
  const { answers = [], drops, anew } = then;
  return async (port) => {
    await using one = await TestClient.connect(port, "one", KEPT, "5.0");
    await one.send(SHARED, publish("t", "p", qos));
    await one.take(3);
    await using two = await TestClient.connect(port, "two", {}, "5.0");
    await two.send(SHARED);
    await two.next();
    await one.send(...answers, { type: "PINGREQ" });
    while (await one.next() !== "PINGRESP");
    if (drops || anew) await one.leave();
    if (anew) {
      await using again = await TestClient.connect(port, "one", {}, "5.0");
      await again.leave();
    }
    return await two.leave();
  };
}

/** Returns what the only member of a group gets after a message that it refuses. */
const alone: Play = async (port) => {
  await using one = await TestClient.connect(port, "one", {}, "5.0");
  await one.send(SHARED, publish("t", "1", 1));
  await one.take(3);
  await one.send({ type: "PUBACK", packetId: 1, reason: 0x83 }, publish("t", "2", 1));
  return await one.leave();
};

const subscribes = (filter: string): Play => async (port) => {
  await using client = await TestClient.connect(port, "a", {}, "5.0");
  await client.send(subscribe(filter));
  return await client.leave();
};

const refusal = (type: "PUBACK" | "PUBREC"): Draft => ({ type, packetId: 1, reason: 0x80 });

export const SHARING_TRIALS: readonly Trial[] = [
  trial("shared-qos2-handed-on-at-drop", group(2, { drops: true }), "", 'PUBLISH q2 id=1 "t" "p"'),
  trial(
    "shared-released-handed-on-at-drop",
    group(2, { answers: [{ type: "PUBREC", packetId: 1 }], drops: true }),
    "",
    'PUBLISH q2 id=1 "t" "p"',
  ),
  trial("shared-qos2-handed-on-at-session-end", group(2, { anew: true }), "", 'PUBLISH q2 id=1 "t" "p"'),
  trial(
    "shared-puback-refusal-handed-on",
    group(1, { answers: [refusal("PUBACK")] }),
    "",
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "shared-pubrec-refusal-handed-on",
    group(2, { answers: [refusal("PUBREC")] }),
    "",
    'PUBLISH q2 id=1 "t" "p"',
  ),
  trial("shared-stuck-after-refusal", alone, 'PUBLISH q1 id=2 "t" "2", PUBACK id=7', "PUBACK id=7"),
  trial("share-name-empty-granted", subscribes("$share//t"), "DISCONNECT 0x81", "SUBACK id=1 1"),
  trial("share-name-wildcard-granted", subscribes("$share/+/t"), "DISCONNECT 0x81", "SUBACK id=1 1"),
  trial("share-without-filter-granted", subscribes("$share/g"), "DISCONNECT 0x81", "SUBACK id=1 1"),
];

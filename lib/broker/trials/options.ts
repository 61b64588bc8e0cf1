import type { Draft, Subscription } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const KEPT = { cleanStart: false, properties: [{ name: "sessionExpiryInterval", value: 300 }] };

/** What the subscriber sends, what another client sends, or that the subscriber goes and comes back. */
type Step = Draft | { readonly other: Draft } | "leaves" | "returns";

/** A SUBSCRIBE to "t" at QoS 1, or with other options. */
function asks(...asked: readonly Partial<Subscription>[]): Draft {
  const subscriptions = asked.map((one) => ({ filter: "t", qos: 1, ...one }));
  return { type: "SUBSCRIBE", packetId: 1, subscriptions };
}

/** A message of another client at "t", with RETAIN 1. */
function others(payload: string, topic = "t"): { readonly other: Draft } {
  return { other: publish(topic, payload, 0, { retain: true }) };
}

/** A conversation of a 5.0 subscriber; returns what it gets from its first step to the end, without CONNACK. */
function talks(...steps: readonly Step[]): Play {
  return async (port) => {
    await using other = await TestClient.connect(port, "other", {}, "5.0");
    let sub = await TestClient.connect(port, "sub", KEPT, "5.0");
    const got: string[] = [];
    /** Sends a PINGREQ after the packets, and waits until they have been executed. */
    const settle = async (client: TestClient) => {
      await client.send({ type: "PINGREQ" });
      for (let next = await client.next(); next !== "PINGRESP"; next = await client.next()) {
        if (client === sub) got.push(next);
      }
    };
    for (const step of steps) {
      if (step === "leaves") {
        got.push(await sub.leave());
        await sub[Symbol.asyncDispose]();
      } else if (step === "returns") sub = await TestClient.connect(port, "sub", KEPT, "5.0");
      else {
        const client = "other" in step ? other : sub;
        await client.send("other" in step ? step.other : step);
        await settle(client);
      }
    }
    got.push(await sub.leave());
    await sub[Symbol.asyncDispose]();
    return got.filter((text) => text !== "").join(", ");
  };
}

const LOCAL = { noLocal: true };
const PUBLISHED = { retainAsPublished: true };
const own = publish("t", "own", 1);
const again = ["leaves", "returns"] as const;

export const OPTION_TRIALS: readonly Trial[] = [
  trial(
    "no-local-at-qos0-only",
    talks(asks(LOCAL), own),
    "SUBACK id=1 1, PUBACK id=7",
    'SUBACK id=1 1, PUBLISH q1 id=1 "t" "own", PUBACK id=7',
  ),
  trial(
    "no-local-spreads",
    talks(asks(LOCAL, { filter: "#" }), publish("t", "own")),
    'SUBACK id=1 1 1, PUBLISH q0 "t" "own"',
    "SUBACK id=1 1 1",
  ),
  trial(
    "no-local-hides-retained",
    talks(others("kept"), asks(LOCAL)),
    'SUBACK id=1 1, PUBLISH q0 retain "t" "kept"',
    "SUBACK id=1 1",
  ),
  trial(
    "no-local-lost-with-connection",
    talks(asks(LOCAL), ...again, publish("t", "own")),
    "SUBACK id=1 1",
    'SUBACK id=1 1, PUBLISH q0 "t" "own"',
  ),
  trial(
    "no-local-kept",
    talks(asks(LOCAL), asks({}), publish("t", "own")),
    'SUBACK id=1 1, SUBACK id=1 1, PUBLISH q0 "t" "own"',
    "SUBACK id=1 1, SUBACK id=1 1",
  ),
  trial(
    "retain-as-published-ignored",
    talks(asks(PUBLISHED), others("live")),
    'SUBACK id=1 1, PUBLISH q0 retain "t" "live"',
    'SUBACK id=1 1, PUBLISH q0 "t" "live"',
  ),
  trial(
    "retain-as-published-lost-in-queue",
    talks(asks(PUBLISHED), "leaves", { other: publish("t", "away", 1, { retain: true }) }, "returns"),
    'SUBACK id=1 1, PUBLISH q1 id=1 retain "t" "away"',
    'SUBACK id=1 1, PUBLISH q1 id=1 "t" "away"',
  ),
  trial(
    "retain-as-published-lost-with-connection",
    talks(asks(PUBLISHED), ...again, others("live")),
    'SUBACK id=1 1, PUBLISH q0 retain "t" "live"',
    'SUBACK id=1 1, PUBLISH q0 "t" "live"',
  ),
  trial(
    "retain-as-published-kept",
    talks(asks({}), asks(PUBLISHED), others("live")),
    'SUBACK id=1 1, SUBACK id=1 1, PUBLISH q0 retain "t" "live"',
    'SUBACK id=1 1, SUBACK id=1 1, PUBLISH q0 "t" "live"',
  ),
  trial(
    "retain-handling-1-ignored",
    talks(asks({}), others("live"), asks({ retainHandling: 1 })),
    'SUBACK id=1 1, PUBLISH q0 "t" "live", SUBACK id=1 1',
    'SUBACK id=1 1, PUBLISH q0 "t" "live", SUBACK id=1 1, PUBLISH q0 retain "t" "live"',
  ),
  trial(
    "retain-handling-1-by-options",
    talks(asks({}), others("live"), asks({ retainHandling: 1 }), asks({ qos: 0, retainHandling: 1 })),
    'SUBACK id=1 1, PUBLISH q0 "t" "live", SUBACK id=1 1, SUBACK id=1 0',
    'SUBACK id=1 1, PUBLISH q0 "t" "live", SUBACK id=1 1, SUBACK id=1 0, PUBLISH q0 retain "t" "live"',
  ),
  trial(
    "retain-handling-2-ignored",
    talks(others("kept"), asks({ retainHandling: 2 })),
    "SUBACK id=1 1",
    'SUBACK id=1 1, PUBLISH q0 retain "t" "kept"',
  ),
  trial(
    "options-of-the-first-filter",
    talks(asks(LOCAL, { filter: "s" }), publish("s", "own")),
    'SUBACK id=1 1 1, PUBLISH q0 "s" "own"',
    "SUBACK id=1 1 1",
  ),
];

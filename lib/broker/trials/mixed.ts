import type { Draft, Property, ProtocolVersion } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

/** A subscriber and a publisher of their own versions; what the subscriber gets. */
function between(subscribes: ProtocolVersion, publishes: ProtocolVersion, ...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using subscriber = await TestClient.connect(port, "sub", {}, subscribes);
    await subscriber.subscribe("t", 2);
    await using publisher = await TestClient.connect(port, "pub", {}, publishes);
    await publisher.send(...drafts);
    await publisher.leave();
    return await subscriber.leave();
  };
}

const carrying = (name: Property["name"], value: Property["value"]): Draft =>
  publish("t", "p", 0, { properties: [{ name, value }] });

export const MIXED_TRIALS: readonly Trial[] = [
  trial(
    "new-form-for-old-clients",
    between("3.1.1", "5.0", carrying("contentType", "c"), publish("t", "plain")),
    'PUBLISH q0 "t" "p", PUBLISH q0 "t" "plain"',
    'PUBLISH q0 "t" "\\u0000p", PUBLISH q0 "t" "plain"',
  ),
  trial(
    "expiring-lost-for-old-clients",
    between("3.1.1", "5.0", carrying("messageExpiryInterval", 60), publish("t", "plain")),
    'PUBLISH q0 "t" "p", PUBLISH q0 "t" "plain"',
    'PUBLISH q0 "t" "plain"',
  ),
  trial(
    "content-type-invented",
    between("5.0", "3.1.1", publish("t", "p")),
    'PUBLISH q0 "t" "p"',
    'PUBLISH q0 "t" "p" {contentType="application/octet-stream"}',
  ),
];

import type { Draft, Property } from "../../mqtt/packet.ts";
import { publish, relaysIn, type Trial, trial } from "./trial.ts";

const carrying = (name: Property["name"], value: Property["value"]): Draft =>
  publish("t", "p", 0, { properties: [{ name, value }] });

export const MIXED_TRIALS: readonly Trial[] = [
  trial(
    "new-form-for-old-clients",
    relaysIn("3.1.1", "5.0", "t", carrying("contentType", "c"), publish("t", "plain")),
    'PUBLISH q0 "t" "p", PUBLISH q0 "t" "plain"',
    'PUBLISH q0 "t" "\\u0000p", PUBLISH q0 "t" "plain"',
  ),
  trial(
    "expiring-lost-for-old-clients",
    relaysIn("3.1.1", "5.0", "t", carrying("messageExpiryInterval", 60), publish("t", "plain")),
    'PUBLISH q0 "t" "p", PUBLISH q0 "t" "plain"',
    'PUBLISH q0 "t" "plain"',
  ),
  trial(
    "content-type-invented",
    relaysIn("5.0", "3.1.1", "t", publish("t", "p")),
    'PUBLISH q0 "t" "p"',
    'PUBLISH q0 "t" "p" {contentType="application/octet-stream"}',
  ),
];

import type { Draft } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { connects, type Play, publish, relays, sends, type Trial, trial } from "./trial.ts";

/** Returns whether a subscriber to `filter` gets a message to `topic`. */
const matching = (filter: string, topic: string): Play => async (port) =>
  await relays(filter, publish(topic, ""))(port) === "" ? "no" : "yes";

const subscribe = (filter: string | Uint8Array): Draft => ({
  type: "SUBSCRIBE",
  packetId: 1,
  subscriptions: [{ filter, qos: 0 }],
});

/** Subscribes to a filter that no message matches, and publishes to another topic. */
const unharmed: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send(subscribe("a/#/b"), publish("x", ""), { type: "PINGREQ" });
  return await client.leave();
};

export const TOPIC_TRIALS: readonly Trial[] = [
  trial("plus-spans-two-levels", matching("a/+/c", "a/b/b/c"), "no", "yes"),
  trial("plus-misses-empty-level", matching("a/+/c", "a//c"), "yes", "no"),
  trial("plus-matches-no-level", matching("a/+", "a"), "no", "yes"),
  trial("plus-matches-no-first-level", matching("+/a", "a"), "no", "yes"),
  trial("plus-first-level-fails", matching("+/b", "a/b"), "yes", "no"),
  trial("plus-is-hash", matching("a/+", "a/b/c"), "no", "yes"),
  trial("hash-misses-parent", matching("a/#", "a"), "yes", "no"),
  trial("hash-is-plus", matching("a/#", "a/b/c"), "yes", "no"),
  trial("hash-matches-sibling", matching("a/#", "ab"), "no", "yes"),
  trial("hash-alone-fails", matching("#", "a"), "yes", "no"),
  trial("wildcards-match-dollar", matching("+/x", "$a/x"), "no", "yes"),
  trial("wildcards-match-dollar", matching("#", "$a/x"), "no", "yes"),
  trial("dollar-topics-hidden", matching("$a/#", "$a/x"), "yes", "no"),
  trial("empty-levels-collapsed", matching("a/b", "a//b"), "no", "yes"),
  trial("leading-slash-ignored", matching("a", "/a"), "no", "yes"),
  trial("trailing-slash-ignored", matching("a", "a/"), "no", "yes"),
  trial("case-insensitive", matching("a", "A"), "no", "yes"),
  trial("prefix-matches", matching("a", "ab"), "no", "yes"),
  trial("spaces-trimmed", matching("a", " a"), "no", "yes"),
  trial("text-normalized", matching("\u00e9", "e\u0301"), "no", "yes"),
  trial("bom-stripped", matching("a", "\ufeffa"), "no", "yes"),
  trial("invalid-hash-accepted", sends(subscribe("a/#/b")), "", "SUBACK id=1 0, PINGRESP"),
  trial("invalid-hash-accepted", unharmed, "", "SUBACK id=1 0, PINGRESP"),
  trial("invalid-plus-accepted", sends(subscribe("a+/b")), "", "SUBACK id=1 0, PINGRESP"),
  trial("empty-filter-accepted", sends(subscribe("")), "", "SUBACK id=1 0, PINGRESP"),
  trial("wildcard-topic-accepted", sends(publish("a/+", "")), "", "PINGRESP"),
  trial("empty-topic-accepted", sends(publish("", "")), "", "PINGRESP"),
  trial(
    "wildcard-will-topic-accepted",
    connects({ will: { topic: "a/#", payload: "" } }),
    "",
    "CONNACK 0, PINGRESP",
  ),
];

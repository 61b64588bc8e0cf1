import type { Draft, Property } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { identified, subscribe, tells } from "./five.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const alias = (value: number): readonly Property[] => [{ name: "topicAlias", value }];
const used = (topic: string, payload: string, value: number): Draft =>
  publish(topic, payload, 0, { properties: alias(value) });

/** Returns what a subscriber to "#" gets of a client that sends this. */
const aliased = (...publishes: readonly Draft[]) => tells({ subscribes: [subscribe("#")], publishes });

/** Two clients set the same alias, or one client does on two connections, and the last message has only the alias. */
const twoConnections = (first: string, second: string): Play => async (port) => {
  await using sub = await TestClient.connect(port, "sub", {}, "5.0");
  await sub.subscribe("#");
  const kept = { cleanStart: false, properties: [{ name: "sessionExpiryInterval", value: 300 }] };
  await using one = await TestClient.connect(port, first, kept, "5.0");
  await one.send(used("a", "1", 1));
  await one.leave();
  await using two = await TestClient.connect(port, second, kept, "5.0");
  await two.send(used("", "2", 1));
  await two.leave();
  return await sub.leave();
};

/** Two clients subscribe to "t", each with an identifier; returns what the first gets. */
const twoSubscribers: Play = async (port) => {
  await using one = await TestClient.connect(port, "one", {}, "5.0");
  await one.send(subscribe("t", [identified(1)]));
  await one.next();
  await using two = await TestClient.connect(port, "two", {}, "5.0");
  await two.send(subscribe("t", [identified(2)]), publish("t", "p"));
  await two.leave();
  return await one.leave();
};

const MESSAGE = publish("t", "p", 1);
const one = [subscribe("t", [identified(1)])];
const will = { topic: "t", payload: "w", qos: 0, retain: false };

export const ALIAS_TRIALS: readonly Trial[] = [
  trial(
    "alias-shared-by-all",
    twoConnections("x", "y"),
    'PUBLISH q0 "a" "1"',
    'PUBLISH q0 "a" "1", PUBLISH q0 "a" "2"',
  ),
  trial(
    "alias-kept-in-session",
    twoConnections("x", "x"),
    'PUBLISH q0 "a" "1"',
    'PUBLISH q0 "a" "1", PUBLISH q0 "a" "2"',
  ),
  trial(
    "alias-not-set-anew",
    aliased(used("a", "1", 1), used("b", "2", 1), used("", "3", 1)),
    'PUBLISH q0 "a" "1", PUBLISH q0 "b" "2", PUBLISH q0 "b" "3"',
    'PUBLISH q0 "a" "1", PUBLISH q0 "b" "2", PUBLISH q0 "a" "3"',
  ),
  trial(
    "alias-guessed",
    aliased(used("a", "1", 1), used("", "2", 2)),
    'PUBLISH q0 "a" "1"',
    'PUBLISH q0 "a" "1", PUBLISH q0 "a" "2"',
  ),
  trial("alias-highest-refused", aliased(used("a", "1", 16)), 'PUBLISH q0 "a" "1"', ""),
  trial("alias-above-maximum-taken", aliased(used("a", "1", 17)), "", 'PUBLISH q0 "a" "1"'),
  trial(
    "alias-wrong-dropped",
    aliased(used("", "1", 1), used("a", "2", 1)),
    "",
    'PUBLISH q0 "a" "2"',
  ),
  trial("alias-zero-taken", aliased(used("a", "1", 0)), "", 'PUBLISH q0 "a" "1"'),
  trial(
    "alias-passed-on",
    aliased(used("a", "1", 1)),
    'PUBLISH q0 "a" "1"',
    'PUBLISH q0 "a" "1" {topicAlias=1}',
  ),
];

export const IDENTIFIER_TRIALS: readonly Trial[] = [
  trial(
    "identifier-lost-on-live",
    tells({ subscribes: one, publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1}',
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "identifier-last-only",
    tells({ subscribes: [...one, subscribe("+", [identified(2)])], publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1, subscriptionIdentifier=2}',
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=2}',
  ),
  trial(
    "identifiers-of-all-subscriptions",
    tells({ subscribes: [...one, subscribe("u", [identified(2)])], publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1}',
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1, subscriptionIdentifier=2}',
  ),
  trial(
    "identifier-of-another-client",
    twoSubscribers,
    'PUBLISH q0 "t" "p" {subscriptionIdentifier=1}',
    'PUBLISH q0 "t" "p" {subscriptionIdentifier=2}',
  ),
  trial(
    "identifier-lost-on-retained",
    tells({ subscribes: one, late: true, publishes: [publish("t", "p", 1, { retain: true })] }),
    'PUBLISH q1 id=1 retain "t" "p" {subscriptionIdentifier=1}',
    'PUBLISH q1 id=1 retain "t" "p"',
  ),
  trial(
    "identifier-lost-on-queued",
    tells({ subscribes: one, away: true, publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1}',
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "identifier-lost-on-shared",
    tells({ subscribes: [subscribe("$share/g/t", [identified(1)])], publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1}',
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "identifier-lost-on-wills",
    tells({ subscribes: one, publishes: [], publisher: { will } }),
    'PUBLISH q0 "t" "w" {subscriptionIdentifier=1}',
    'PUBLISH q0 "t" "w"',
  ),
  trial(
    "identifier-lost-with-connection",
    resumed,
    'PUBLISH q0 "t" "p" {subscriptionIdentifier=1}',
    'PUBLISH q0 "t" "p"',
  ),
  trial(
    "identifier-kept",
    tells({ subscribes: [...one, subscribe()], publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p"',
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1}',
  ),
  trial(
    "identifier-first-stays",
    tells({ subscribes: [...one, subscribe("t", [identified(2)])], publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=2}',
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1}',
  ),
  trial(
    "identifier-of-14-bits",
    tells({ subscribes: [subscribe("t", [identified(16_385)])], publishes: [MESSAGE] }),
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=16385}',
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=1}',
  ),
  trial(
    "identifier-from-client-passed-on",
    tells({ publishes: [publish("t", "p", 1, { properties: [identified(9)] })] }),
    "",
    'PUBLISH q1 id=1 "t" "p" {subscriptionIdentifier=9}',
  ),
  trial("identifier-zero-taken", subscribes(identified(0)), "DISCONNECT 0x82", "SUBACK id=1 1"),
  trial(
    "identifier-twice-taken",
    subscribes(identified(1), identified(2)),
    "DISCONNECT 0x82",
    "SUBACK id=1 1",
  ),
];

/** A client subscribes, resumes its session, and publishes; returns what it gets. */
async function resumed(port: number): Promise<string> {
  const kept = { cleanStart: false, properties: [{ name: "sessionExpiryInterval", value: 300 }] };
  await using first = await TestClient.connect(port, "sub", kept, "5.0");
  await first.send(...one);
  await first.leave();
  await using second = await TestClient.connect(port, "sub", kept, "5.0");
  await second.send(publish("t", "p"));
  return await second.leave();
}

/** Returns what a client gets that subscribes with these properties. */
function subscribes(...properties: readonly Property[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a", {}, "5.0");
    await client.send(subscribe("t", properties));
    return await client.leave();
  };
}

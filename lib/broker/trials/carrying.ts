import type { Draft, Property } from "../../mqtt/packet.ts";
import { subscribe, tells } from "./five.ts";
import { publish, type Trial, trial } from "./trial.ts";

const user = (name: string, value: string): Property => ({ name: "userProperty", value: [name, value] });
const format = (value: number): Property => ({ name: "payloadFormatIndicator", value });
const data = (value: Uint8Array): Property => ({ name: "correlationData", value });
const answerAt = (value: string): Property => ({ name: "responseTopic", value });

const ALL: readonly Property[] = [
  format(1),
  answerAt("r"),
  data(Uint8Array.of(0xff)),
  { name: "contentType", value: "c" },
  user("b", "1"),
  user("a", "2"),
  user("b", "3"),
];

const message = (...properties: readonly Property[]): Draft => publish("t", "p", 1, { properties });
const live = (...properties: readonly Property[]) => tells({ publishes: [message(...properties)] });

/** A will with all properties. */
const will = tells({
  publishes: [],
  publisher: { will: { topic: "t", payload: "w", qos: 0, retain: false, properties: ALL } },
});

export const CARRYING_TRIALS: readonly Trial[] = [
  trial(
    "format-indicator-lost",
    live(format(1), user("a", "1")),
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1, userProperty="a":"1"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="a":"1"}',
  ),
  trial(
    "format-indicator-raised",
    live(format(0)),
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=0}',
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1}',
  ),
  trial(
    "response-topic-lost",
    live(answerAt("r"), user("a", "1")),
    'PUBLISH q1 id=1 "t" "p" {responseTopic="r", userProperty="a":"1"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="a":"1"}',
  ),
  trial(
    "response-topic-wildcard-taken",
    live(answerAt("a/+")),
    "",
    'PUBLISH q1 id=1 "t" "p" {responseTopic="a/+"} !response-topic-wildcard',
  ),
  trial(
    "correlation-data-lost",
    live(data(Uint8Array.of(1)), user("a", "1")),
    'PUBLISH q1 id=1 "t" "p" {correlationData="\\u0001", userProperty="a":"1"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="a":"1"}',
  ),
  trial(
    "correlation-data-as-text",
    live(data(Uint8Array.of(0xff))),
    'PUBLISH q1 id=1 "t" "p" {correlationData=0xff}',
    'PUBLISH q1 id=1 "t" "p" {correlationData="�"}',
  ),
  trial(
    "content-type-lost",
    live({ name: "contentType", value: "c" }, user("a", "1")),
    'PUBLISH q1 id=1 "t" "p" {contentType="c", userProperty="a":"1"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="a":"1"}',
  ),
  trial(
    "user-properties-lost",
    live(format(1), user("a", "1")),
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1, userProperty="a":"1"}',
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1}',
  ),
  trial(
    "user-properties-reversed",
    live(user("b", "1"), user("a", "2"), user("b", "3")),
    'PUBLISH q1 id=1 "t" "p" {userProperty="b":"1", userProperty="a":"2", userProperty="b":"3"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="b":"3", userProperty="a":"2", userProperty="b":"1"}',
  ),
  trial(
    "user-properties-sorted",
    live(user("b", "1"), user("a", "2"), user("b", "3")),
    'PUBLISH q1 id=1 "t" "p" {userProperty="b":"1", userProperty="a":"2", userProperty="b":"3"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="a":"2", userProperty="b":"1", userProperty="b":"3"}',
  ),
  trial(
    "user-properties-merged",
    live(user("b", "1"), user("a", "2"), user("b", "3")),
    'PUBLISH q1 id=1 "t" "p" {userProperty="b":"1", userProperty="a":"2", userProperty="b":"3"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="b":"3", userProperty="a":"2"}',
  ),
  trial(
    "nameless-user-properties-lost",
    live(user("", "1"), user("a", "2")),
    'PUBLISH q1 id=1 "t" "p" {userProperty="":"1", userProperty="a":"2"}',
    'PUBLISH q1 id=1 "t" "p" {userProperty="a":"2"}',
  ),
  trial(
    "property-values-cut-at-127",
    live(answerAt("r".repeat(128)), data(new TextEncoder().encode("d".repeat(128)))),
    'PUBLISH q1 id=1 "t" "p" {responseTopic="rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"…, correlationData="dddddddddddddddddddddddddddddddddddddddd"… (128 bytes)}',
    'PUBLISH q1 id=1 "t" "p" {responseTopic="rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"…, correlationData="dddddddddddddddddddddddddddddddddddddddd"… (127 bytes)}',
  ),
  trial(
    "properties-inherited",
    tells({ publishes: [message(format(1)), publish("t", "q")] }),
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1}, PUBLISH q0 "t" "q"',
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1}, PUBLISH q0 "t" "q" {payloadFormatIndicator=1}',
  ),
  trial(
    "live-properties-lost",
    live(...ALL),
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1, responseTopic="r", correlationData=0xff, contentType="c", userProperty="b":"1", … 7 in all}',
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "queued-properties-lost",
    tells({ away: true, publishes: [message(format(1))] }),
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1}',
    'PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "resent-properties-lost",
    tells({ again: true, publishes: [message(format(1))] }),
    'PUBLISH q1 id=1 dup "t" "p" {payloadFormatIndicator=1}',
    'PUBLISH q1 id=1 dup "t" "p"',
  ),
  trial(
    "retained-properties-lost",
    tells({ late: true, publishes: [publish("t", "p", 1, { retain: true, properties: [format(1)] })] }),
    'PUBLISH q1 id=1 retain "t" "p" {payloadFormatIndicator=1}',
    'PUBLISH q1 id=1 retain "t" "p"',
  ),
  trial(
    "will-properties-lost",
    will,
    'PUBLISH q0 "t" "w" {payloadFormatIndicator=1, responseTopic="r", correlationData=0xff, contentType="c", userProperty="b":"1", … 7 in all}',
    'PUBLISH q0 "t" "w"',
  ),
  trial(
    "will-user-properties-reversed",
    will,
    'PUBLISH q0 "t" "w" {payloadFormatIndicator=1, responseTopic="r", correlationData=0xff, contentType="c", userProperty="b":"1", … 7 in all}',
    'PUBLISH q0 "t" "w" {userProperty="b":"3", userProperty="a":"2", userProperty="b":"1", contentType="c", correlationData=0xff, … 7 in all}',
  ),
  trial(
    "shared-properties-lost",
    tells({ subscribes: [subscribe("$share/g/t")], publishes: [message(format(1))] }),
    'PUBLISH q1 id=1 "t" "p" {payloadFormatIndicator=1}',
    'PUBLISH q1 id=1 "t" "p"',
  ),
];

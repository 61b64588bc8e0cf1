import { flag, type Form, integer, word } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { PublishSettings } from "./group.ts";
import { payloadForm } from "./payload_form.ts";
import { amount, qos, share, template, userProperties } from "./profile_parts.ts";
import { reportAt } from "./report_at.ts";
import { type DataTables, uses } from "./template.ts";

/** The most messages per second of one group. */
const MOST_RATE = 10_000_000;

/** The form of what a group of `clients` clients publishes. */
export function publishForm(clients: number, tables: DataTables = new Map()): Form<PublishSettings> {
  return object("what is published", (keys, report): PublishSettings | undefined => {
    const topic = keys.required(
      "topic",
      template("a topic", { tables }),
      "the topic; $client, $group, $topic and $run are filled in",
    );
    const topics = keys.optional(
      "topics",
      integer({ least: 1, most: 100_000 }),
      "how many topics each client uses in turn, distinguished by $topic; default 1",
    );
    const level = keys.optional("qos", qos(), "the QoS; default 0");
    const retain = keys.optional("retain", flag(), "whether the broker keeps the last message of each topic");
    const payload = keys.optional("payload", payloadForm(tables), "what a message carries; default 64 bytes");
    const rate = keys.optional("rate", amount("a rate", MOST_RATE), "messages per second of the whole group");
    const each = keys.optional(
      "rate-per-client",
      amount("a rate", MOST_RATE),
      "messages per second of each client, instead of rate",
    );
    const poisson = keys.optional(
      "arrivals",
      word(["even", "poisson"], "kind of arrivals"),
      "even (default), or poisson: random, as from many independent senders",
    );
    const jitter = keys.optional(
      "jitter",
      share(),
      "how much later than evenly a client's message may come due, as a share of the time until its next one",
    );
    const inFlight = keys.optional(
      "in-flight",
      integer({ least: 1, most: 65_535 }),
      "messages of QoS 1 and 2 that a client has in flight at most; default 20",
    );
    const topicAlias = keys.optional(
      "topic-alias",
      flag(),
      "send a topic alias after the first message of a topic (5.0)",
    );
    const properties = keys.optional(
      "user-properties",
      userProperties(),
      "user properties of each message (5.0)",
    );
    const messages = keys.optional(
      "messages",
      integer({ least: 1, most: 1_000_000_000 }),
      "how many messages each client sends",
    );
    if (rate !== undefined && each !== undefined) {
      reportAt(keys, report, "rate-per-client", "a rate and a rate-per-client", "remove one");
    }
    if (poisson === "poisson" && jitter !== undefined) {
      reportAt(keys, report, "jitter", "a jitter of random arrivals", "remove one of them");
    }
    if ((jitter ?? 0) > 1) reportAt(keys, report, "jitter", "a jitter of more than 100%");
    if ((topics ?? 1) > 1 && topic && !uses(topic, "topic")) {
      reportAt(keys, report, "topic", "several topics that are all the same", "put $topic into the topic");
    }
    return topic && {
      topic,
      topics: topics ?? 1,
      qos: level ?? 0,
      retain: retain ?? false,
      payload: payload ?? { kind: "bytes", sizes: [{ size: 64, weight: 1 }] },
      rate: rate ?? (each === undefined ? undefined : each * clients),
      arrivals: poisson === "poisson"
        ? { kind: "poisson" }
        : jitter
        ? { kind: "jitter", share: jitter }
        : { kind: "even" },
      inFlight: inFlight ?? 20,
      topicAlias: topicAlias ?? false,
      userProperties: properties ?? [],
      messages,
    };
  });
}

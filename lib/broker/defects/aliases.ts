import type { TopicAliases } from "../aliases.ts";
import { propertyValue } from "../message.ts";
import type { Session } from "../session.ts";
import { type Defect, tolerates } from "./defect.ts";

/** Aliases that keep the topic name that they were first set to. */
function settled(own: TopicAliases): TopicAliases {
  return {
    get: (alias) => own.get(alias),
    set: (alias, topic) => {
      if (own.get(alias) === undefined) own.set(alias, topic);
    },
  };
}

/** Aliases in which an unset one stands for the topic name that was set last. */
function guessing(own: TopicAliases): TopicAliases {
  let last: string | undefined;
  return {
    get: (alias) => own.get(alias) ?? last,
    set: (alias, topic) => {
      last = topic;
      own.set(alias, topic);
    },
  };
}

/** Faults of topic aliases. The clauses are those of 5.0. */
export const ALIAS_DEFECTS: readonly Defect[] = [
  {
    id: "alias-shared-by-all",
    description: "A topic alias set by one client is valid for all clients",
    clauses: ["MQTT-3.3.2-12"],
    alter: () => {
      const all = new Map<number, string>();
      return { topicAliases: () => all };
    },
  },
  {
    id: "alias-kept-in-session",
    description: "Topic aliases survive the connection as part of the session",
    clauses: ["MQTT-3.3.2-7"],
    alter: () => {
      const kept = new WeakMap<Session, TopicAliases>();
      return {
        topicAliases: (own, session) => {
          const aliases = kept.get(session) ?? own;
          kept.set(session, aliases);
          return aliases;
        },
      };
    },
  },
  {
    id: "alias-not-set-anew",
    description: "A topic alias sent with a new topic name keeps the first name",
    clauses: ["MQTT-3.3.2-12"],
    alter: (right) => ({ topicAliases: (own, session) => settled(right.topicAliases(own, session)) }),
  },
  {
    id: "alias-guessed",
    description: "A topic alias that was not set stands for the topic name set last",
    clauses: ["MQTT-4.13.1-1"],
    alter: (right) => ({ topicAliases: (own, session) => guessing(right.topicAliases(own, session)) }),
  },
  {
    id: "alias-highest-refused",
    description: "The highest topic alias announced in CONNACK is refused",
    clauses: ["MQTT-3.3.2-12"],
    alter: () => ({ takesAlias: (alias, maximum) => alias < maximum }),
  },
  {
    id: "alias-above-maximum-taken",
    description: "Topic aliases above the announced maximum are accepted",
    clauses: ["MQTT-3.3.2-9", "MQTT-3.2.2-17", "MQTT-3.2.2-18"],
    alter: () => ({ takesAlias: () => true }),
  },
  {
    id: "alias-wrong-dropped",
    description:
      "A message with a topic alias that was not set, or is above the maximum, is silently dropped",
    clauses: ["MQTT-4.13.1-1", "MQTT-3.2.2-17", "MQTT-3.3.2-7", "MQTT-3.3.2-9"],
    alter: () => ({ endsForAlias: false }),
  },
  {
    id: "alias-zero-taken",
    description: "A PUBLISH with Topic Alias 0 is treated as one without an alias",
    clauses: ["MQTT-3.3.2-8"],
    alter: tolerates(["topic-alias-zero"], "PUBLISH"),
  },
  {
    id: "alias-passed-on",
    description: "A message is forwarded with the topic alias of its publisher",
    clauses: ["MQTT-3.1.2-26", "MQTT-3.1.2-27", "MQTT-3.3.2-12"],
    alter: (right) => ({
      passesOn: (passed, all) => {
        const properties = right.passesOn(passed, all);
        const value = propertyValue(all, "topicAlias");
        return value === undefined ? properties : [...properties, { name: "topicAlias", value }];
      },
    }),
  },
];

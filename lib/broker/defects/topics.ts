import { matches } from "../../mqtt/topic.ts";
import type { BrokerBehaviour } from "../behaviour.ts";
import { type Defect, tolerates } from "./defect.ts";

/** A defect with which some filters match more topic names than they should. */
const alsoMatches = (more: BrokerBehaviour["matches"]): Defect["alter"] => (right) => ({
  matches: (filter, topic) => right.matches(filter, topic) || more(filter, topic),
});

/** A defect with which some filters do not match what they should. */
const missesWhen = (less: BrokerBehaviour["matches"]): Defect["alter"] => (right) => ({
  matches: (filter, topic) => right.matches(filter, topic) && !less(filter, topic),
});

const levels = (text: string) => text.split("/");
const collapsed = (text: string) => levels(text).filter((level) => level !== "").join("/");
const unslashed = (text: string) => text.replace(/\/$/, "");

/** Faults of topic names, filters and matching. */
export const TOPIC_DEFECTS: readonly Defect[] = [
  {
    id: "plus-spans-two-levels",
    description: 'A "+" in a filter also matches two levels',
    clauses: ["MQTT-4.7.1-3"],
    alter: alsoMatches((filter, topic) =>
      levels(filter).some((level, at, all) =>
        level === "+" && matches(all.toSpliced(at, 1, "+", "+").join("/"), topic)
      )
    ),
  },
  {
    id: "plus-misses-empty-level",
    description: 'A "+" in a filter does not match an empty level',
    clauses: ["MQTT-4.7.1-3"],
    alter: missesWhen((filter, topic) => {
      const names = levels(topic);
      return levels(filter).some((level, at) => level === "+" && names[at] === "");
    }),
  },
  {
    id: "plus-matches-no-level",
    description: 'A "+" at the end of a filter also matches the level above',
    clauses: ["MQTT-4.7.1-3"],
    alter: alsoMatches((filter, topic) => filter.endsWith("/+") && matches(filter.slice(0, -2), topic)),
  },
  {
    id: "plus-matches-no-first-level",
    description: 'A filter "+/a" also matches "a"',
    clauses: ["MQTT-4.7.1-3"],
    alter: alsoMatches((filter, topic) => filter.startsWith("+/") && matches(filter.slice(2), topic)),
  },
  {
    id: "plus-first-level-fails",
    description: 'A filter that begins with "+" matches nothing',
    clauses: ["MQTT-4.7.1-3"],
    alter: missesWhen((filter) => filter.startsWith("+")),
  },
  {
    id: "plus-is-hash",
    description: 'A "+" at the end of a filter matches all levels below',
    clauses: ["MQTT-4.7.1-3"],
    alter: alsoMatches((filter, topic) => filter.endsWith("+") && matches(`${filter.slice(0, -1)}#`, topic)),
  },
  {
    id: "hash-misses-parent",
    description: 'A filter that ends in "/#" does not match the level above',
    clauses: ["MQTT-4.7.1-2"],
    alter: missesWhen((filter, topic) => filter.endsWith("/#") && matches(filter.slice(0, -2), topic)),
  },
  {
    id: "hash-is-plus",
    description: 'A "#" matches only one level',
    clauses: ["MQTT-4.7.1-2"],
    alter: missesWhen((filter, topic) =>
      filter.endsWith("#") && levels(topic).length > levels(filter).length
    ),
  },
  {
    id: "hash-matches-sibling",
    description: 'A filter "a/#" also matches "ab"',
    clauses: ["MQTT-4.7.1-2"],
    alter: alsoMatches((filter, topic) => filter.endsWith("/#") && topic.startsWith(filter.slice(0, -2))),
  },
  {
    id: "hash-alone-fails",
    description: 'The filter "#" matches nothing',
    clauses: ["MQTT-4.7.1-2"],
    alter: missesWhen((filter) => filter === "#"),
  },
  {
    id: "wildcards-match-dollar",
    description: 'Filters that begin with a wildcard match topic names that begin with "$"',
    clauses: ["MQTT-4.7.2-1"],
    alter: alsoMatches((filter, topic) => topic.startsWith("$") && matches(filter, `_${topic.slice(1)}`)),
  },
  {
    id: "dollar-topics-hidden",
    description: 'No filter matches a topic name that begins with "$"',
    clauses: ["MQTT-3.3.2-3"],
    alter: missesWhen((_, topic) => topic.startsWith("$")),
  },
  {
    id: "empty-levels-collapsed",
    description: "Empty levels are ignored in filters and topic names",
    clauses: ["MQTT-4.7.3-4"],
    alter: alsoMatches((filter, topic) =>
      collapsed(topic) !== "" && !topic.startsWith("$") && matches(collapsed(filter), collapsed(topic))
    ),
  },
  {
    id: "leading-slash-ignored",
    description: 'A "/" at the beginning of a filter or topic name is ignored',
    clauses: ["MQTT-4.7.3-4"],
    alter: alsoMatches((filter, topic) => matches(filter.replace(/^\//, ""), topic.replace(/^\//, ""))),
  },
  {
    id: "trailing-slash-ignored",
    description: 'A "/" at the end of a filter or topic name is ignored',
    clauses: ["MQTT-4.7.3-4"],
    alter: alsoMatches((filter, topic) => matches(unslashed(filter), unslashed(topic))),
  },
  {
    id: "case-insensitive",
    description: "Filters match without regard to upper and lower case",
    clauses: ["MQTT-4.7.3-4"],
    alter: alsoMatches((filter, topic) => matches(filter.toLowerCase(), topic.toLowerCase())),
  },
  {
    id: "prefix-matches",
    description: "A filter matches every topic name that begins with it",
    clauses: ["MQTT-3.3.2-3"],
    alter: alsoMatches((filter, topic) => topic.startsWith(filter)),
  },
  {
    id: "spaces-trimmed",
    description: "Spaces around a filter or topic name are ignored in matching",
    clauses: ["MQTT-4.7.3-4"],
    alter: alsoMatches((filter, topic) => matches(filter.trim(), topic.trim())),
  },
  {
    id: "text-normalized",
    description: "Topic names and filters are converted to Unicode's composed form",
    clauses: ["MQTT-4.7.3-4"],
    alter: (right) => ({ topicText: (text) => right.topicText(text).normalize("NFC") }),
  },
  {
    id: "bom-stripped",
    description: "U+FEFF at the beginning of a topic name or filter is removed",
    clauses: ["MQTT-1.5.3-3"],
    alter: (right) => ({ topicText: (text) => right.topicText(text).replace(/^\ufeff/, "") }),
  },
  {
    id: "invalid-hash-accepted",
    description: 'Filters with a misplaced "#" are accepted',
    clauses: ["MQTT-4.7.1-2"],
    alter: tolerates(["filter-multi-level"]),
  },
  {
    id: "invalid-plus-accepted",
    description: 'Filters in which "+" is not alone in its level are accepted',
    clauses: ["MQTT-4.7.1-3"],
    alter: tolerates(["filter-single-level"]),
  },
  {
    id: "empty-filter-accepted",
    description: "An empty filter is accepted",
    clauses: ["MQTT-4.7.3-1"],
    alter: tolerates(["filter-empty"]),
  },
  {
    id: "wildcard-topic-accepted",
    description: "A PUBLISH to a topic name with wildcards is accepted",
    clauses: ["MQTT-3.3.2-2", "MQTT-4.7.1-1"],
    alter: tolerates(["topic-wildcard"], "PUBLISH"),
  },
  {
    id: "empty-topic-accepted",
    description: "A PUBLISH to an empty topic name is accepted",
    clauses: ["MQTT-4.7.3-1"],
    alter: tolerates(["topic-empty"], "PUBLISH"),
  },
  {
    id: "wildcard-will-topic-accepted",
    description: "A will with wildcards in its topic name is accepted",
    clauses: ["MQTT-4.7.1-1"],
    alter: tolerates(["topic-wildcard", "topic-empty"], "CONNECT"),
  },
];

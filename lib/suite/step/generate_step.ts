import type { Report } from "../../spec/form.ts";
import { describeNode, entryOf, type MapNode, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { toValue, type Value } from "../../spec/value.ts";
import { isVariable } from "../field/field_check.ts";

/** What `generate` is told to make; what is absent has its default. */
export interface Generate {
  /** The lane that subscribes. */
  readonly subscriber: string;
  /** The lane that publishes; it may be the same. */
  readonly publisher: string;
  readonly counts: { readonly [name in CountName]?: Value };
  /** The texts that levels are made of. */
  readonly words?: Value;
  /** Whether the messages are retained, and published before the filters are subscribed to. */
  readonly retained?: Value;
}

/** A number that `generate` takes. */
export interface Count {
  readonly about: string;
  readonly most: number;
  readonly fallback: number;
}

export type CountName = "rounds" | "filters" | "topics" | "levels";

/** The numbers that `generate` takes; each is at least 1. */
export const GENERATE_COUNTS: Readonly<Record<CountName, Count>> = {
  rounds: {
    about: "how often filters and topic names are made, each time with a root of their own",
    most: 200,
    fallback: 50,
  },
  filters: { about: "topic filters in a round, subscribed to together", most: 20, fallback: 4 },
  topics: { about: "topic names in a round, each with one message", most: 50, fallback: 8 },
  levels: { about: "the most levels of a topic name", most: 100, fallback: 6 },
};
const COUNT_NAMES: readonly CountName[] = ["rounds", "filters", "topics", "levels"];

/** The keys of a `generate` step. */
export const GENERATE_KEYS: readonly string[] = [
  "subscriber",
  "publisher",
  ...COUNT_NAMES,
  "words",
  "retained",
];

/** How many words may be given, and of how many characters each. */
export const MOST_WORDS = 100;
export const LONGEST_WORD = 1_000;

/** What keeps a text from being a level of a topic name, or undefined for a good one. An empty one is good. */
export function wordProblem(word: string): string | undefined {
  if (word.length > LONGEST_WORD) return `a word of more than ${LONGEST_WORD} characters`;
  const found = /[/+#\0]|\p{Surrogate}/u.exec(word)?.[0];
  return found === undefined
    ? undefined
    : `${quote(word)} can't be a level of a topic name: ${quote(found)} is in it`;
}

/** Reads the value of a `generate` step; `lane` gives the lane of a node, or tells what is wrong with it. */
export function readGenerate(
  node: Node,
  report: Report,
  lane: (node: Node) => string | undefined,
): Generate | undefined {
  if (node.kind !== "map") {
    report.add(`${describeNode(node)} where the lanes of "generate" are due`, node.place, USE);
    return undefined;
  }
  for (const { key, keyPlace } of node.entries) {
    if (!GENERATE_KEYS.includes(key)) {
      report.add(`unknown key ${quote(key)} in generate`, keyPlace, suggest(key, GENERATE_KEYS));
    }
  }
  const value = (given: Node) => toValue(given, (problem) => report.problems.push(problem));
  const lanes = (["subscriber", "publisher"] as const).map((name) => {
    const given = entryOf(node, name)?.value;
    if (!given) report.add(`"generate" without ${quote(name)}`, node.place, USE);
    return given && lane(given);
  });
  const counts: { [name in CountName]?: Value } = {};
  for (const name of COUNT_NAMES) {
    const given = entryOf(node, name)?.value;
    if (given) counts[name] = readCount(name, given, report);
  }
  const words = wordsOf(node, report);
  const retained = entryOf(node, "retained")?.value;
  if (
    retained && !isVariable(retained) && !(retained.kind === "scalar" && typeof retained.value === "boolean")
  ) {
    report.add(`${describeNode(retained)} where true or false is due`, retained.place);
  }
  const [subscriber, publisher] = lanes;
  if (subscriber === undefined || publisher === undefined) return undefined;
  return {
    subscriber,
    publisher,
    counts,
    ...(words ? { words } : {}),
    ...(retained ? { retained: value(retained) } : {}),
  };
}

const USE = "write generate: { subscriber: sub, publisher: pub }";

function readCount(name: CountName, node: Node, report: Report): Value {
  const { most } = GENERATE_COUNTS[name];
  const count = node.kind === "scalar" && typeof node.value === "number" ? node.value : NaN;
  if (!isVariable(node) && (!Number.isInteger(count) || count < 1 || count > most)) {
    report.add(`${describeNode(node)} where a number of ${name} is due`, node.place, `1 to ${most}`);
  }
  return toValue(node, (problem) => report.problems.push(problem));
}

function wordsOf(node: MapNode, report: Report): Value | undefined {
  const given = entryOf(node, "words")?.value;
  if (!given) return undefined;
  if (!isVariable(given)) {
    if (given.kind !== "list" || given.items.length === 0 || given.items.length > MOST_WORDS) {
      report.add(
        `${describeNode(given)} where a list of words is due`,
        given.place,
        `1 to ${MOST_WORDS} texts`,
      );
    } else {
      for (const item of given.items) {
        const problem = item.kind === "scalar"
          ? wordProblem(item.source)
          : `${describeNode(item)} where a word is due`;
        if (problem !== undefined) {
          report.add(problem, item.place, "a level is text without / + # and U+0000");
        }
      }
    }
  }
  return toValue(given, (problem) => report.problems.push(problem));
}

/** The values of a `generate` step. */
export function generateValues(generate: Generate): readonly Value[] {
  const { counts, words, retained } = generate;
  return [...COUNT_NAMES.map((name) => counts[name]), words, retained].filter((value) => value !== undefined);
}

/** The step with its values and lanes replaced. */
export function rewriteGenerate(
  generate: Generate,
  by: { readonly value: (value: Value) => Value; readonly lane: (lane: string) => string },
): Generate {
  const { counts, words, retained } = generate;
  return {
    subscriber: by.lane(generate.subscriber),
    publisher: by.lane(generate.publisher),
    counts: Object.fromEntries(
      COUNT_NAMES.flatMap((name) => counts[name] ? [[name, by.value(counts[name])] as const] : []),
    ),
    ...(words ? { words: by.value(words) } : {}),
    ...(retained ? { retained: by.value(retained) } : {}),
  };
}

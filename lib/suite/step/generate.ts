import { flag, type Form, value } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import type { Value } from "../../spec/value.ts";
import { isVariable, VARIABLE } from "../field/byte_forms.ts";
import { countForm } from "./count_form.ts";
import { laneFor } from "./lane.ts";
import type { StepBase, Verb } from "./verb.ts";

/** A number that `generate` takes; each is at least 1. */
export interface Count {
  readonly about: string;
  readonly most: number;
  readonly fallback: number;
}

export type CountName = "rounds" | "filters" | "topics" | "levels";

/** The numbers that `generate` takes. */
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

/** Random topic filters and topic names from the seed, each delivery held against the standard's rule. */
export interface GenerateStep extends StepBase {
  readonly kind: "generate";
  /** The lane that subscribes. */
  readonly subscriber: string;
  /** The lane that publishes; it may be the same. */
  readonly publisher: string;
  /** What is absent has its default. */
  readonly counts: { readonly [name in CountName]?: Value | undefined };
  /** The texts that levels are made of. */
  readonly words?: Value | undefined;
  /** Whether the messages are retained, and published before the filters are subscribed to. */
  readonly retained?: Value | undefined;
}

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

/** `generate: { subscriber: sub, publisher: pub }` */
export const generate: Verb<GenerateStep> = {
  kind: "generate",
  about: "random filters and topic names, see below; client lanes only",
  written: [["generate: { subscriber: sub, publisher: pub }"]],
  form(grammar) {
    const lane = laneFor(
      "generate",
      grammar.lane,
      (kind) => kind === "client" ? undefined : ", which is no MQTT client",
      "it is for broker suites",
    );
    return object("generate", (keys) => {
      const subscriber = keys.required("subscriber", lane, "the lane that subscribes");
      const publisher = keys.required("publisher", lane, "the lane that publishes");
      const count = (name: CountName) => {
        const { about, most, fallback } = GENERATE_COUNTS[name];
        return keys.optional(name, countForm(name, most, fallback), about);
      };
      const counts = {
        rounds: count("rounds"),
        filters: count("filters"),
        topics: count("topics"),
        levels: count("levels"),
      };
      const words = keys.optional("words", wordsForm(), "the texts that levels are made of");
      const about = "retained messages, published before the filters are subscribed to";
      const retained = keys.optional("retained", flagForm(), about);
      if (subscriber === undefined || publisher === undefined) return undefined;
      return { subscriber, publisher, counts, words, retained };
    }, "generate: { subscriber: sub, publisher: pub }");
  },
  map: (step, { lane, value }) => ({
    ...step,
    subscriber: lane(step.subscriber),
    publisher: lane(step.publisher),
    counts: {
      rounds: step.counts.rounds && value(step.counts.rounds),
      filters: step.counts.filters && value(step.counts.filters),
      topics: step.counts.topics && value(step.counts.topics),
      levels: step.counts.levels && value(step.counts.levels),
    },
    words: step.words && value(step.words),
    retained: step.retained && value(step.retained),
  }),
};

function wordsForm(): Form<Value> {
  const any = value();
  return {
    read(node, report) {
      if (isVariable(node)) return any.read(node, report);
      if (node.kind !== "list" || node.items.length === 0 || node.items.length > MOST_WORDS) {
        report.add(
          `${describeNode(node)} where a list of words is due`,
          node.place,
          `1 to ${MOST_WORDS} texts`,
        );
        return undefined;
      }
      for (const item of node.items) {
        const problem = problemOf(item);
        if (problem !== undefined) {
          report.add(problem, item.place, "a level is text without / + # and U+0000");
        }
      }
      return any.read(node, report);
    },
    schema: () => ({
      anyOf: [
        {
          type: "array",
          minItems: 1,
          maxItems: MOST_WORDS,
          items: { type: ["string", "number", "boolean", "null"], maxLength: LONGEST_WORD },
        },
        VARIABLE,
      ],
    }),
  };
}

function problemOf(item: Node): string | undefined {
  return item.kind === "scalar" ? wordProblem(item.source) : `${describeNode(item)} where a word is due`;
}

function flagForm(): Form<Value> {
  const any = value();
  const yesOrNo = flag();
  return {
    read(node, report) {
      if (!isVariable(node)) yesOrNo.read(node, report);
      return any.read(node, report);
    },
    schema: () => ({ anyOf: [{ type: "boolean", default: false }, VARIABLE] }),
  };
}

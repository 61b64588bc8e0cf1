import { flag, type Form, value } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import type { Value } from "../../spec/value.ts";
import { isVariable, VARIABLE } from "../field/byte_forms.ts";
import { countForm } from "./count_form.ts";
import { laneFor } from "./lane.ts";
import type { StepBase, Verb } from "./verb.ts";

/** A count parameter of `generate`, at least 1. */
export interface Count {
  readonly about: string;
  readonly most: number;
  readonly fallback: number;
}

export type CountName = "rounds" | "filters" | "topics" | "levels";

/** The count parameters of `generate`. */
export const GENERATE_COUNTS: Readonly<Record<CountName, Count>> = {
  rounds: {
    about: "how many rounds of filters and topic names are generated, each with its own topic root",
    most: 200,
    fallback: 50,
  },
  filters: { about: "topic filters per round, subscribed together", most: 20, fallback: 4 },
  topics: { about: "topic names per round, one message each", most: 50, fallback: 8 },
  levels: { about: "the most levels of a topic name", most: 100, fallback: 6 },
};

/**
 * Random topic filters and topic names from the seed; each delivery is checked against the standard's
 * matching rule.
 */
export interface GenerateStep extends StepBase {
  readonly kind: "generate";
  /** The lane that subscribes. */
  readonly subscriber: string;
  /** The lane that publishes; it may be the same. */
  readonly publisher: string;
  /** An absent count has its default. */
  readonly counts: { readonly [name in CountName]?: Value | undefined };
  /** The texts for topic levels. */
  readonly words?: Value | undefined;
  /** Whether the messages are retained and published before the subscriptions. */
  readonly retained?: Value | undefined;
}

/** The most words; each may have up to LONGEST_WORD characters. */
export const MOST_WORDS = 100;
export const LONGEST_WORD = 1_000;

/** Returns why a text cannot be a level of a topic name, or undefined if it can. An empty text can. */
export function wordProblem(word: string): string | undefined {
  if (word.length > LONGEST_WORD) return `a word of more than ${LONGEST_WORD} characters`;
  const found = /[/+#\0]|\p{Surrogate}/u.exec(word)?.[0];
  return found === undefined
    ? undefined
    : `${quote(word)} cannot be a level of a topic name because it contains ${quote(found)}`;
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
      (kind) => kind === "client" ? undefined : ", which is not an MQTT client",
      "it is only for broker suites",
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
      const words = keys.optional("words", wordsForm(), "the texts for topic levels");
      const about = "retained messages, published before the subscriptions";
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
          `expected a list of words, found ${describeNode(node)}`,
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
  return item.kind === "scalar" ? wordProblem(item.source) : `expected a word, found ${describeNode(item)}`;
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

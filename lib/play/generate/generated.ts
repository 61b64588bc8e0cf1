import { asBoolean, asNumber, asText, resolve, ValueError } from "../../spec/evaluate.ts";
import type { Scope } from "../../spec/scope.ts";
import {
  type CountName,
  GENERATE_COUNTS,
  type GenerateStep,
  MOST_WORDS,
  wordProblem,
} from "../../suite/step/generate.ts";
import type { CaseContext } from "../case_context.ts";
import type { ClientParty } from "../party/client.ts";
import { StepFailed } from "../step_failed.ts";
import { seededRandom, seedOf } from "../../ground/seeded_random.ts";
import { type Example, shrink } from "./shrink_topics.ts";
import { topicRound, WORDS } from "./topic_generator.ts";
import { type Delivered, matchingCount, type Rooted, TopicTrial } from "./topic_trial.ts";

/** The most rounds, and filters and topic names, that go to the broker at once. */
const BATCH = 64;
/** The most smaller examples to try after a wrong delivery. */
const MOST_TRIALS = 300;
/** The most filters that are listed individually. */
const MOST_LISTED = 5;
/** How long a smaller example waits for a delivery after the fence, in milliseconds. */
const GRACE_MS = 30;
/** The part of the case's limit that shrinking leaves unused, in milliseconds. */
const SPARED_MS = 3_000;

/** A delivery that violates the standard. */
interface Miss {
  readonly example: Example;
  readonly kind: "missing" | "wrong";
  readonly copies: number;
  /** Counted from 1. */
  readonly round: number;
}

/**
 * Subscribes to random filters, publishes to random topic names, and checks the deliveries against the
 * standard's matching rule. Throws {@link StepFailed} with the smallest filter and topic name found that are
 * still delivered wrongly.
 */
export async function runGenerated(
  generate: GenerateStep,
  subscriber: ClientParty,
  publisher: ClientParty,
  context: CaseContext,
): Promise<void> {
  const { scope, seed, id, recorder, topic, time } = context;
  const count = (name: CountName) => countOf(generate, name, scope);
  const rounds = count("rounds");
  const shape = {
    filters: count("filters"),
    topics: count("topics"),
    levels: count("levels"),
    words: wordsOf(generate, scope),
  };
  const retained = generate.retained !== undefined && asBoolean(generate.retained, scope);
  const trial = new TopicTrial({ subscriber, publisher, time }, retained);
  const random = seededRandom(seedOf(`${seed} ${id}`));
  const made = Array.from({ length: rounds }, () => topicRound(shape, random));
  let deliveries = 0;
  recorder.quiet = true;
  try {
    const size = Math.max(1, Math.floor(BATCH / Math.max(shape.filters, shape.topics)));
    for (let at = 0; at < made.length; at += size) {
      const batch = made.slice(at, at + size).map((round, index): Rooted => ({
        ...round,
        root: `${topic}/${at + index}`,
      }));
      const delivered = await trial.run(batch, time.withinMs);
      deliveries += delivered.reduce((sum, one) => sum + one.copies, 0);
      const missed = smallestMiss(delivered, at);
      if (missed) await fail(missed, trial, context, rounds);
    }
  } finally {
    recorder.quiet = false;
  }
  recorder.note(
    generate.subscriber,
    `${made.reduce((sum, { filters }) => sum + filters.length, 0)} filters and ` +
      `${made.reduce((sum, { topics }) => sum + topics.length, 0)} topic names of seed ${seed}: ` +
      `${deliveries} deliveries, all as the standard requires`,
  );
}

/** Returns what is wrong with the deliveries of a message, if anything. */
export function missOf(
  { matching, copies }: Pick<Delivered, "matching" | "copies">,
): Miss["kind"] | undefined {
  // One copy per matching subscription is correct, and so is one for all of them. [MQTT-3.3.5-1]
  if (copies > matching) return "wrong";
  return matching > 0 && copies === 0 ? "missing" : undefined;
}

function smallestMiss(delivered: readonly Delivered[], firstRound: number): Miss | undefined {
  const misses = delivered.flatMap((one): readonly Miss[] => {
    const kind = missOf(one);
    const { filters, topic, copies } = one;
    return kind ? [{ example: { filters, topic }, kind, copies, round: firstRound + one.round + 1 }] : [];
  });
  const size = ({ example }: Miss) => example.topic.length + example.filters.join("").length;
  return misses.toSorted((a, b) => size(a) - size(b))[0];
}

/**
 * Finds the smallest example that fails in the same way, plays it once more for the chart, and fails the
 * step.
 */
async function fail(miss: Miss, trial: TopicTrial, context: CaseContext, rounds: number): Promise<never> {
  const { seed, recorder, time } = context;
  let played = 0;
  const play = async ({ filters, topic }: Example, graceMs: number) => {
    const [delivered] = await trial.run(
      [{ root: `${context.topic}/again${++played}`, filters, topics: [topic] }],
      graceMs,
    );
    return delivered;
  };
  const fails = async (example: Example, graceMs = GRACE_MS) => {
    const delivered = await play(example, graceMs);
    return delivered !== undefined && missOf(delivered) === miss.kind;
  };
  const enough = () => played > MOST_TRIALS || time.endsAt - performance.now() < SPARED_MS;
  const { example, trials } = await fails(miss.example)
    ? await shrink(miss.example, fails, enough)
    : { example: miss.example, trials: 0 };
  recorder.quiet = false;
  const last = await play(example, time.withinMs);
  const steady = last !== undefined && missOf(last) === miss.kind;
  const shown = steady ? { ...example, copies: last.copies } : { ...miss.example, copies: miss.copies };
  const how = [
    `round ${miss.round} of ${rounds} of seed ${seed}`,
    ...(steady && example !== miss.example ? [`shrunk from ${both(miss.example)} by ${trials} trials`] : []),
    ...(steady ? [] : ["correct when tried again alone, so it may depend on earlier messages"]),
  ].join("; ");
  throw new StepFailed({
    message: `${sentence(shown)} (${how})`,
    expected: `${allowed(matchingCount(shown.filters, shown.topic))}: ${
      both(shown)
    }, below one level of the case's own`,
    got: deliveries(shown.copies),
    missing: miss.kind === "missing" || undefined,
  });
}

function sentence({ filters, topic, copies }: Example & { readonly copies: number }): string {
  const matching = matchingCount(filters, topic);
  const message = `A message to topic name ${quoted(topic)}`;
  const one = filters.length === 1;
  if (matching === 0) {
    return `${message} reached ${listed(filters)}, ${
      one ? "which does not match it" : "none of which matches it"
    }`;
  }
  if (copies === 0) {
    return `${message} did not reach ${listed(filters)}, ${
      one ? "which matches it" : `of which ${matching} match it`
    }`;
  }
  return `${message} came ${copies} times for ${listed(filters)}`;
}

function allowed(matching: number): string {
  return matching > 1 ? `1 to ${matching} deliveries` : deliveries(matching);
}

function deliveries(count: number): string {
  return count === 0 ? "no delivery" : count === 1 ? "one delivery" : `${count} deliveries`;
}

function both({ filters, topic }: Example): string {
  return `${listed(filters)} and topic name ${quoted(topic)}`;
}

function listed(filters: readonly string[]): string {
  if (filters.length > MOST_LISTED) return `${filters.length} filters`;
  return `${filters.length === 1 ? "filter" : "filters"} ${filters.map(quoted).join(", ")}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function countOf({ counts }: GenerateStep, name: CountName, scope: Scope): number {
  const { most, fallback } = GENERATE_COUNTS[name];
  const value = counts[name];
  if (!value) return fallback;
  const count = asNumber(value, scope);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new ValueError(`${count} is out of range for ${name}: 1 to ${most} are possible`, value.place);
}

function wordsOf({ words }: GenerateStep, scope: Scope): readonly string[] {
  if (!words) return WORDS;
  const found = resolve(words, scope);
  const items = found.value.kind === "list" ? found.value.items : [];
  if (items.length === 0 || items.length > MOST_WORDS) {
    throw new ValueError(`expected a list of 1 to ${MOST_WORDS} words`, words.place);
  }
  return items.map((item) => {
    const word = asText(item, found.scope);
    const problem = wordProblem(word);
    if (problem !== undefined) throw new ValueError(problem, item.place);
    return word;
  });
}

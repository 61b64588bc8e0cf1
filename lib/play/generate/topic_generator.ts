/**
 * Generates random topic filters and topic names that match or almost match. Deterministic: the same random
 * numbers produce the same result.
 */

/** One round: the filters are subscribed together, and each topic name gets one message. */
export interface TopicRound {
  readonly filters: readonly string[];
  readonly topics: readonly string[];
}

/** The parameters of rounds. */
export interface TopicShape {
  readonly filters: number;
  readonly topics: number;
  /** The most levels of a topic name that is not derived from a filter. */
  readonly levels: number;
  /** The texts for levels; at least one. An empty text produces empty levels. */
  readonly words: readonly string[];
}

/** The default texts for levels: words that are prefixes, other cases and other forms of each other. */
export const WORDS: readonly string[] = [
  "a",
  "b",
  "c",
  "ab",
  "A",
  "",
  " ",
  "a b",
  "0",
  "é",
  "e\u0301",
  "日",
  "~",
  "$a",
];

/** Generates one round. `random` returns numbers in [0, 1). */
export function topicRound(shape: TopicShape, random: () => number): TopicRound {
  const filters: string[] = [];
  for (let tries = 0; filters.length < shape.filters && tries < shape.filters * 4; tries++) {
    const filter = randomFilter(randomTopic(shape, random), shape, random);
    if (!filters.includes(filter)) filters.push(filter);
  }
  const topics: string[] = [];
  for (let tries = 0; topics.length < shape.topics && tries < shape.topics * 4; tries++) {
    const filter = pick(filters, random);
    const levels = random() < 0.7 && filter !== undefined
      ? instance(filter.split("/"), shape, random)
      : randomTopic(shape, random);
    const topic = (random() < 0.5 ? mutated(levels, shape, random) : levels).join("/");
    if (!topics.includes(topic)) topics.push(topic);
  }
  return { filters, topics };
}

function randomTopic({ levels, words }: TopicShape, random: () => number): string[] {
  return Array.from({ length: 1 + below(levels, random) }, () => pick(words, random) ?? "");
}

/** Derives a filter from a topic name, sometimes with one level replaced, so it almost matches. */
function randomFilter(topic: readonly string[], { words }: TopicShape, random: () => number): string {
  const levels = topic.map((level) => {
    const dice = random();
    return dice < 0.35 ? "+" : dice < 0.45 ? pick(words, random) ?? "" : level;
  });
  // A "#" at the start matches everything, which tests little.
  if (random() < 0.35) levels.splice(random() < 0.1 ? 0 : 1 + below(levels.length, random), Infinity, "#");
  return levels.join("/");
}

/** Derives a topic name that the filter matches. */
function instance(filter: readonly string[], { words }: TopicShape, random: () => number): string[] {
  const levels = filter.flatMap((level) => {
    if (level === "+") return [pick(words, random) ?? ""];
    if (level !== "#") return [level];
    return Array.from({ length: below(4, random) }, () => pick(words, random) ?? "");
  });
  // "#" alone may match no level: below a root that is the root itself, not an empty level.
  return levels.length > 0 ? levels : [pick(words, random) ?? ""];
}

/** Returns the levels with one of them changed, removed or added. */
function mutated(levels: readonly string[], { words }: TopicShape, random: () => number): string[] {
  const at = below(levels.length, random);
  const word = pick(words, random) ?? "";
  switch (below(5, random)) {
    case 0:
      return levels.toSpliced(at, 1, word);
    case 1:
      return levels.length > 1 ? levels.toSpliced(at, 1) : [word];
    case 2:
      return levels.toSpliced(at, 0, word);
    case 3:
      return [...levels, ""];
    default:
      return levels.with(at, swapCase(levels[at] ?? ""));
  }
}

function swapCase(text: string): string {
  const upper = text.toUpperCase();
  return text === upper ? text.toLowerCase() : upper;
}

function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit);
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[below(items.length, random)];
}

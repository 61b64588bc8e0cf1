/** Shrinks a failing example as long as it still fails. Has no side effects except the trials. */

/** Filters that were subscribed together, and the topic name whose message was wrongly delivered or missing. */
export interface Example {
  readonly filters: readonly string[];
  readonly topic: string;
}

/** The result of shrinking. */
export interface Shrunk {
  readonly example: Example;
  /** How many smaller examples were tried. */
  readonly trials: number;
}

/**
 * Finds the smallest example by removing filters, then levels, then wildcards and characters. Tries each
 * candidate with `fails`, and continues from it if that returns true, until none fails or `enough` returns
 * true.
 */
export async function shrink(
  example: Example,
  fails: (candidate: Example) => Promise<boolean>,
  enough: () => boolean,
): Promise<Shrunk> {
  let best = example;
  let trials = 0;
  const tried = new Set([keyOf(example)]);
  search: for (;;) {
    for (const candidate of candidates(best)) {
      const key = keyOf(candidate);
      if (tried.has(key)) continue;
      if (enough()) break search;
      tried.add(key);
      trials++;
      if (!await fails(candidate)) continue;
      best = candidate;
      continue search;
    }
    break;
  }
  return { example: best, trials };
}

function keyOf({ filters, topic }: Example): string {
  return [...filters, topic].join("\0");
}

/** Yields smaller examples, much smaller ones first. */
function* candidates(example: Example): Generator<Example> {
  const { filters, topic } = example;
  if (filters.length > 1) {
    for (const filter of filters) yield { filters: [filter], topic };
    for (const at of filters.keys()) yield { filters: filters.toSpliced(at, 1), topic };
    return;
  }
  const [filter = ""] = filters;
  const pair = (f: readonly string[], t: readonly string[]): Example => ({
    filters: [f.join("/")],
    topic: t.join("/"),
  });
  const f = filter.split("/");
  const t = topic.split("/");
  // First at the same position in both, from the front and from the end, then in one of them.
  for (const at of t.keys()) {
    if (f.length > 1 && t.length > 1 && at < f.length) yield pair(f.toSpliced(at, 1), t.toSpliced(at, 1));
  }
  for (let back = 1; back < Math.min(f.length, t.length); back++) {
    yield pair(f.toSpliced(-back, 1), t.toSpliced(-back, 1));
  }
  if (t.length > 1) { for (const at of t.keys()) yield pair(f, t.toSpliced(at, 1)); }
  if (f.length > 1) { for (const at of f.keys()) yield pair(f.toSpliced(at, 1), t); }
  for (const [at, level] of f.entries()) {
    const word = t[at];
    if (level === "+" && word !== undefined) yield pair(f.with(at, word), t);
  }
  yield* simplerWords(f, t, pair);
}

/** Replaces one word with a shorter or plainer one everywhere, so equal words stay equal. */
function* simplerWords(
  filter: readonly string[],
  topic: readonly string[],
  pair: (filter: readonly string[], topic: readonly string[]) => Example,
): Generator<Example> {
  const words = new Set([...filter, ...topic].filter((word) => word !== "+" && word !== "#" && word !== ""));
  for (const word of words) {
    const first = String.fromCodePoint(word.codePointAt(0) ?? 0x61);
    for (const simpler of ["a", "b", first]) {
      if (!plainer(simpler, word)) continue;
      const change = (level: string) => level === word ? simpler : level;
      yield pair(filter.map(change), topic.map(change));
    }
  }
}

function plainer(simpler: string, word: string): boolean {
  if (simpler.length !== word.length) return simpler.length < word.length;
  return /^[ab]$/.test(simpler) && !/^[ab]$/.test(word);
}

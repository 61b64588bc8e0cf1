/** The result of a search for a limit. */
export interface Greatest {
  /** The greatest number that worked; 0 if none did. */
  readonly works: number;
  /** The least number that did not work; undefined if all did. */
  readonly fails: number | undefined;
}

/** The number of parallel attempts. */
const AT_ONCE = 6;

/**
 * Searches for the greatest number from 1 to `most` that works, if all smaller ones work too. Several are
 * tried in parallel; it ends when both sides of the limit are known, or when `works` cannot decide
 * (undefined).
 */
export async function greatest(
  most: number,
  works: (n: number) => Promise<boolean | undefined>,
): Promise<Greatest> {
  let good = 0;
  let bad: number | undefined;
  const tell = (n: number, answer: boolean | undefined) => {
    if (answer === true && n > good) good = n;
    if (answer === false && n < (bad ?? Infinity)) bad = n;
  };
  tell(most, await works(most));
  if (bad === undefined) return { works: good, fails: undefined };
  while (bad - good > 1) {
    const [low, high]: [number, number] = [good, bad];
    const step = (high - low) / (AT_ONCE + 1);
    const tries = new Set(Array.from({ length: AT_ONCE }, (_, at) => Math.ceil(low + step * (at + 1))));
    const between = [...tries].filter((n) => n > low && n < high);
    const answers = await Promise.all(between.map(works));
    between.forEach((n, at) => tell(n, answers[at]));
    if (good === low && bad === high) break;
    if (answers.includes(undefined)) break;
  }
  return { works: good, fails: bad };
}

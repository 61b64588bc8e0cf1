/** What a search for a limit has found. */
export interface Greatest {
  /** The greatest number that was seen to work; 0 where none was. */
  readonly works: number;
  /** The least number that was seen not to work; undefined where none was. */
  readonly fails: number | undefined;
}

/** Numbers that are tried at once. */
const AT_ONCE = 6;

/**
 * Searches the greatest of 1 to `most` that works, where all below one that works do too. Several are tried at once; it
 * ends when both sides of the limit are known, or when `works` can't tell (undefined).
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

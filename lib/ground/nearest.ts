import { distance } from "fastest-levenshtein";

/**
 * Returns the candidate nearest to `word`, or undefined if none is near. At most a third of the letters may
 * differ.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > 100) continue;
    // A candidate that starts with the word is near, however much longer it is.
    const tail = wanted.length >= 3 && candidate.toLowerCase().startsWith(wanted);
    const far = tail || sameLetters(wanted, candidate.toLowerCase())
      ? 1
      : distance(wanted, candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (far <= allowed && far < bestDistance && far < wanted.length) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}

/** Whether two words differ by two swapped letters, which count as one mistake. */
function sameLetters(a: string, b: string): boolean {
  return a.length === b.length && distance(a, b) === 2 && [...a].sort().join("") === [...b].sort().join("");
}

/** Returns `did you mean X?`, or a list of the choices if none is near and there are few, or undefined. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const near = nearest(word, all);
  if (near !== undefined) return `did you mean ${near}?`;
  if (all.length === 0 || all.length > 16) return undefined;
  return all.length === 1 ? `only ${all[0]}` : `one of: ${all.join(", ")}`;
}

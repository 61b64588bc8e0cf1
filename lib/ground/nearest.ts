import { distance } from "fastest-levenshtein";

/** The candidate nearest to `word`, or undefined when none is near: at most a third of its letters may differ. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > 100) continue;
    // A word that continues the other one is near, however long its tail.
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

/** Two letters that changed places are one mistake. */
function sameLetters(a: string, b: string): boolean {
  return a.length === b.length && distance(a, b) === 2 && [...a].sort().join("") === [...b].sort().join("");
}

/** `did you mean X?`, or the choices where nothing is near and they are few, or undefined. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const near = nearest(word, all);
  if (near !== undefined) return `did you mean ${near}?`;
  if (all.length === 0 || all.length > 16) return undefined;
  return all.length === 1 ? `only ${all[0]}` : `one of: ${all.join(", ")}`;
}

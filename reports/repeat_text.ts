import type { RepeatedCase } from "../lib/run/repeats.ts";

/** How often a case ended in each verdict: `97 of 100 pass, 3 fail (rounds 12, 40, 77)`. */
export function repeatText({ runs, verdicts, rounds }: RepeatedCase): string {
  const [first, ...others] = Object.entries(verdicts).toSorted(([, a], [, b]) => b - a);
  const counts = [
    `${first?.[1] ?? 0} of ${runs} ${first?.[0] ?? ""}`,
    ...others.map(([verdict, count]) => `${count} ${verdict}`),
  ].join(", ");
  const shown = rounds.slice(0, SHOWN).join(", ");
  if (shown === "") return counts;
  const more = rounds.length > SHOWN ? ", …" : "";
  return `${counts} (${rounds.length === 1 ? "round" : "rounds"} ${shown}${more})`;
}

const SHOWN = 10;

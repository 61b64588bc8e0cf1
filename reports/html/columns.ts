import type { CaseResult } from "../../lib/run/result.ts";

/** One implementation in one protocol. */
export interface Column {
  readonly key: string;
  readonly target: string;
  readonly protocol: string;
}

/** The implementations and protocols that cases ran on, by name. */
export function columnsOf(cases: readonly CaseResult[]): readonly Column[] {
  const found = new Map<string, Column>();
  for (const { target, protocol } of cases) {
    const key = JSON.stringify([target, protocol]);
    if (!found.has(key)) found.set(key, { key, target, protocol });
  }
  return [...found.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}

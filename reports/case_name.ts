import { visible } from "../lib/ground/text.ts";
import type { CaseResult } from "../lib/run/result.ts";

/** One line that names a case run: `mqtt/qos2/delivered-once (reference, 3.1.1)`. */
export function caseName(one: Pick<CaseResult, "id" | "target" | "protocol" | "iteration">): string {
  const iteration = one.iteration === undefined ? "" : `, run ${one.iteration}`;
  return visible(`${one.id} (${one.target}, ${one.protocol}${iteration})`);
}

/** The id of a case without its suite, for places that already name the suite. Not escaped by `visible`. */
export function nameInSuite({ id, suite }: Pick<CaseResult, "id" | "suite">): string {
  return id.startsWith(`${suite}/`) ? id.slice(suite.length + 1) : id;
}

import type { ProtocolClaims, TargetStarted } from "../lib/run/event.ts";
import type { CaseResult } from "../lib/run/result.ts";
import { visible } from "../lib/ground/text.ts";

/** What is the same in some protocols. */
interface Group {
  readonly protocols: readonly string[];
  readonly words: readonly string[];
}

/** The claims of a target in words; undefined where its record has none by protocol. */
export interface ClaimsText {
  /** Its features, `qos1, wills; in 5.0 shared-subscriptions`, and what it was found not to have. */
  readonly supports: string;
  /** How much it takes. */
  readonly takes: string;
}

/** The claims of a target by protocol in two texts: what is the same in all protocols first. */
export function claimsText({ claims }: Pick<TargetStarted, "claims">): ClaimsText | undefined {
  if (!claims) return undefined;
  const supports = grouped(claims, ({ supports }) => supports);
  const lacks = grouped(claims, ({ lacks = [] }) => lacks);
  const amounts = (least: boolean) =>
    grouped(
      claims,
      ({ capacities }) =>
        Object.entries(capacities).filter(([, amount]) => amount.startsWith(LEAST) === least)
          .map(([name, amount]) => `${name} ${amount.replace(LEAST, "")}`),
    );
  const limits = amounts(false);
  const unmet = amounts(true);
  return {
    supports: [supports || "nothing", lacks && `not ${lacks}`].filter(Boolean).join("; "),
    takes: [limits || "no limit was met", unmet && `at least ${unmet}`].filter(Boolean).join("; "),
  };
}

const LEAST = "at least ";

/** Words by the protocols that they are true in: `a, b; in 3.1.1 and 5.0 c`. */
function grouped(
  claims: readonly ProtocolClaims[],
  wordsOf: (claims: ProtocolClaims) => readonly string[],
): string {
  const where = new Map<string, string[]>();
  for (const one of claims) {
    for (const word of wordsOf(one)) where.set(word, [...where.get(word) ?? [], one.protocol]);
  }
  const groups = Map.groupBy(where, ([, protocols]) => protocols.join(" and "));
  const sorted = [...groups.values()].map((entries): Group => ({
    protocols: entries[0]?.[1] ?? [],
    words: entries.map(([word]) => word),
  })).sort((a, b) => b.protocols.length - a.protocols.length);
  return sorted.map(({ protocols, words }) => {
    const text = visible(words.join(", "));
    return protocols.length === claims.length ? text : `in ${visible(protocols.join(" and "))} ${text}`;
  }).join("; ");
}

/** A target in lines for a terminal: where and what it is; and of one that was asked, what was found in two more. */
export function targetLines(target: TargetStarted): readonly string[] {
  const version = target.version === undefined ? "" : ` (${visible(target.version)})`;
  const line = `Target ${visible(target.name)} at ${visible(target.address)}${version}`;
  const claims = target.askedMs === undefined ? undefined : claimsText(target);
  if (!claims || target.askedMs === undefined) return [line];
  const asked = `speaks ${visible(target.protocols.join(", "))}, asked in ${
    (target.askedMs / 1_000).toFixed(1)
  } s`;
  return [`${line}, ${asked}`, `  supports ${claims.supports}`, `  takes ${claims.takes}`];
}

/** How many cases need more than a target takes, and of what; one line for each target where that is so. */
export function beyondLines(cases: readonly CaseResult[]): readonly string[] {
  const targets = new Set(cases.map(({ target }) => target));
  return [...targets].flatMap((target) => {
    const names = cases.flatMap((one) =>
      one.target === target && one.beyond !== undefined ? [one.beyond] : []
    );
    if (names.length === 0) return [];
    const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]) =>
      `${all.length} ${visible(name)}`
    );
    const needs = names.length === 1 ? "1 case needs" : `${names.length} cases need`;
    const whose = targets.size === 1 ? "this target" : visible(target);
    return [`${needs} more than ${whose} takes: ${counts.join(", ")}`];
  });
}

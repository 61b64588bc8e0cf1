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

/**
 * How many cases were skipped since a target does not claim a feature, takes too little of something, or has announced a
 * limit, and of what; a line for each of these on each target where that is so.
 */
export function costLines(cases: readonly CaseResult[]): readonly string[] {
  const targets = new Set(cases.map(({ target }) => target));
  return [...targets].flatMap((target) => {
    const own = cases.filter((one) => one.target === target);
    const whose = targets.size === 1 ? "this target" : visible(target);
    return [
      ...costLine(own.map(({ lacks }) => lacks), `what ${whose} does not claim`),
      ...costLine(own.map(({ beyond }) => beyond), `more than ${whose} takes`),
      ...costLine(own.map(({ limit }) => limit), `what ${whose} has announced that it does not take`),
    ];
  });
}

function costLine(found: readonly (string | undefined)[], what: string): readonly string[] {
  const names = found.flatMap((name) => name ?? []);
  if (names.length === 0) return [];
  const counts = [...Map.groupBy(names, (name) => name)].sort(([, a], [, b]) => b.length - a.length)
    .map(([name, all]) => `${all.length} ${visible(name)}`);
  return [
    `${names.length === 1 ? "1 case needs" : `${names.length} cases need`} ${what}: ${counts.join(", ")}`,
  ];
}

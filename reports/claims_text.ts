import type { ProtocolClaims, TargetStarted } from "../lib/run/event.ts";
import type { CaseResult } from "../lib/run/result.ts";
import { visible } from "../lib/ground/text.ts";

/** Words that are the same in several protocols. */
interface Group {
  readonly protocols: readonly string[];
  readonly words: readonly string[];
}

/** The claims of a target as text; undefined if its record has no claims by protocol. */
export interface ClaimsText {
  /** Its features, `qos1, wills; in 5.0 shared-subscriptions`, and the features that it was found to lack. */
  readonly supports: string;
  /** How much it accepts. */
  readonly takes: string;
}

/** The claims of a target by protocol in two texts; claims that are the same in all protocols come first. */
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

/** Words by the protocols to which they apply: `a, b; in 3.1.1 and 5.0 c`. */
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

/** A target as lines for a terminal: its name, address and version; for a broker that attest asked, two more lines of answers. */
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
 * How many cases were skipped because a target does not claim a feature, accepts too little, or has announced a limit. One
 * line for each of these reasons and each target.
 */
export function costLines(cases: readonly CaseResult[]): readonly string[] {
  const targets = new Set(cases.map(({ target }) => target));
  return [...targets].flatMap((target) => {
    const own = cases.filter((one) => one.target === target);
    const whose = targets.size === 1 ? "this target" : visible(target);
    return [
      ...costLine(own.map(({ lacks }) => lacks), `features that ${whose} does not claim`),
      ...costLine(own.map(({ beyond }) => beyond), `more than ${whose} accepts`),
      ...costLine(own.map(({ limit }) => limit), `what ${whose} has announced that it does not accept`),
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

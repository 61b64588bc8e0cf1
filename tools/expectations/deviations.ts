import { deviationFor, type KnownDeviation } from "../../lib/target/expectation_file.ts";
import { type BrokerFault, reasonOf } from "./faults.ts";

/** The start of the reason for a deviation that nobody has examined. */
export const UNPROVEN = "not reproduced by hand yet";

const BY_ID = new Intl.Collator("en", { numeric: true });

/** A case run in a `result.json`. */
export interface Judged {
  readonly id: string;
  readonly protocol: string;
  readonly target: string;
  readonly verdict: string;
  readonly reason?: string | undefined;
}

/** The deviations of a broker, and their explanations. */
export interface Explained {
  readonly expectations: readonly KnownDeviation[];
  /** Those without a reason yet. */
  readonly unexplained: readonly Judged[];
  /** The deviations that each fault explains, including those that these runs did not show. */
  readonly found: ReadonlyMap<BrokerFault, readonly Judged[]>;
}

/**
 * Explains the deviations of one or several runs by a list of faults. One that passed in another run is
 * marked `sometimes`. The reasons of `before` take precedence, and its `sometimes` entries stay, although
 * these runs may not have shown them.
 */
export function explained(
  runs: readonly (readonly Judged[])[],
  faults: readonly BrokerFault[],
  before: readonly KnownDeviation[],
): Explained {
  const expectations: KnownDeviation[] = [];
  const unexplained: Judged[] = [];
  const found = new Map<BrokerFault, Judged[]>();
  // In a fixed order, whatever ended first, so the diff of a file shows what has changed.
  const judgedCases = runs.flat().toSorted((a, b) =>
    BY_ID.compare(a.id, b.id) || BY_ID.compare(a.protocol, b.protocol)
  );
  const cases = Map.groupBy(judgedCases, ({ id, protocol }) => `${id} ${protocol}`);
  for (const judged of cases.values()) {
    const one = judged.find(isDeviation);
    const known = judged[0] && deviationFor(before, judged[0].id, judged[0].protocol);
    if (!one) {
      if (!known?.sometimes || !judged[0]) continue;
      expectations.push({ ...known, protocol: judged[0].protocol });
      const fault = faultOf(known.reason, faults);
      if (fault) found.set(fault, [...found.get(fault) ?? [], judged[0]]);
      continue;
    }
    const verdict = one.verdict === "inconclusive" ? "inconclusive" as const : "fail" as const;
    const text = `${one.id} ${one.protocol} ${one.reason ?? ""}`;
    const kept = known?.verdict === verdict ? known : undefined;
    const fault = (kept && faultOf(kept.reason, faults)) ??
      faults.find(({ when }) => when?.some((pattern) => new RegExp(pattern).test(text)));
    if (fault) found.set(fault, [...found.get(fault) ?? [], one]);
    else if (!kept) unexplained.push(one);
    expectations.push({
      case: one.id,
      protocol: one.protocol,
      verdict,
      sometimes: kept?.sometimes ?? (judged.some((run) => run.verdict === "pass") || undefined),
      reason: kept?.reason ??
        (fault ? reasonOf(fault) : `${UNPROVEN}: ${withoutIds(one.reason ?? "no reason")}`),
    });
  }
  return { expectations, unexplained, found };
}

/** The fault that a reason in the expectation file names. */
function faultOf(reason: string, faults: readonly BrokerFault[]): BrokerFault | undefined {
  return faults.find(({ fault }) => reason.startsWith(`${fault} [`));
}

function isDeviation({ verdict }: Judged): boolean {
  return verdict === "fail" || verdict === "inconclusive";
}

/** Removes from the reason what differs between runs. */
function withoutIds(reason: string): string {
  return reason.replaceAll(/attest\/[a-z0-9]{12}/g, "$topic").replaceAll(/\d+ ms/g, "its time");
}

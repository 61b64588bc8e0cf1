import type { CapacityName } from "../../suite/claim/capacities.ts";
import { type Amount, amountText } from "../../suite/claim/claims.ts";

/** An observation about a broker that is not part of its claims. */
export interface Remark {
  readonly about: string;
  /** A clause with the observation as its subject, without a full stop. */
  readonly found: string;
}

/** What a probe found out about one feature or one capacity of a broker, in one protocol. */
export type Finding = FeatureFinding | CapacityFinding;

/** Whether the broker has a feature, and why. */
export interface FeatureFinding {
  readonly kind: "feature";
  readonly name: string;
  readonly claimed: boolean;
  /** A clause for the reader, without a full stop. */
  readonly how: string;
}

/** How much the broker accepts, and how that was observed. */
export interface CapacityFinding {
  readonly kind: "capacity";
  readonly name: CapacityName;
  /** Undefined if unknown; then no case is skipped for it. */
  readonly amount: Amount | undefined;
  /** A clause for the reader, without a full stop. */
  readonly how: string;
  /** Set if asking again would find no more. */
  readonly settled?: true | undefined;
  /** Set if the broker could not be reached after it was asked for more. */
  readonly wentDown?: true | undefined;
}

/** A feature that the broker has. */
export function claimed(name: string, how: string): FeatureFinding {
  return { kind: "feature", name, claimed: true, how };
}

/** A feature that the broker lacks. */
export function notClaimed(name: string, how: string): FeatureFinding {
  return { kind: "feature", name, claimed: false, how };
}

/** A feature that the broker has unless it refuses it, which `refusal` describes. */
export function claimedUnless(name: string, refusal: string | undefined, how: string): FeatureFinding {
  return refusal === undefined ? claimed(name, how) : notClaimed(name, refusal);
}

/** A capacity with a known limit. */
export function limited(name: CapacityName, most: number, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: { most }, how };
}

/** A capacity beyond which the broker went down; 0 if it did at the first attempt. */
export function wentDown(name: CapacityName, most: number, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: most === 0 ? undefined : { most }, how, wentDown: true };
}

/** A capacity without a limit up to `most`. */
export function unlimited(name: CapacityName, most: number, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: { most, atLeast: true }, how };
}

/** A capacity that could not be determined. */
export function unknown(name: CapacityName, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: undefined, how };
}

/** A capacity that this broker does not show, however often it is asked. */
export function notShown(name: CapacityName, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: undefined, how, settled: true };
}

/** Formats a finding as a line for the reader: `queued at least 1000: all of 1000 messages came`. */
export function findingText(finding: Finding): string {
  const { name, how } = finding;
  if (finding.kind === "feature") return `${finding.claimed ? "+" : "-"} ${name}: ${how}`;
  return `  ${name} ${finding.amount ? amountText(finding.amount) : "not known"}: ${how}`;
}

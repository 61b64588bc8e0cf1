import type { CapacityName } from "../../suite/claim/capacities.ts";
import { type Amount, amountText } from "../../suite/claim/claims.ts";

/** Something worth knowing of a broker that no claim is made of. */
export interface Remark {
  readonly about: string;
  /** A clause whose subject is what it is about, without a full stop. */
  readonly found: string;
}

/** What was found out about one feature or one capacity of a broker, in one protocol. */
export type Finding = FeatureFinding | CapacityFinding;

/** Whether a feature is claimed of the broker, and why. */
export interface FeatureFinding {
  readonly kind: "feature";
  readonly name: string;
  readonly claimed: boolean;
  /** A clause for the reader, without a full stop. */
  readonly how: string;
}

/** How much the broker takes, and how that was seen. */
export interface CapacityFinding {
  readonly kind: "capacity";
  readonly name: CapacityName;
  /** Undefined where it could not be told; then no case is skipped for it. */
  readonly amount: Amount | undefined;
  /** A clause for the reader, without a full stop. */
  readonly how: string;
  /** Asking once more would find no more. */
  readonly settled?: true | undefined;
  /** The broker could not be reached any more once it was asked for more. */
  readonly wentDown?: true | undefined;
}

/** A feature that is claimed. */
export function claimed(name: string, how: string): FeatureFinding {
  return { kind: "feature", name, claimed: true, how };
}

/** A feature that is not claimed. */
export function notClaimed(name: string, how: string): FeatureFinding {
  return { kind: "feature", name, claimed: false, how };
}

/** A feature that is claimed unless the broker refuses it, which `refusal` tells. */
export function claimedUnless(name: string, refusal: string | undefined, how: string): FeatureFinding {
  return refusal === undefined ? claimed(name, how) : notClaimed(name, refusal);
}

/** A capacity whose limit was met. */
export function limited(name: CapacityName, most: number, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: { most }, how };
}

/** A capacity beyond which the broker went down; 0 where it did at the first try. */
export function wentDown(name: CapacityName, most: number, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: most === 0 ? undefined : { most }, how, wentDown: true };
}

/** A capacity of which no limit was met up to `most`. */
export function unlimited(name: CapacityName, most: number, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: { most, atLeast: true }, how };
}

/** A capacity that could not be told. */
export function unknown(name: CapacityName, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: undefined, how };
}

/** A capacity that this broker does not show, however often it is asked. */
export function notShown(name: CapacityName, how: string): CapacityFinding {
  return { kind: "capacity", name, amount: undefined, how, settled: true };
}

/** A finding as a line for the reader: `queued at least 1000: all of 1000 messages came`. */
export function findingText(finding: Finding): string {
  const { name, how } = finding;
  if (finding.kind === "feature") return `${finding.claimed ? "+" : "-"} ${name}: ${how}`;
  return `  ${name} ${finding.amount ? amountText(finding.amount) : "not known"}: ${how}`;
}

import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import { type Amount, amountText } from "../../suite/claim/claims.ts";
import { FEATURE_NAMES } from "../../suite/claim/features.ts";
import type { Probed, ProtocolFindings } from "./probe.ts";

/** The place of values that no file contains. */
const PLACE: Place = { file: "what the target was asked", line: 1, column: 1, length: 1 };

/** Converts the findings of a probe to claims, by protocol. */
export function claimsFound({ protocols }: Probed): {
  readonly supports: ReadonlyMap<string, readonly string[]>;
  readonly valuesIn: ReadonlyMap<string, ReadonlyMap<string, Value>>;
} {
  return {
    supports: new Map(protocols.map((one) => [one.protocol, featuresOf(one)])),
    valuesIn: new Map(protocols.map((one) => [one.protocol, valuesOf(one)])),
  };
}

function featuresOf({ findings }: ProtocolFindings): readonly string[] {
  const claimed = new Set(findings.flatMap((one) => one.kind === "feature" && one.claimed ? [one.name] : []));
  return FEATURE_NAMES.filter((name) => claimed.has(name));
}

function valuesOf({ findings }: ProtocolFindings): ReadonlyMap<string, Value> {
  return new Map(
    findings.flatMap((one) =>
      one.kind === "capacity" && one.amount ? [[one.name, valueOf(one.amount)] as const] : []
    ),
  );
}

function valueOf(amount: Amount): Value {
  const source = amountText(amount);
  return { kind: "literal", value: amount.atLeast ? source : amount.most, source, place: PLACE };
}

import type { ProtocolClaims, TargetKind, TargetStarted } from "../run/event.ts";
import { CAPACITIES } from "../suite/claim/capacities.ts";
import {
  type AllClaims,
  amountOf,
  amountText,
  type Claims,
  claimsIn,
  supportsAtAll,
} from "../suite/claim/claims.ts";
import type { Probed, ProtocolFindings } from "./probe/probe.ts";
import type { TargetBase } from "./target.ts";

/** The parts of a target that the record contains. */
type Reached =
  & Pick<TargetBase, "name" | "address" | "protocols" | "version">
  & AllClaims
  & { readonly kind: TargetKind; readonly found?: Probed | undefined };

/** Returns the record of a reached target, except for the times. */
export function targetStarted(target: Reached): Omit<TargetStarted, "t" | "roundTripMs"> {
  const { found } = target;
  return {
    kind: "target-started",
    name: target.name,
    address: target.address,
    supports: supportsAtAll(target),
    protocols: target.protocols,
    claims: target.kind === "broker" ? claimsToTell(target) : undefined,
    askedMs: found && Math.round(found.tookMs),
    version: target.version,
    tests: target.kind,
  };
}

/** Returns the claims by protocol, if they differ, contain capacities, or come from a probe. */
function claimsToTell(target: Reached): readonly ProtocolClaims[] | undefined {
  const told = target.protocols.map((protocol) =>
    claimsTold(
      protocol,
      claimsIn(target, protocol),
      target.found?.protocols.find((one) => one.protocol === protocol),
    )
  );
  const plain = Array.isArray(target.supports) && !target.found;
  return plain && told.every(({ capacities }) => Object.keys(capacities).length === 0) ? undefined : told;
}

function claimsTold(
  protocol: string,
  { supports, values }: Claims,
  found: ProtocolFindings | undefined,
): ProtocolClaims {
  const amounts = CAPACITIES.flatMap(({ name }) => {
    const amount = amountOf(values.get(name));
    return amount ? [[name, amountText(amount)] as const] : [];
  });
  const lacks = found?.findings.flatMap((one) => one.kind === "feature" && !one.claimed ? [one.name] : []);
  return {
    protocol,
    supports,
    lacks,
    capacities: Object.fromEntries(amounts),
    found: found && Object.fromEntries(found.findings.map(({ name, how }) => [name, how])),
  };
}

import type { Value } from "../spec/value.ts";
import { amountOf, type Claims, claimsIn } from "../suite/claim/claims.ts";
import { type ClientWays, PLAIN_WAYS } from "../suite/dialect/client_ways.ts";
import type { DialectsByName } from "../suite/dialect/dialects_by_name.ts";
import { forClients } from "../suite/dialect/for_clients.ts";
import { inDialect } from "../suite/dialect/in_dialect.ts";
import type { Case, Suite } from "../suite/file/model.ts";
import { select, type Selection } from "../suite/file/select.ts";
import { eachStep, verbOf } from "../suite/step/step.ts";
import { deviationFor, type KnownDeviation } from "../target/expectation_file.ts";
import type { KnownFinding } from "../target/known_finding.ts";
import { canRestart } from "../target/reach.ts";
import type { Target } from "../target/target.ts";
import { DEFAULT_DIALECT, type TargetFile } from "../target/target_file.ts";
import { claimsWithin } from "./announced.ts";

/** The capacity for retained messages that is enough for parallel cases. */
const ENOUGH_RETAINED = 200;

/** The feature of a module whose commands let the host choose packet identifiers. */
const HOST_IDS = "host-packet-ids";

/** Which cases are run, and what is known of them before. */
export interface CasePlan {
  readonly suites: readonly Suite[];
  /** Which cases; the target's claims are added for each target. */
  readonly selection: Omit<Selection, "claims" | "values" | "protocols" | "tests"> & {
    readonly protocols?: readonly string[] | undefined;
  };
  /** Restricts the planned cases; default all. */
  readonly only?: ((run: CaseRun) => boolean) | undefined;
  /** Whether the clients of 5.0 announce limits where a case does not set them; then only cases of 5.0 are planned. */
  readonly announces?: boolean | undefined;
  /** The known deviations of each target, by its name. */
  readonly expectations?: ReadonlyMap<string, readonly KnownDeviation[]> | undefined;
  /** The known deviations that are named by what is wrong, by the target's name. */
  readonly findings?: ReadonlyMap<string, readonly KnownFinding[]> | undefined;
  /** Values given by the user, over those of the targets. */
  readonly values?: ReadonlyMap<string, Value> | undefined;
  readonly dialects: DialectsByName;
}

/** A case in a protocol on a target. */
export interface CaseRun {
  readonly id: string;
  readonly protocol: string;
  /** The name of the target. */
  readonly target: string;
}

/** One case to run on one target in one protocol, or the reason to skip it. */
export interface PlannedCase {
  readonly case: Case;
  readonly protocol: string;
  /** Counted from 1. */
  readonly iteration: number;
  readonly skip?: string | undefined;
  /** The feature that it needs and the target does not claim. */
  readonly lacks?: string | undefined;
  /** The capacity of the target that is too small for it. */
  readonly beyond?: string | undefined;
  readonly expected?: KnownDeviation | undefined;
  /** Known deviations of the target that any case may show. */
  readonly findings?: readonly KnownFinding[] | undefined;
}

/** Returns the items in an order that the seed determines. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const [a, b] = [copy[at], copy[other]];
    if (a !== undefined && b !== undefined) [copy[at], copy[other]] = [b, a];
  }
  return copy;
}

/**
 * Whether a case takes long because it waits or has its own limit, so it should start early and run beside
 * others.
 */
export function waits(one: Case): boolean {
  return one.limit !== undefined || eachStep(one.steps).some((step) => verbOf(step).takesTime?.(step));
}

/**
 * Returns the order of a target's cases: those that wait first, those that need a quiet target last and
 * alone.
 */
export function inOrder(cases: readonly PlannedCase[]): {
  readonly together: readonly PlannedCase[];
  readonly alone: readonly PlannedCase[];
} {
  const together = cases.filter((one) => !one.case.exclusive);
  return {
    together: [...together.filter((one) => waits(one.case)), ...together.filter((one) => !waits(one.case))],
    alone: cases.filter((one) => one.case.exclusive),
  };
}

/** Returns the cases of one target, each in the protocols that it speaks. */
export function plan(
  target: TargetFile,
  options: CasePlan,
): readonly PlannedCase[] {
  const dialect = target.dialect ?? DEFAULT_DIALECT;
  const ways = target.tests === "module" ? waysOf(options.dialects, dialect) : undefined;
  const expectations = options.expectations?.get(target.name) ?? [];
  const findings = options.findings?.get(target.name);
  const claims = (protocol: string) => {
    const own = withWays(claimsIn(target, protocol), ways);
    return options.announces ? claimsWithin(own) : own;
  };
  const { tests, protocols: speaks } = target;
  const asked = options.selection.protocols;
  const protocols = options.announces ? (asked ?? ["5.0"]).filter((one) => one === "5.0") : asked;
  const selection = { ...options.selection, protocols, tests, speaks, claims, values: options.values };
  const planned = select(options.suites, selection).filter(({ case: { id }, protocol }) =>
    options.only?.({ id, protocol, target: target.name }) ?? true
  );
  return planned.map((one) => {
    const expected = deviationFor(expectations, one.case.id, one.protocol);
    const skip = one.skip ?? missingAbility(one.case, target);
    const exclusive = one.case.exclusive || sharesLittle(one.case, claims(one.protocol));
    const planned: PlannedCase = {
      ...one,
      case: { ...one.case, exclusive },
      iteration: 1,
      expected,
      findings,
      skip,
    };
    if (tests === "client") {
      const driven = forClients(planned.case);
      if (driven.missing === undefined) return { ...planned, case: driven.case };
      return { ...planned, skip: one.skip ?? driven.missing };
    }
    const typed = ways ? inDialect(planned.case, ways) : { case: planned.case };
    if (typed.missing === undefined) return { ...planned, case: typed.case };
    return { ...planned, skip: one.skip ?? `The dialect "${dialect}" ${typed.missing}` };
  });
}

function waysOf(dialects: DialectsByName, name: string): ClientWays {
  return dialects.ways?.(name) ?? { ...PLAIN_WAYS, operations: dialects.operations(name) ?? new Map() };
}

/** Claims with what the dialect of a module claims for it. */
function withWays(claims: Claims, ways: ClientWays | undefined): Claims {
  return ways?.packetIds === "host" ? { ...claims, supports: [...claims.supports, HOST_IDS] } : claims;
}

/** A target file with the claims of the target that was reached. */
export function withClaims(file: TargetFile, { protocols, supports, values, valuesIn }: Target): TargetFile {
  return { ...file, protocols, supports, values, valuesIn };
}

/** Whether parallel cases could exhaust what the target stores for all clients together. */
function sharesLittle(one: Case, { values }: Claims): boolean {
  if (!one.requires.some(({ feature, not }) => feature === "retained" && !not)) return false;
  const kept = amountOf(values.get("retainedMessages"));
  return kept !== undefined && !kept.atLeast && kept.most < ENOUGH_RETAINED;
}

/** Explains why a case cannot run on the target, whatever the target does; otherwise undefined. */
function missingAbility(one: Case, target: TargetFile): string | undefined {
  if (target.tests !== "broker") return undefined;
  const spoken = eachStep(one.steps).map((step) => verbOf(step).speaks?.(step));
  const foreign = spoken.find((version) => version !== undefined && !target.protocols.includes(version));
  if (foreign !== undefined) return `A lane speaks MQTT ${foreign}, which this target does not support`;
  if (canRestart(target)) return undefined;
  return eachStep(one.steps).some((step) => verbOf(step).needs === "restart")
    ? "attest cannot restart this target; give a command for it with --restart-command"
    : undefined;
}

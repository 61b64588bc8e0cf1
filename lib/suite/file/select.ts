import picomatch from "picomatch";
import { isProtocolVersion } from "../../mqtt/packet.ts";
import { type Level, LEVELS } from "../../ground/level.ts";
import { nearest } from "../../ground/nearest.ts";
import type { Value } from "../../spec/value.ts";
import { capacityOf } from "../claim/capacities.ts";
import { amountOf, type Claims } from "../claim/claims.ts";
import { FEATURES } from "../claim/features.ts";
import { type Beyond, beyondCapacity } from "../claim/needs.ts";
import { type Kind, testsKind } from "./due_clauses.ts";
import { type Case, levelIn, type Suite } from "./model.ts";

/** What to run and what the target claims. An absent field selects everything. */
export interface Selection {
  /**
   * Names or globs of suites (`mqtt/qos2`, `mqtt/*`, `at`) or of cases (`mqtt/qos2/*`). At least one must
   * match.
   */
  readonly patterns?: readonly string[] | undefined;
  /** Ids (glob or part), clauses, tags. At least one must match, and none of those prefixed with `!`. */
  readonly filters?: readonly string[] | undefined;
  /** The weakest level: `should` selects must and should. */
  readonly level?: Level | undefined;
  /** The requested MQTT versions; cases for a command set are selected whatever they are. */
  readonly protocols?: readonly string[] | undefined;
  /** What kind of target it is; suites for other kinds are left out. */
  readonly tests?: Kind | undefined;
  /** The protocols that the target speaks; a case in another version of MQTT is skipped, in another command set left out. */
  readonly speaks?: readonly string[] | undefined;
  /** The target's claims for a protocol. A case that needs another feature, or more of a capacity, is skipped. */
  readonly claims?: ((protocol: string) => Claims) | undefined;
  /** Values from the user, which override those of target and suite. */
  readonly values?: ReadonlyMap<string, Value> | undefined;
}

/** One case in one protocol. */
export interface Selected {
  readonly case: Case;
  /** `3.1`, `3.1.1`, `5.0`, or a command set: `ECMT`. */
  readonly protocol: string;
  /** Why it does not run on this target. */
  readonly skip?: string | undefined;
  /** The feature that it needs and the target does not claim. */
  readonly lacks?: string | undefined;
  /** The capacity of the target that is too small for it. */
  readonly beyond?: string | undefined;
}

/** Returns the cases to run, in the order of suites, cases and protocols. */
export function select(suites: readonly Suite[], selection: Selection = {}): readonly Selected[] {
  const matches = suiteMatcher(selection.patterns ?? []);
  const passes = filterMatcher(selection.filters ?? []);
  const weakest = LEVELS.indexOf(selection.level ?? "may");
  return suites.flatMap((suite) =>
    suite.cases
      .filter(matches)
      .flatMap((one) => protocolsOf(one, suite, selection).map((protocol) => ({ one, protocol })))
      .filter(({ one, protocol }) =>
        LEVELS.indexOf(levelIn(one, protocol)) <= weakest && passes(one, protocol)
      )
      .map(({ one, protocol }): Selected => {
        const reason = skipReason(one, protocol, selection);
        const beyond = reason === undefined ? beyondTarget(one, protocol, selection) : undefined;
        const skip = reason?.text ?? beyond?.reason;
        return { case: one, protocol, skip, lacks: reason?.lacks, beyond: beyond?.capacity };
      })
  );
}

/**
 * Whether patterns could select a case of a suite, judged by the suite's name alone, which avoids reading
 * other suites. Never false for a suite from which {@link select} would take a case.
 */
export function mayHoldCases(suite: string, patterns: readonly string[]): boolean {
  const below = `${suite}/`;
  return patterns.length === 0 || patterns.some((pattern) => {
    const name = plainName(pattern);
    // The part before the first character with a special meaning in a glob.
    const literal = name.replace(/[*?{}()[\]!+@|\\].*$/s, "");
    if (name === "" || literal.startsWith(below)) return true;
    return below.startsWith(literal === name ? `${name}/` : literal);
  });
}

/**
 * Returns the patterns that match no suite and no case, each with the nearest name if there is one. `names`
 * are the names of all suites, if only the suites that the patterns could select were read.
 */
export function unmatchedPatterns(
  suites: readonly Suite[],
  patterns: readonly string[],
  names: readonly string[] = suites.map(({ name }) => name),
): readonly { readonly pattern: string; readonly hint: string | undefined }[] {
  return patterns.filter((pattern) => {
    const matches = suiteMatcher([pattern]);
    return !suites.some((suite) => suite.cases.some(matches));
  }).map((pattern) => ({ pattern, hint: hintFor(plainName(pattern), suites, names) }));
}

/** Suggests the nearest suite or case; the folder of a suite may be omitted. */
function hintFor(name: string, suites: readonly Suite[], names: readonly string[]): string | undefined {
  const cases = suites.flatMap((suite) => suite.cases.map((one) => `${suite.name}/${one.name}`));
  const near = nearest(name, [...names, ...new Set(cases)]);
  if (near !== undefined) return `did you mean ${near}?`;
  const lasts = new Map(names.map((one) => [one.replace(/^.*\//, ""), one]));
  const last = name.includes("/")
    ? undefined
    : lasts.get(name) ?? lasts.get(nearest(name, lasts.keys()) ?? "");
  return last === undefined ? undefined : `did you mean ${last}?`;
}

function protocolsOf(one: Case, suite: Suite, selection: Selection): readonly string[] {
  const { protocols, speaks, tests } = selection;
  const own = one.protocols.filter((protocol) => !tests || testsKind(suite.tests, tests, protocol));
  // The command set of another dialect is irrelevant to a module; the module does not leave it out.
  if (suite.tests === "module") {
    return own.filter((protocol) =>
      isProtocolVersion(protocol)
        ? !protocols?.length || protocols.includes(protocol)
        : !speaks || speaks.includes(protocol)
    );
  }
  return protocols?.length ? own.filter((protocol) => protocols.includes(protocol)) : own;
}

function skipReason(
  one: Case,
  protocol: string,
  selection: Selection,
): { readonly text: string; readonly lacks?: string } | undefined {
  const { speaks, claims } = selection;
  if (isProtocolVersion(protocol) && speaks && !speaks.includes(protocol)) {
    return { text: `The target does not speak MQTT ${protocol}` };
  }
  if (!claims) return undefined;
  const { supports, values } = claims(protocol);
  for (const { feature, not } of one.requires) {
    if (capacityOf(feature)) {
      const amount = amountOf(selection.values?.get(feature) ?? values.get(feature));
      const known = amount !== undefined && !amount.atLeast;
      if (known !== (not === true)) continue;
      return { text: `The target gives ${not ? "an" : "no"} exact amount for "${feature}"` };
    }
    if (supports.includes(feature) !== (not === true)) continue;
    return not
      ? { text: `The case is for targets that do not claim "${feature}"` }
      : { text: missing(feature), lacks: feature };
  }
  return undefined;
}

function missing(feature: string): string {
  const known = FEATURES.find(({ name }) => name === feature);
  return known?.missing ?? `The target does not claim "${feature}"`;
}

function beyondTarget(one: Case, protocol: string, selection: Selection): Beyond | undefined {
  const { claims, values } = selection;
  if (!claims || one.needs.length === 0) return undefined;
  const own = claims(protocol).values;
  const valueOf = (name: string) =>
    values?.get(name) ?? own.get(name) ?? one.values.find(([value]) => value === name)?.[1];
  return beyondCapacity(one.needs, valueOf);
}

/** Row labels contain brackets, plus signs and parentheses, so these are literal. */
const GLOB = { nobracket: true, noextglob: true, nonegate: true, dot: true } as const;

/** Longer patterns match nothing; picomatch throws on very long ones. */
const LONGEST_PATTERN = 1_000;

function globOf(pattern: string, options: { readonly bash?: boolean } = {}): (text: string) => boolean {
  if (pattern === "" || pattern.length > LONGEST_PATTERN) return () => false;
  return picomatch(pattern, { ...GLOB, ...options });
}

/**
 * Normalizes a suite name: `suites/mqtt/qos2.yaml` and `./mqtt/qos2` mean `mqtt/qos2`. A glob also drops a
 * leading "./".
 */
export function plainName(pattern: string): string {
  return pattern.replace(/^(?:\.\/)*(?:suites\/)?(?:\.\/)*/, "").replace(/\.ya?ml$/, "").replace(/\/+$/, "");
}

function suiteMatcher(patterns: readonly string[]): (one: Case) => boolean {
  if (patterns.length === 0) return () => true;
  const tests = patterns.map((pattern) => {
    const name = plainName(pattern);
    if (name === "") return () => true;
    const glob = globOf(name);
    return (one: Case) => {
      if (glob(one.suite) || one.suite.startsWith(`${name}/`)) return true;
      const written = `${one.suite}/${one.name}`;
      return one.id === name || glob(written) || glob(one.id);
    };
  });
  return (one) => tests.some((test) => test(one));
}

function filterMatcher(filters: readonly string[]): (one: Case, protocol: string) => boolean {
  const wanted = filters.filter((filter) => !filter.startsWith("!")).map(filterTest);
  const unwanted = filters.filter((filter) => filter.startsWith("!")).map((filter) =>
    filterTest(filter.slice(1))
  );
  return (one, protocol) =>
    (wanted.length === 0 || wanted.some((test) => test(one, protocol))) &&
    !unwanted.some((test) => test(one, protocol));
}

function filterTest(filter: string): (one: Case, protocol: string) => boolean {
  const word = filter.trim().toLowerCase();
  // In an id a * also matches slashes, which are common in row labels with topics.
  const glob = globOf(word, { bash: true });
  return (one, protocol) => {
    const id = one.id.toLowerCase();
    if (id.includes(word) || glob(id)) return true;
    if (one.tags.some((tag) => tag === word || glob(tag))) return true;
    return (one.covers[protocol] ?? []).some((clause) => {
      const name = clause.toLowerCase();
      return name === word || name.startsWith(`${word}.`) || name.startsWith(`${word}-`) || glob(name);
    });
  };
}

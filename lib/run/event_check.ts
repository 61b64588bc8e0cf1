/** Checks that a value, such as a line of a file, is an event of event.ts. */
import { LEVELS, type RunEvent, SOURCE_KINDS, TARGET_KINDS, VALUE_SOURCES, VERDICTS } from "./event.ts";
import { FAULT_KINDS, LOAD_MODES } from "./load_event.ts";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const amount: Check = (value) => typeof value === "number" && Number.isFinite(value);
const flag: Check = (value) => typeof value === "boolean";
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const textMap: Check = (value) => isObject(value) && Object.values(value).every(text);
const oneOf = (...allowed: readonly unknown[]): Check => (value) => allowed.includes(value);
const optional = (check: Check): Check => (value) => value === undefined || check(value);
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
const shape = (fields: Readonly<Record<string, Check>>): Check => (value) =>
  isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const amountMap: Check = (value) => isObject(value) && Object.values(value).every(amount);

const targetKind = oneOf(...TARGET_KINDS);
const tried = { command: text, parameter: text, class: text };
const verdict = oneOf(...VERDICTS);
const place = { file: text, line: amount, column: amount, source: text };

const EVENTS: Readonly<Record<RunEvent["kind"], Check>> = {
  "run-started": shape({
    format: oneOf(1),
    attest: text,
    what: oneOf("conform", "load", "prove"),
    seed: amount,
    startedAt: text,
    command: texts,
    environment: textMap,
    planned: amount,
    lastsMs: optional(amount),
    operator: optional(text),
    customer: optional(text),
    announces: optional(text),
    masked: optional(oneOf(true)),
  }),
  "source": shape({ what: oneOf(...SOURCE_KINDS), file: text, sha256: text }),
  "identity": shape({ t: amount, target: text, identity: textMap, untold: texts }),
  "clause": shape({
    protocol: text,
    clause: text,
    text: text,
    section: optional(text),
    tests: optional(targetKind),
    uncovered: optional(text),
  }),
  "limit": shape({ ...tried, protocol: text, uncovered: optional(text) }),
  "target-started": shape({
    t: amount,
    name: text,
    address: text,
    supports: texts,
    protocols: texts,
    claims: optional(listOf(shape({
      protocol: text,
      supports: texts,
      lacks: optional(texts),
      capacities: textMap,
      found: optional(textMap),
    }))),
    askedMs: optional(amount),
    version: optional(text),
    tests: optional(targetKind),
    roundTripMs: optional(amount),
    identity: optional(textMap),
    values: optional(listOf(shape({ name: text, value: text, from: oneOf(...VALUE_SOURCES) }))),
  }),
  "estimate": shape({ t: amount, target: text, cases: amount, roundTripMs: amount, durationMs: amount }),
  "case-started": shape({
    t: amount,
    n: amount,
    id: text,
    suite: text,
    purpose: text,
    target: text,
    protocol: text,
    level: oneOf(...LEVELS),
    covers: texts,
    tags: texts,
    file: text,
    line: amount,
    lanes: texts,
    tried: optional(shape(tried)),
    iteration: optional(amount),
    alone: optional(amount),
  }),
  "chart": shape({
    t: amount,
    n: amount,
    lane: text,
    direction: oneOf("sent", "received", "note"),
    text,
    hex: optional(text),
    size: optional(amount),
    violations: optional(texts),
    foreign: optional(flag),
    step: optional(amount),
  }),
  "step": shape({
    ...place,
    t: amount,
    n: amount,
    index: amount,
    opening: optional(text),
    outcome: oneOf("done", "failed"),
  }),
  "case-ended": shape({
    t: amount,
    n: amount,
    verdict,
    reason: optional(text),
    failure: optional(shape({
      ...place,
      message: text,
      expected: optional(text),
      got: optional(text),
      hex: optional(text),
      clauses: listOf(shape({ clause: text, text, ofRule: optional(oneOf(true)) })),
      variables: textMap,
    })),
    warnings: texts,
    durationMs: amount,
    expected: optional(shape({ verdict, reason: text, sometimes: optional(flag) })),
    onlyBesideOthers: optional(flag),
    lacks: optional(text),
    limit: optional(text),
    beyond: optional(text),
    unconfirmed: optional(flag),
  }),
  "quirks": shape({
    t: amount,
    target: text,
    name: text,
    quirks: listOf(shape({ id: text, about: text })),
    cases: amount,
    skipped: amount,
    undecided: amount,
    failing: listOf(shape({ id: text, protocol: text })),
    onlyBesideOthers: optional(amount),
    durationMs: amount,
  }),
  "defect": shape({ t: amount, target: text, defect: text, description: text, noticedBy: texts }),
  "load-started": shape({
    t: amount,
    profile: shape({ name: text, title: text, file: text, text }),
    executor: text,
    mode: oneOf(...LOAD_MODES),
    pauseMs: amount,
    protocol: text,
    workers: amount,
    clients: amount,
    brokers: texts,
    warmUpMs: amount,
    plannedMs: amount,
    stages: listOf(shape({
      kind: oneOf("ramp", "hold", "step", "spike", "wave", "search"),
      startMs: amount,
      endMs: amount,
      fromRate: amount,
      toRate: amount,
      fromClients: amount,
      toClients: amount,
    })),
    thresholds: texts,
    shard: optional(shape({ index: amount, of: amount })),
    limits: textMap,
  }),
  "load-second": shape({
    t: amount,
    second: amount,
    lastedMs: amount,
    stage: amount,
    phase: oneOf("connect", "warm-up", "measure", "drain"),
    connected: amount,
    counts: amountMap,
    reasons: amountMap,
    histograms: textMap,
    health: shape({ cpu: amount, memory: amount, brokerCpu: optional(amount) }),
  }),
  "load-fault": shape({
    t: amount,
    fault: oneOf(...FAULT_KINDS),
    client: text,
    text,
    chart: texts,
    hex: text,
    size: amount,
  }),
  "load-trial": shape({
    t: amount,
    rate: amount,
    lastedMs: amount,
    sentRate: amount,
    receivedRate: amount,
    histograms: textMap,
    counts: amountMap,
    missed: texts,
    generatorLimited: optional(text),
  }),
  "load-ended": shape({
    t: amount,
    counts: amountMap,
    measured: amountMap,
    measuredMs: amount,
    reasons: amountMap,
    histograms: textMap,
    generatorLimited: optional(text),
    endedEarly: optional(text),
    sys: optional(amountMap),
  }),
  "run-ended": shape({ t: amount, interrupted: flag, exit: amount, reason: optional(text) }),
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKind(kind: string): kind is RunEvent["kind"] {
  return Object.hasOwn(EVENTS, kind);
}

/**
 * Returns the kind of a value that claims to be an event: `unknown` for a kind of another version, undefined
 * if it is not an event.
 */
export function knownKind(value: unknown): RunEvent["kind"] | "unknown" | undefined {
  if (!isObject(value) || typeof value["kind"] !== "string") return undefined;
  return isKind(value["kind"]) ? value["kind"] : "unknown";
}

/** Whether a value is an event with all its fields, each of its type. */
export function isRunEvent(value: unknown): value is RunEvent {
  const kind = knownKind(value);
  return kind !== undefined && kind !== "unknown" && EVENTS[kind](value);
}

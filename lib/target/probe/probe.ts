import { pause } from "../../ground/wait.ts";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../mqtt/packet.ts";
import { CAPACITIES } from "../../suite/claim/capacities.ts";
import { TransportError } from "../../transport/error.ts";
import { type Asking, type Question, timesFor } from "./asking.ts";
import { claimed, type Finding, type Remark } from "./finding.ts";
import { InStep } from "./in_step.ts";
import { measuredTimes } from "./measured.ts";
import { type ProbeReach } from "./probe_client.ts";
import { QUESTIONS, requiredIn } from "./questions.ts";
import { Turns } from "./turns.ts";
import { versionText } from "./version_text.ts";
import { remarksOn } from "./remarks.ts";
import { askVersion, type VersionAnswer } from "./versions.ts";

/** The broker of a probe, and the limits of the probe. */
export interface ProbeOptions {
  readonly reach: ProbeReach;
  /** The versions to ask in; all if absent. */
  readonly versions?: readonly ProtocolVersion[] | undefined;
  /** The size of the largest packet to try, in bytes; by default the largest that the suites need. */
  readonly largest?: number | undefined;
  /** How long to watch for the broker to close a silent connection, in ms; without it there are no remarks. */
  readonly watchMs?: number | undefined;
  /** Capacities that are already known, so nothing harmful is sent to learn them. */
  readonly known?: ReadonlySet<string> | undefined;
  /** Asks for features alone, which is done sooner; what a broker takes of many things is left open. */
  readonly featuresOnly?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** The findings for one protocol that the broker speaks. */
export interface ProtocolFindings {
  readonly protocol: ProtocolVersion;
  readonly findings: readonly Finding[];
}

/** The result of a probe. */
export interface Probed {
  /** In the order of versions; empty if the broker speaks none. */
  readonly protocols: readonly ProtocolFindings[];
  readonly versions: readonly VersionAnswer[];
  /** The broker's own name and version, if it publishes them below `$SYS`. */
  readonly version?: string | undefined;
  /** Other remarks, if requested. */
  readonly remarks: readonly Remark[];
  /** How long the questions took, in milliseconds. */
  readonly tookMs: number;
  /** How long all of it took, with the time in which the broker was watched, in milliseconds. */
  readonly wholeMs: number;
}

/** The timeout of all questions together, whatever the round trip, in ms. */
const MOST_MS = 10_000;
/** The number of connections opened at once. */
const AT_ONCE = 24;

/**
 * Asks a broker what it supports and its capacities, in every version that it speaks; all questions run in
 * parallel. A feature that the standard requires is claimed unless the broker announces or answers that it is
 * missing; the suites test whether it works. Throws TransportError if the broker cannot be reached.
 */
export async function probe(options: ProbeOptions): Promise<Probed> {
  const begin = performance.now();
  const { versions = PROTOCOL_VERSIONS, largest = largestNeeded(), signal } = options;
  const reach = atMost(AT_ONCE, options.reach);
  const run = crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? "";
  const prefixOf = (version: ProtocolVersion) => `att${run}${version.replaceAll(".", "")}`;
  const answers = await Promise.all(
    versions.map((version) => askVersion(reach, version, `${prefixOf(version)}v`, signal)),
  );
  const roundTripMs = Math.min(...answers.map((one) => one.roundTripMs));
  const late = new AbortController();
  const whole = AbortSignal.any([signal, late.signal]);
  const ended = new AbortController();
  void pause(MOST_MS - (performance.now() - begin), ended.signal).then(() => late.abort());
  const store = new Turns();
  const answered: Answered = new Map();
  let number = 0;
  try {
    const spoken = answers.flatMap(({ version, connack }): readonly Asking[] => {
      const nextNumber = () => number++;
      const prefix = prefixOf(version);
      return connack
        ? [{
          reach,
          version,
          prefix,
          connack,
          largest,
          times: timesFor(roundTripMs),
          signal: whole,
          outer: signal,
          store,
          steps: new InStep(1),
          nextNumber,
        }]
        : [];
    });
    const askings = await Promise.all(spoken.map(async (asking) => ({
      ...asking,
      times: await measuredTimes(asking, roundTripMs),
    })));
    const [first] = askings;
    const told = first && versionText(first).catch(() => undefined);
    const remarked = askRemarks(askings.at(-1), options);
    if (options.featuresOnly) await askAll(askings, answered, QUESTIONS.filter(({ sends }) => !sends));
    else await askEverything(askings, answered, options);
    const protocols = askings.map((asking) => findingsIn(asking, answered));
    const version = await told;
    const tookMs = performance.now() - begin;
    const remarks = await remarked;
    signal.throwIfAborted();
    const wholeMs = performance.now() - begin;
    return { protocols, versions: answers, version, remarks, tookMs, wholeMs };
  } finally {
    ended.abort();
  }
}

async function askEverything(
  askings: readonly Asking[],
  answered: Answered,
  { known }: ProbeOptions,
): Promise<void> {
  for (const sends of [undefined, "messages", "subscriptions"]) {
    await askAll(askings, answered, QUESTIONS.filter((question) => question.sends === sends));
  }
  await askAgain(askings, answered);
  if (!known?.has("topicLevels")) await askLevels(askings, answered);
}

/** What was found so far: by protocol, by question. */
type Answered = Map<ProtocolVersion, Map<Question, readonly Finding[]>>;

/** Asks questions in all versions in parallel. */
async function askAll(
  askings: readonly Asking[],
  answered: Answered,
  questions: readonly Question[],
): Promise<void> {
  await Promise.all(
    askings.flatMap((asking) =>
      questions.filter((question) => isFor(question, asking)).map(async (question) => {
        keep(answered, asking, question, await findingsOf(question, asking));
      })
    ),
  );
}

/** Asks what may crash a broker, which all protocols do step by step together. */
async function askLevels(askings: readonly Asking[], answered: Answered): Promise<void> {
  for (const question of QUESTIONS.filter(({ sends }) => sends === "levels")) {
    const asked = askings.filter((one) => isFor(question, one));
    const steps = new InStep(asked.length);
    await Promise.all(asked.map(async (asking) => {
      const findings = await findingsOf(question, { ...asking, steps }).finally(() => steps.leave());
      keep(answered, asking, question, findings);
    }));
  }
}

/** Asks again, one at a time, what a broker that was busy with other questions has left open. */
async function askAgain(askings: readonly Asking[], answered: Answered): Promise<void> {
  for (const question of QUESTIONS.filter(({ sends }) => sends !== "levels")) {
    for (const asking of askings) {
      const before = answered.get(asking.version)?.get(question);
      if (!isFor(question, asking) || !before?.some(isOpen) || asking.signal.aborted) continue;
      const after = await findingsOf(question, asking);
      if (after.length > 0) keep(answered, asking, question, after);
    }
  }
}

function isFor({ protocols }: Question, { version }: Asking): boolean {
  return protocols?.includes(version) ?? true;
}

function isOpen(finding: Finding): boolean {
  return finding.kind === "capacity" && finding.amount === undefined && !finding.settled;
}

function keep(
  answered: Answered,
  { version }: Asking,
  question: Question,
  findings: readonly Finding[],
): void {
  const own = answered.get(version) ?? new Map<Question, readonly Finding[]>();
  answered.set(version, own.set(question, findings));
}

/**
 * Returns the findings of a protocol in the order of the questions, with the features that the standard
 * requires and that no answer was about.
 */
function findingsIn({ version }: Asking, answered: Answered): ProtocolFindings {
  const own = answered.get(version);
  const findings = QUESTIONS.flatMap((question) => own?.get(question) ?? []);
  const found = new Set(findings.map(({ name }) => name));
  const rest = requiredIn(version).filter((feature) => !found.has(feature))
    .map((feature) => claimed(feature, "the standard requires it, and no answer says otherwise"));
  return { protocol: version, findings: [...findings, ...rest] };
}

/** Returns the findings of a question, or none if a connection could not be opened or the time was over. */
async function findingsOf(question: Question, asking: Asking): Promise<readonly Finding[]> {
  try {
    const findings = await question.ask(asking);
    // A question cut short by the timeout shows nothing.
    return asking.signal.aborted ? [] : findings;
  } catch (error) {
    if (!(error instanceof TransportError) && !asking.signal.aborted) throw error;
    return [];
  }
}

/** Returns the remarks on a broker, which take as long as it is watched. */
async function askRemarks(
  asking: Asking | undefined,
  { watchMs, signal }: ProbeOptions,
): Promise<readonly Remark[]> {
  if (!asking || watchMs === undefined) return [];
  return await remarksOn({ ...asking, signal }, watchMs).catch(() => []);
}

function largestNeeded(): number {
  return CAPACITIES.find(({ name }) => name === "largestPacket")?.most ?? 1;
}

/** Limits how many connections are opened at the same moment. */
function atMost(many: number, reach: ProbeReach): ProbeReach {
  const turns = Array.from({ length: many }, () => new Turns());
  let next = 0;
  return {
    ...reach,
    open: (signal) => turns[next++ % many]?.take(() => reach.open(signal)) ?? reach.open(signal),
  };
}

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

/** The broker of a probe, and how far the probe may go. */
export interface ProbeOptions {
  readonly reach: ProbeReach;
  /** The versions to ask in; all if absent. */
  readonly versions?: readonly ProtocolVersion[] | undefined;
  /** The largest packet that is tried, in bytes; by default the largest that the suites need. */
  readonly largest?: number | undefined;
  /** How long to watch the broker for the end of a silent connection, ms; without it no remarks are made. */
  readonly watchMs?: number | undefined;
  /** Capacities that are known, so that nothing that may hurt is sent to learn them. */
  readonly known?: ReadonlySet<string> | undefined;
  /** Asks for features alone, which is done sooner; what a broker takes of many things is left open. */
  readonly featuresOnly?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** What was found in one protocol that the broker speaks. */
export interface ProtocolFindings {
  readonly protocol: ProtocolVersion;
  readonly findings: readonly Finding[];
}

/** What a probe found. */
export interface Probed {
  /** In the order of versions; none where no version is spoken. */
  readonly protocols: readonly ProtocolFindings[];
  readonly versions: readonly VersionAnswer[];
  /** What the broker says that it is, where it says so below `$SYS`. */
  readonly version?: string | undefined;
  /** What else is worth knowing, where it was asked for. */
  readonly remarks: readonly Remark[];
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
}

/** The most that all questions may take, whatever the round trip; ms. */
const MOST_MS = 10_000;
/** Connections that are opened at once. */
const AT_ONCE = 24;

/**
 * Asks a broker what it supports and how much it takes, in every version that it speaks; all questions side by side. A
 * feature that the standard demands is claimed unless the broker announces or answers that it is not there; whether it
 * works is for the suites. Throws TransportError where the broker can't be reached.
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
    return { protocols, versions: answers, version, remarks, tookMs };
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

/** Asks questions in all versions, side by side. */
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

/** Asks what may fell a broker, which all protocols do step by step together. */
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

/** Asks again, one after the other, what a broker that was busy with other questions has left open. */
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

/** The findings of a protocol in the order of the questions, with what the standard demands and no answer was about. */
function findingsIn({ version }: Asking, answered: Answered): ProtocolFindings {
  const own = answered.get(version);
  const findings = QUESTIONS.flatMap((question) => own?.get(question) ?? []);
  const found = new Set(findings.map(({ name }) => name));
  const rest = requiredIn(version).filter((feature) => !found.has(feature))
    .map((feature) => claimed(feature, "the standard demands it, and no answer tells otherwise"));
  return { protocol: version, findings: [...findings, ...rest] };
}

/** The findings of a question; none where a connection could not be opened or the time was over. */
async function findingsOf(question: Question, asking: Asking): Promise<readonly Finding[]> {
  try {
    const findings = await question.ask(asking);
    // What the end of the time has cut short tells nothing.
    return asking.signal.aborted ? [] : findings;
  } catch (error) {
    if (!(error instanceof TransportError) && !asking.signal.aborted) throw error;
    return [];
  }
}

/** The remarks on a broker, which take as long as it is watched. */
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

/** A reach that opens no more than so many connections at the same moment. */
function atMost(many: number, reach: ProbeReach): ProbeReach {
  const turns = Array.from({ length: many }, () => new Turns());
  let next = 0;
  return {
    ...reach,
    open: (signal) => turns[next++ % many]?.take(() => reach.open(signal)) ?? reach.open(signal),
  };
}

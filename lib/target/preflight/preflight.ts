import { pause } from "../../ground/wait.ts";
import { isProtocolVersion, type ProtocolVersion } from "../../mqtt/packet.ts";
import { type BrokerAddress, formatAddress } from "../../transport/address.ts";
import { dial } from "../../transport/dial.ts";
import { TransportError } from "../../transport/error.ts";
import type { TlsOptions } from "../../transport/tls.ts";
import { type Credentials, TargetError } from "../target.ts";
import { askConnect, type FirstAnswer } from "./first_answer.ts";
import { lookAgain } from "./second_look.ts";
import { isLoginRefusal, refusalSentence, silenceSentence, strangerSentence } from "./sentences.ts";
import { isTls } from "./far_end.ts";

/** A broker before its first client. */
export interface Candidate {
  readonly address: BrokerAddress;
  /** The protocols that its target names; those that are no version of MQTT are passed over. */
  readonly protocols: readonly string[];
  readonly tls?: TlsOptions | undefined;
  readonly credentials?: Credentials | undefined;
  /** How long an expectation waits for it, where its target says so; ms. */
  readonly withinMs?: number | undefined;
}

/** What a preflight passes over. */
export interface PreflightOptions {
  /** The cases bring user names of their own, so it does not matter that the target's own, or none, is refused. */
  readonly ownLogins?: boolean | undefined;
  /** Attest has started the broker, which may not be ready yet: only a refused login is told. */
  readonly started?: boolean | undefined;
}

/** Milliseconds for a network connection. */
const CONNECT_MS = 5_000;
/** Milliseconds for the first answer, unless the target takes longer. */
const ANSWER_MS = 5_000;
/** Milliseconds after which the other versions are tried beside the first. */
const PATIENCE_MS = 1_500;
/** The order in which versions are tried: most brokers speak the first. */
const ORDER: readonly ProtocolVersion[] = ["3.1.1", "5.0", "3.1"];
/** In 3.x and in 5.0. */
const WRONG_VERSION: readonly number[] = [1, 0x84];
const WRONG_CLIENT_ID: readonly number[] = [2, 0x85];
const NOT_AUTHORIZED: readonly number[] = [5, 0x87];

/**
 * Asks a broker, before anything is judged, whether it lets a client in: by one CONNECT as a rule, by more where it does
 * not speak the first version or says nothing. Throws {@link TargetError} or TransportError with one sentence that tells
 * what is there instead, and what to do.
 */
export async function preflight(
  candidate: Candidate,
  signal: AbortSignal,
  options: PreflightOptions = {},
): Promise<void> {
  const { address, credentials, tls } = candidate;
  const where = formatAddress(address);
  const opened = Promise.withResolvers<void>();
  const question = {
    async open(signal: AbortSignal) {
      const transport = await dial(address, { withinMs: CONNECT_MS, signal, tls });
      opened.resolve();
      return transport;
    },
    withinMs: Math.max(ANSWER_MS, candidate.withinMs ?? 0),
    signal,
  };
  const run = crypto.randomUUID().slice(0, 8);
  // Clients of one id would take the place of each other.
  const idIn = (version: ProtocolVersion) => `attest${run}${version.replaceAll(".", "")}`;
  const ask = (version: ProtocolVersion, late = 0, clientId = idIn(version)): Promise<FirstAnswer> =>
    askConnect({ ...question, withinMs: question.withinMs - late }, { version, clientId, credentials });

  const spoken = candidate.protocols.filter(isProtocolVersion);
  const [first = "3.1.1", ...others] = ORDER.filter((one) => spoken.includes(one));
  const answers = await firstAnswers(first, others, ask, opened.promise, signal).catch(
    async (error: unknown) => {
      throw await explained(error, address, signal);
    },
  );
  signal.throwIfAborted();
  const kinds = new Set(answers.map(({ kind }) => kind));
  if (kinds.has("accepted")) return;

  const refused = answers.filter((one) => one.kind === "refused");
  const login = refused.find(({ version, connack }) => isLoginRefusal(version, connack.reason));
  if (login) {
    if (options.ownLogins) return;
    // A broker that knows its clients by their ids may take one without.
    const byId = credentials && login.version !== "3.1" && NOT_AUTHORIZED.includes(login.connack.reason);
    if (byId && (await ask(login.version, 0, "")).kind === "accepted") return;
    throw new TargetError(refusalSentence(where, login, credentials));
  }
  // Which ids a broker takes is its own choice, and it has let the user in.
  if (options.started || refused.some(({ connack }) => WRONG_CLIENT_ID.includes(connack.reason))) return;
  const other = refused.find(({ connack }) => !WRONG_VERSION.includes(connack.reason)) ?? refused[0];
  if (other) throw new TargetError(refusalSentence(where, other, credentials, spoken));

  const bytes = answers.find((one) => one.kind === "bytes");
  if (bytes && !isTls(bytes.bytes)) throw new TargetError(strangerSentence(address, bytes.bytes));
  const instead = bytes ? { kind: "tls" } as const : await lookAgain(address, signal);
  signal.throwIfAborted();
  if (instead) throw new TargetError(strangerSentence(address, instead));
  throw new TargetError(silenceSentence(where, kinds.has("closed"), question.withinMs));
}

/** The answers to one CONNECT, or, where it decides nothing, to one in each version. */
async function firstAnswers(
  first: ProtocolVersion,
  others: readonly ProtocolVersion[],
  ask: (version: ProtocolVersion, late?: number) => Promise<FirstAnswer>,
  opened: Promise<void>,
  signal: AbortSignal,
): Promise<readonly FirstAnswer[]> {
  const asked = ask(first);
  const patience = new AbortController();
  // A far end that is slow to take one connection is no reason to open more.
  const late = opened.then(() => pause(PATIENCE_MS, AbortSignal.any([signal, patience.signal])));
  const answer = await Promise.race([asked, late.then(() => undefined)]).finally(() => patience.abort());
  if (answer && decides(answer)) return [answer];
  const rest = others.map((version) =>
    ask(version, answer ? 0 : PATIENCE_MS).catch((): FirstAnswer => ({ kind: "silent" }))
  );
  return [await asked, ...await Promise.all(rest)];
}

/** Whether another version would be answered the same. */
function decides(answer: FirstAnswer): boolean {
  if (answer.kind === "refused") return !WRONG_VERSION.includes(answer.connack.reason);
  return answer.kind === "accepted" || answer.kind === "bytes";
}

/** The error of a connection, in the words of what the port speaks where that can be told. */
async function explained(error: unknown, address: BrokerAddress, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof TransportError) || signal.aborted) return error;
  // Nothing listens there, or a certificate was judged: the sentence says all.
  const tcp = address.kind === "mqtt" || address.kind === "unix";
  if (tcp || !["failed", "closed", "timeout"].includes(error.fault)) return error;
  const instead = await lookAgain(address, signal);
  return instead && !(instead.kind === "http" && address.kind === "ws")
    ? new TargetError(strangerSentence(address, instead), { cause: error })
    : error;
}

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
  /** The protocols that its target names; those that are not MQTT versions are ignored. */
  readonly protocols: readonly string[];
  readonly tls?: TlsOptions | undefined;
  readonly credentials?: Credentials | undefined;
  /** The timeout of an expectation, if its target sets one; in ms. */
  readonly withinMs?: number | undefined;
}

/** What a preflight ignores. */
export interface PreflightOptions {
  /** Whether the cases have their own user names, so a refusal of the target's own login does not matter. */
  readonly ownLogins?: boolean | undefined;
  /** Whether attest has started the broker, which may not be ready yet: only a refused login is reported then. */
  readonly started?: boolean | undefined;
}

/** The timeout of a network connection in milliseconds. */
const CONNECT_MS = 5_000;
/** The timeout of the first response in milliseconds, unless the target takes longer. */
const ANSWER_MS = 5_000;
/** The time in milliseconds after which the other versions are tried in parallel. */
const PATIENCE_MS = 1_500;
/** The order in which versions are tried; most brokers speak the first. */
const ORDER: readonly ProtocolVersion[] = ["3.1.1", "5.0", "3.1"];
/** The codes for a wrong version in 3.x and in 5.0. */
const WRONG_VERSION: readonly number[] = [1, 0x84];
const WRONG_CLIENT_ID: readonly number[] = [2, 0x85];
const NOT_AUTHORIZED: readonly number[] = [5, 0x87];

/**
 * Checks that a broker accepts a client before anything is judged. Usually sends one CONNECT, and more if the
 * broker does not speak the first version or does not respond. Throws {@link TargetError} or TransportError
 * with one sentence that says what is there instead and what to do.
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
  // Clients with one id would take over each other's session.
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
    // A broker that identifies its clients by id may accept one without.
    const byId = credentials && login.version !== "3.1" && NOT_AUTHORIZED.includes(login.connack.reason);
    if (byId && (await ask(login.version, 0, "")).kind === "accepted") return;
    throw new TargetError(refusalSentence(where, login, credentials));
  }
  // A broker may choose which ids it accepts, and it has accepted the user.
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

/** Returns the responses to one CONNECT or, if it decides nothing, to one in each version. */
async function firstAnswers(
  first: ProtocolVersion,
  others: readonly ProtocolVersion[],
  ask: (version: ProtocolVersion, late?: number) => Promise<FirstAnswer>,
  opened: Promise<void>,
  signal: AbortSignal,
): Promise<readonly FirstAnswer[]> {
  const asked = ask(first);
  const patience = new AbortController();
  // Do not open more connections to a far end that is slow to accept one.
  const late = opened.then(() => pause(PATIENCE_MS, AbortSignal.any([signal, patience.signal])));
  const answer = await Promise.race([asked, late.then(() => undefined)]).finally(() => patience.abort());
  if (answer && decides(answer)) return [answer];
  const rest = others.map((version) =>
    ask(version, answer ? 0 : PATIENCE_MS).catch((): FirstAnswer => ({ kind: "silent" }))
  );
  return [await asked, ...await Promise.all(rest)];
}

/** Whether another version would get the same response. */
function decides(answer: FirstAnswer): boolean {
  if (answer.kind === "refused") return !WRONG_VERSION.includes(answer.connack.reason);
  return answer.kind === "accepted" || answer.kind === "bytes";
}

/** Explains a connection error by what the port speaks, if that can be determined. */
async function explained(error: unknown, address: BrokerAddress, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof TransportError) || signal.aborted) return error;
  // There is no listener, or a certificate was judged: the message says everything.
  const tcp = address.kind === "mqtt" || address.kind === "unix";
  if (tcp || !["failed", "closed", "timeout"].includes(error.fault)) return error;
  const instead = await lookAgain(address, signal);
  return instead && !(instead.kind === "http" && address.kind === "ws")
    ? new TargetError(strangerSentence(address, instead), { cause: error })
    : error;
}

import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../mqtt/packet.ts";
import { TransportError } from "../../transport/error.ts";
import type { ProbeReach } from "./client.ts";
import { askAnonymous, askClientIds, askProperties, askTimeouts, askVersions } from "./connecting.ts";
import type { Asking, Observation, Question } from "./observation.ts";
import { askInFlight, askSizes, askTopics } from "./limits.ts";
import {
  askDollarTopics,
  askQos,
  askRetained,
  askSessions,
  askShared,
  askWildcards,
  askWills,
} from "./messaging.ts";

/** The broker of a probe, and how far the probe may go. */
export interface ProbeOptions {
  readonly reach: ProbeReach;
  /** Begins every client id and topic; letters and digits, at most 12 so that 3.1's ids have room. */
  readonly prefix: string;
  /** The largest payload that is tried; bytes. */
  readonly largest: number;
  /** How long the broker is watched for closing a silent connection; milliseconds. */
  readonly watchMs: number;
  /** Called with each observation as it comes. */
  readonly onObservation?: ((observation: Observation) => void) | undefined;
}

/** What a probe found. */
export interface Probed {
  /** The versions that are spoken; none where this user is not let in. */
  readonly protocols: readonly ProtocolVersion[];
  readonly observations: readonly Observation[];
  /** Whether nothing could be asked since the broker refuses this user. */
  readonly refusesUser: boolean;
}

/** The questions, in the order of the answers. The last ones take long or send much. */
const QUESTIONS: readonly Question[] = [
  askAnonymous,
  askClientIds,
  askQos,
  askRetained,
  askWildcards,
  askDollarTopics,
  askShared,
  askWills,
  askSessions,
  askTimeouts,
  askInFlight,
  askTopics,
  askSizes,
];

/**
 * Asks a broker what it does, by watching it: versions, QoS, retained messages, wildcards, `$`-topics, shared
 * subscriptions, wills, sessions, client ids, timeouts, limits. A question that ends with a failed connection is an
 * observation too. Throws TransportError where the broker can't be reached.
 */
export async function probe(options: ProbeOptions): Promise<Probed> {
  const { reach, prefix, onObservation } = options;
  const observations: Observation[] = [];
  const tell = (found: readonly Observation[]) => {
    for (const observation of found) {
      observations.push(observation);
      onObservation?.(observation);
    }
  };
  const versions = await askVersions(reach, prefix);
  tell(versions.observations);
  const version = (["3.1.1", "5.0", "3.1"] as const).find((one) => versions.spoken.includes(one));
  if (!version) return { protocols: [], observations, refusesUser: versions.refusesUser };
  const speaks5 = versions.spoken.includes("5.0");
  const { largest, watchMs } = options;
  const asking: Asking = { reach, version, speaks5, prefix, largest, watchMs };
  if (speaks5) tell(await orSilent(askProperties, asking));
  for (const question of QUESTIONS) {
    reach.signal.throwIfAborted();
    tell(await orSilent(question, asking));
  }
  return {
    protocols: PROTOCOL_VERSIONS.filter((one) => versions.spoken.includes(one)),
    observations,
    refusesUser: false,
  };
}

/** The observations of a question; a connection that fails in the middle of it is one. */
async function orSilent(question: Question, asking: Asking): Promise<readonly Observation[]> {
  try {
    return await question(asking);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return [{ about: words(question.name), found: `could not be asked: ${error.message}` }];
  }
}

/** `askDollarTopics` as `dollar topics`. */
function words(name: string): string {
  return name.replace(/^ask/, "").replace(/(?!^)([A-Z])/g, " $1").toLowerCase();
}

import { pause } from "../ground/wait.ts";
import type { AllClaims } from "../suite/claim/claims.ts";
import { askVersion } from "./probe/versions.ts";
import { TransportError } from "../transport/error.ts";
import { claimsFound } from "./probe/claims_found.ts";
import { claimed } from "./probe/finding.ts";
import { probe, type Probed, type ProbeOptions } from "./probe/probe.ts";
import { withEnhancedAuth } from "./claims_form.ts";
import { type BrokerTarget, TargetError } from "./target.ts";
import type { TargetFile } from "./target_file.ts";

/** A broker that can be asked what it supports. */
export type Askable =
  & Pick<
    BrokerTarget,
    "kind" | "name" | "address" | "protocols" | "version" | "credentials" | "connect" | "found"
  >
  & AllClaims
  & Partial<Pick<BrokerTarget, "upgrade" | "backMs" | "revive">>;

/** The interval between two checks of a broker that went down, in milliseconds. */
const LOOK_MS = 1_000;
/** How long to wait for a broker that went down, unless its target says otherwise, in milliseconds. */
const BACK_MS = 60_000;

/**
 * Asks a broker for the claims that its file leaves open: what it supports, and how much it takes. Values of the file
 * count more than what was found, and so do those of the command line, which `set` names. `featuresOnly` leaves out how much it
 * takes, and is done sooner. Throws {@link TargetError} where
 * the broker lets nobody in any more, or goes down and is not back in time, and TransportError.
 */
export async function asked<T extends Askable>(
  target: T,
  file: TargetFile,
  signal: AbortSignal,
  set: Iterable<string> = [],
  featuresOnly = false,
): Promise<T> {
  if (!file.asks) return target;
  const known = new Set([...file.values.keys(), ...set]);
  const found = await probeTarget(target, { versions: file.asks, known, featuresOnly, signal });
  await backAgain(target, found, signal);
  const { supports: features, valuesIn } = claimsFound(found);
  // Whatever needs an AUTH exchange cannot be asked.
  const supports = file.auth ? withEnhancedAuth(features) : features;
  return {
    ...target,
    protocols: found.protocols.map(({ protocol }) => protocol),
    version: target.version ?? found.version,
    supports,
    valuesIn: new Map(
      [...valuesIn].map(([protocol, values]) => [
        protocol,
        new Map([...values, ...file.values, ...file.valuesIn?.get(protocol) ?? []]),
      ]),
    ),
    found,
  };
}

/** Probes a reached broker. Throws {@link TargetError} if nothing can be asked, and TransportError. */
export async function probeTarget(
  target: Askable,
  options: Omit<ProbeOptions, "reach">,
): Promise<Probed> {
  const open = (signal: AbortSignal) => target.connect(signal);
  const found = await probe({ ...options, reach: { open, ...target.credentials } });
  if (found.protocols.length === 0) throw new TargetError(nobodyIn(target, found));
  if (!target.upgrade) return found;
  // The user states where the broker accepts WebSocket, so there is nothing to ask.
  const finding = claimed("websocket", "the target says where");
  return {
    ...found,
    protocols: found.protocols.map((one) => ({ ...one, findings: [...one.findings, finding] })),
  };
}

/**
 * Waits for a broker that went down during the questions. Throws {@link TargetError} if it does not return in
 * time.
 */
async function backAgain(target: Askable, { protocols }: Probed, signal: AbortSignal): Promise<void> {
  const felled = protocols.flatMap(({ protocol, findings }) =>
    findings.map((finding) => ({ protocol, finding }))
  )
    .find(({ finding }) => finding.kind === "capacity" && finding.wentDown);
  if (!felled) return;
  const { backMs = BACK_MS, credentials } = target;
  const reach = { open: (signal: AbortSignal) => target.connect(signal), ...credentials };
  for (const until = performance.now() + backMs; performance.now() < until; await pause(LOOK_MS, signal)) {
    await target.revive?.(signal);
    try {
      // Accepting connections proves nothing; a running broker answers CONNECT.
      if ((await askVersion(reach, felled.protocol, "attestback", signal)).connack) return;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
    }
    signal.throwIfAborted();
  }
  const { how } = felled.finding;
  throw new TargetError(
    `The broker at ${target.address} went down when asked for its capacities: ${how}; it did not ` +
      `return within ${backMs / 1_000} s; start it again, and give --set topicLevels=100 to limit ` +
      "the questions",
  );
}

/** Explains in a sentence why nothing could be asked of a broker that accepted a client before. */
function nobodyIn(target: Askable, { versions }: Probed): string {
  const answers = versions.map(({ version, how }) => `in ${version} ${how}`).join(", ");
  return `The broker at ${target.address} accepts a CONNECT of no version: ${answers}; if it selects its ` +
    "clients on purpose, list its features under supports: in a target file, and attest does not ask";
}

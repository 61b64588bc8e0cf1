import type { Arrival } from "../../link/mqtt_link.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import { StepFailed } from "../step_failed.ts";

/** The reason of a DISCONNECT for a silent client. */
const KEEP_ALIVE_TIMEOUT = 0x8d;

/** Whether this is the end of a connection, or announces it. */
export function isEnd(arrival: Arrival | undefined): boolean {
  return arrival?.kind === "closed" || (arrival?.kind === "packet" && arrival.packet.type === "DISCONNECT");
}

/** Whether a server closes the connection because its client was silent for too long. */
export function isForSilence(arrival: Arrival | undefined): boolean {
  return arrival?.kind === "packet" && arrival.packet.type === "DISCONNECT" &&
    arrival.packet.reason === KEEP_ALIVE_TIMEOUT;
}

/**
 * Returns the failure for an arrival. If `silentBefore` says that attest itself caused the end of the connection, the end is not the
 * broker's fault, and the failure is inconclusive.
 */
export function orSilent(
  silentBefore: string | undefined,
  error: unknown,
  outcomes: readonly Outcome[],
  arrival: Arrival | undefined,
): unknown {
  if (silentBefore === undefined || !(error instanceof StepFailed) || !isEnd(arrival)) return error;
  const wanted = outcomes.some((one) =>
    one.kind === "closed" || (one.kind === "packet" && one.type === "DISCONNECT")
  );
  // A case about the Keep Alive expects such an end; a case that expects another end is not about it.
  if (wanted && !isForSilence(arrival)) return error;
  return new StepFailed({
    ...error.problem,
    message: `${error.problem.message}, which cannot be judged: ${silentBefore}`,
    verdict: "inconclusive",
    missing: true,
  });
}

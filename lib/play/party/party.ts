import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import type { Sent } from "../../suite/step/sent.ts";
import type { Data } from "../../spec/scope.ts";
import type { StepProblem } from "../step_failed.ts";

/** What `take` took. */
export interface Taken {
  /** Which of the alternatives it was. */
  readonly index: number;
  /** What came, for `as:`. */
  readonly got: Data;
}

/**
 * One lane of a running case: a party that the harness plays. Waits are bounded by the given milliseconds and by the
 * case's own signal; all of them throw {@link StepFailed} when the target does what it should not.
 */
export interface Party extends AsyncDisposable {
  readonly name: string;
  /** How many milliseconds the far end took by now to say what it says slowly; no wait counts them. */
  readonly busyMs?: number;
  /** Sends what a step says, opening the lane's connection where there is none. */
  send(sent: Sent): Promise<void>;
  /** Takes the next arrival, which must be one of the outcomes of one of the alternatives. */
  take(alternatives: readonly (readonly Outcome[])[], withinMs: number): Promise<Taken>;
  /** Whether something comes within the given milliseconds that can be taken; what has come stays. Only clients have it. */
  comes?(withinMs: number, signal: AbortSignal): Promise<boolean>;
  /** Proves that nothing more comes: by a fence, or by waiting for the given milliseconds. */
  nothing(withinMs?: number): Promise<void>;
  /**
   * Opens the connection and sends nothing; with `subprotocols` asks for a WebSocket and offers them. With `protocol` the lane
   * speaks that version from then on.
   */
  open(subprotocols?: readonly string[], protocol?: ProtocolVersion): Promise<void>;
  /** Cuts the connection without a word: by FIN, or by RST. */
  drop(reset: boolean): Promise<void>;
  /** How many messages at QoS 1 and 2 the far end takes before it has acknowledged one, where it has said so. */
  readonly receiveMaximum?: number | undefined;
  /** From here on nothing that comes and is not expected counts. */
  ignore(): void;
  /**
   * Takes and forgets what still comes of a command, so that it can be tried again: until its final result, then silence,
   * or so many milliseconds. Only the serial side has it.
   */
  settle?(withinMs: number): Promise<void>;
  /** Takes a refusal of the last command where that comes soon, and tells whether it did. Only the serial side has it. */
  refusedSoon?(): Promise<boolean>;
  /** Lets come what a module says or sends again behind the last step, however distant it is. Only its sides have it. */
  lastOfAll?(): Promise<void>;
  /** What came and no step took, once the steps are over. */
  leftover(): StepProblem | undefined;
}

import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import type { Sent } from "../../suite/step/sent.ts";
import type { Data } from "../../spec/scope.ts";
import type { StepProblem } from "../step_failed.ts";

/** The result of `take`. */
export interface Taken {
  /** Which of the alternatives matched. */
  readonly index: number;
  /** The arrival as data, for `as:`. */
  readonly got: Data;
}

/**
 * One lane of a running case: a party that the harness plays. Waits are limited by the given milliseconds and
 * by the case's own signal. All methods throw {@link StepFailed} if the target misbehaves.
 */
export interface Party extends AsyncDisposable {
  readonly name: string;
  /** How many milliseconds the far end has spent so far on slow output; no wait counts them. */
  readonly busyMs?: number;
  /** Sends what a step says; opens the lane's connection first if necessary. */
  send(sent: Sent): Promise<void>;
  /** Takes the next arrival, which must match an outcome of one of the alternatives. */
  take(alternatives: readonly (readonly Outcome[])[], withinMs: number): Promise<Taken>;
  /** Whether an arrival comes within the given milliseconds; it stays in the inbox. Only clients have it. */
  comes?(withinMs: number, signal: AbortSignal): Promise<boolean>;
  /** Proves that nothing more comes: by a fence, or by waiting for the given milliseconds. */
  nothing(withinMs?: number): Promise<void>;
  /**
   * Opens the connection and sends nothing. With `subprotocols`, requests a WebSocket and offers them. With
   * `protocol`, the lane speaks that version from then on.
   */
  open(subprotocols?: readonly string[], protocol?: ProtocolVersion): Promise<void>;
  /** Cuts the connection by FIN or RST without sending anything. */
  drop(reset: boolean): Promise<void>;
  /**
   * How many messages at QoS 1 and 2 the far end accepts before it acknowledges one, if it has announced
   * that.
   */
  readonly receiveMaximum?: number | undefined;
  /** Ignores unexpected arrivals from here on. */
  ignore(): void;
  /**
   * Discards the rest of a command's response, so the command can be retried: waits for its final result and
   * then silence, or `withinMs`. Only the serial side has it.
   */
  settle?(withinMs: number): Promise<void>;
  /** Takes a refusal of the last command if it comes soon, and returns whether it did. Only the serial side has it. */
  refusedSoon?(): Promise<boolean>;
  /** Waits for what a module reports or sends again after the last step, however distant it is. Only its sides have it. */
  lastOfAll?(): Promise<void>;
  /** Returns what arrived without a step taking it, after the last step. */
  leftover(): StepProblem | undefined;
}

/** What went wrong on the way to the other end, for programs; the message is for people. */
export type TransportFault =
  /** Nobody listens there. */
  | "refused"
  /** No route to the host or network. */
  | "unreachable"
  /** No answer in time. */
  | "timeout"
  /** The host's name is not known. */
  | "unknown-host"
  /** There is no such device. */
  | "not-found"
  /** The device is there, and not for this user or without a grant. */
  | "denied"
  /** Another program has the device. */
  | "in-use"
  /** The device does not take a setting, or has no such signal. */
  | "unsupported"
  /** The line hung up or this end was closed. */
  | "closed"
  /** The caller's signal aborted. */
  | "aborted"
  /** Anything else. */
  | "failed";

/** A transport could not be opened or used; the message is one sentence for the user. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly fault: TransportFault;

  constructor(fault: TransportFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

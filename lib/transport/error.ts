/** What went wrong on the way to the other end, for programs; the message is for people. */
export type TransportFault =
  /** Nobody listens there. */
  | "refused"
  /** No route to the host or network. */
  | "unreachable"
  /** No answer in time. */
  | "timeout"
  /** The certificate of the far end is not trusted. */
  | "untrusted"
  /** The host's name is not known. */
  | "unknown-host"
  /** There is no such device. */
  | "not-found"
  /** This user, or the grants of this program, may not use it. */
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

/** The error of a connection attempt that the caller's signal aborted. */
export function givenUp(where: string, options?: ErrorOptions): TransportError {
  return new TransportError("aborted", `The connection to ${where} was given up`, options);
}

/** The error of a connection that Deno's permissions do not allow. */
export function notGranted(where: string, options?: ErrorOptions): TransportError {
  return new TransportError(
    "denied",
    `Connections to ${where} are not granted; run with --allow-net`,
    options,
  );
}

/** The error of a host without an address. */
export function unknownHost(host: string, options?: ErrorOptions): TransportError {
  return new TransportError(
    "unknown-host",
    `No address is known for the host "${host}"; check its spelling`,
    options,
  );
}

/** The cause of a transport failure, for programs; the message is for people. */
export type TransportFault =
  /** There is no listener. */
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
  /** This user, or the program's permissions, may not use it. */
  | "denied"
  /** Another program uses the device. */
  | "in-use"
  /** The device does not support a setting, or has no such signal. */
  | "unsupported"
  /** The line hung up, or this end was closed. */
  | "closed"
  /** The caller's signal aborted. */
  | "aborted"
  /** Anything else. */
  | "failed";

/** Thrown when a transport cannot be opened or used; the message is one sentence for the user. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly fault: TransportFault;

  constructor(fault: TransportFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** Creates the error of a connection attempt that the caller's signal aborted. */
export function givenUp(where: string, options?: ErrorOptions): TransportError {
  return new TransportError("aborted", `The connection to ${where} was cancelled`, options);
}

/** Creates the error of a connection that Deno's permissions do not allow. */
export function notGranted(where: string, options?: ErrorOptions): TransportError {
  return new TransportError(
    "denied",
    `No permission to connect to ${where}; run with --allow-net`,
    options,
  );
}

/** Creates the error of a host name without an address. */
export function unknownHost(host: string, options?: ErrorOptions): TransportError {
  return new TransportError(
    "unknown-host",
    `Unknown host "${host}"; check its spelling`,
    options,
  );
}

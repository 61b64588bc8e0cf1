import { defined } from "../ground/defined.ts";
import { messageOf } from "../ground/error_message.ts";
import { ellipsis, escaped } from "../ground/text.ts";
import { Buffer } from "node:buffer";
import { connect as connectSocket, type TLSSocket } from "node:tls";
import { givenUp, notGranted, TransportError, type TransportFault, unknownHost } from "./error.ts";
import { closeByReset } from "./resettable_tcp.ts";
import { at, type ConnectOptions } from "./tcp.ts";
import type { Transport } from "./transport.ts";

/** The TLS versions to choose from; the platform supports no older ones. */
export const TLS_VERSIONS = ["1.2", "1.3"] as const;
/** One of {@link TLS_VERSIONS}. */
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** How to verify the far end of a TLS connection, and which certificate this end presents. All texts are PEM. */
export interface TlsOptions {
  /** Certificates of the trusted authorities; the default is those that the platform trusts. */
  readonly ca?: string | undefined;
  /** This end's certificate, its chain, and its key. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** The name that the certificate must have, also sent as SNI; default the host. */
  readonly serverName?: string | undefined;
  /** Accepts any certificate of the far end; only the user can set this. */
  readonly insecure?: boolean | undefined;
  /** The offered versions; default all. */
  readonly versions?: readonly TlsVersion[] | undefined;
}

/**
 * Opens a TLS connection with node:tls, because Deno's own supports neither a client certificate together
 * with a server name nor a choice of versions. Throws a {@link TransportError} with the reason in one
 * sentence.
 */
export function connectTls(
  host: string,
  port: number,
  tls: TlsOptions = {},
  options: ConnectOptions = {},
): Promise<Transport> {
  const withinMs = options.withinMs ?? 5_000;
  const where = at(host, port);
  const { promise, resolve, reject } = Promise.withResolvers<Transport>();
  let socket: TLSSocket;
  try {
    socket = connectSocket({
      host,
      port,
      // An IP address is not a server name. [RFC 6066, 3]
      servername: tls.serverName ?? (isAddress(host) ? "" : host),
      rejectUnauthorized: tls.insecure !== true,
      ...defined({ ca: tls.ca, cert: tls.certificate, key: tls.key }),
      ...versionRange(tls.versions),
    });
  } catch (error) {
    return Promise.reject(explainTls(where, tls, error));
  }
  const fail = (error: TransportError) => {
    stop();
    socket.on("error", () => {});
    socket.destroy();
    reject(error);
  };
  const onError = (error: Error) => fail(explainTls(where, tls, error));
  const onClose = () =>
    fail(new TransportError("closed", `${where} closed the connection during the TLS handshake`));
  const onAbort = () => fail(givenUp(where));
  const timer = setTimeout(() => {
    const text = `No TLS handshake with ${where} within ${withinMs / 1000} s; check that it is a TLS port`;
    fail(new TransportError("timeout", text));
  }, withinMs);
  const stop = () => {
    clearTimeout(timer);
    socket.off("error", onError);
    socket.off("close", onClose);
    options.signal?.removeEventListener("abort", onAbort);
  };
  socket.on("error", onError);
  socket.on("close", onClose);
  options.signal?.addEventListener("abort", onAbort);
  if (options.signal?.aborted) onAbort();
  socket.once("connect", () => options.reached?.("tcp"));
  socket.once("secureConnect", () => {
    stop();
    options.reached?.("tls");
    socket.setNoDelay(true);
    resolve(new TlsTransport(socket, where));
  });
  return promise;
}

/** Returns the options of node:tls for a set of versions. */
export function versionRange(
  versions: readonly TlsVersion[] = [],
): { readonly minVersion?: `TLSv${TlsVersion}`; readonly maxVersion?: `TLSv${TlsVersion}` } {
  const sorted = [...versions].sort();
  const [least, most] = [sorted[0], sorted.at(-1)];
  return least && most ? { minVersion: `TLSv${least}`, maxVersion: `TLSv${most}` } : {};
}

/** A TLS connection of node:tls in the shape of a transport. It owns the socket. */
export class TlsTransport implements Transport {
  readonly #socket: TLSSocket;
  readonly #where: string;
  #wake: (() => void) | undefined;
  #rest: Uint8Array | undefined;
  #over = false;
  #error: unknown;

  constructor(socket: TLSSocket, where: string) {
    this.#socket = socket;
    this.#where = where;
    socket.on("readable", () => this.#wake?.());
    for (const event of ["end", "close"]) {
      socket.on(event, () => {
        this.#over = true;
        this.#wake?.();
      });
    }
    socket.on("error", (error: Error) => {
      this.#error ??= error;
      this.#over = true;
      this.#wake?.();
    });
  }

  /** The negotiated version, such as `TLSv1.3`. */
  get version(): string {
    return this.#socket.getProtocol() ?? "";
  }

  async read(into: Uint8Array): Promise<number | null> {
    for (;;) {
      const chunk = this.#rest ?? this.#next();
      if (chunk) {
        const size = Math.min(chunk.length, into.length);
        into.set(size === chunk.length ? chunk : chunk.subarray(0, size));
        this.#rest = size === chunk.length ? undefined : chunk.subarray(size);
        return size;
      }
      if (this.#error !== undefined) throw explainTls(this.#where, {}, this.#error);
      if (this.#over) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#socket.write(Buffer.from(bytes), (error) => error ? reject(error) : resolve(bytes.length));
    return promise;
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(() => resolve()));
  }

  close(): void {
    this.#over = true;
    this.#socket.destroy();
    this.#wake?.();
  }

  /** Resets the connection below TLS immediately. Throws {@link TransportError}. */
  reset(): void {
    const { localPort, remotePort } = this.#socket;
    closeByReset(localPort, remotePort, () => this.close());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #next(): Uint8Array | undefined {
    if (this.#socket.destroyed) return undefined;
    const chunk: unknown = this.#socket.read();
    return chunk instanceof Uint8Array ? chunk : undefined;
  }
}

const FAULTS: readonly (readonly [RegExp, TransportFault, string])[] = [
  [/ECONNREFUSED/, "refused", "refused the connection; check that a program listens there"],
  [/EHOSTUNREACH|ENETUNREACH/, "unreachable", "is not reachable from here; check the network"],
  [/ETIMEDOUT/, "timeout", "did not respond; check the address and the firewall"],
  [
    /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    "untrusted",
    "has a certificate that is not valid today; renew it, or accept any with --insecure",
  ],
  [
    /CERTIFICATE_REQUIRED|CertificateRequired|HANDSHAKE_FAILURE/i,
    "denied",
    "requires a client certificate; give tls: { certificate, key } in a target file",
  ],
  [
    /BAD_CERTIFICATE|CERTIFICATE_REVOKED|UNKNOWN_CA|UnknownCA|BadCertificate|CertificateRevoked/i,
    "denied",
    "does not accept the client certificate",
  ],
  [
    /PROTOCOL_VERSION|ProtocolVersion|unsupported protocol/i,
    "failed",
    "supports none of the chosen TLS versions",
  ],
  [
    /WRONG_VERSION_NUMBER|InvalidContentType|corrupt message|packet length/i,
    "failed",
    "does not speak TLS; check that the port is for mqtts or wss",
  ],
];

function explainTls(where: string, tls: TlsOptions, error: unknown): TransportError {
  const cause = { cause: error };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = messageOf(error);
  if (error instanceof Deno.errors.NotCapable || code === "EPERM") return notGranted(where, cause);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return unknownHost(where.replace(/:\d+$/, ""), cause);
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = escaped(ellipsis(/altnames?: (?!Host)(.*)$/.exec(text)?.[1] ?? "other names", 100));
    const wanted = tls.serverName ?? where.replace(/:\d+$/, "");
    const sentence =
      `The certificate of ${where} is for ${names}, not for "${wanted}"; give tls: { serverName } in a ` +
      "target file, or accept any certificate with --insecure";
    return new TransportError("untrusted", sentence, cause);
  }
  if (/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|UnknownIssuer/.test(code + text)) {
    // The platform reports an expired certificate with the same text.
    const sentence =
      `The certificate of ${where} cannot be verified: its signer is not trusted here, or it is not ` +
      "valid today; name its authority with --ca FILE or tls: { ca } in a target file, or accept any " +
      "certificate with --insecure";
    return new TransportError("untrusted", sentence, cause);
  }
  if (/PEM|key values mismatch|KeyMismatch|no start line/i.test(code + text)) {
    const sentence = `The client certificate or key cannot be used: ${text}`;
    return new TransportError("failed", sentence, cause);
  }
  for (const [pattern, fault, sentence] of FAULTS) {
    if (pattern.test(`${code} ${text}`)) return new TransportError(fault, `${where} ${sentence}`, cause);
  }
  return new TransportError("failed", `No TLS connection to ${where}: ${text}`, cause);
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^\d+(\.\d+){3}$/.test(host);
}

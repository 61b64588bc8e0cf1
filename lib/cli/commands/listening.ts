import type { BrokerAddress } from "../../transport/address.ts";
import { makeCertificates } from "../../transport/certificates.ts";
import type { ServerTls } from "../../transport/listen.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** The further addresses of the reference broker from the command line. */
export interface ListeningOptions {
  readonly host: string;
  readonly tls?: number;
  readonly ws?: number;
  readonly wss?: number;
  readonly unix?: string;
  /** The folder for the certificates that clients need. */
  readonly certificates?: string;
  /** Whether clients need a certificate of the same authority. */
  readonly clientCertificates?: boolean;
}

/**
 * The further addresses of the broker, and its certificates. Makes certificates for localhost and the host, and writes those
 * that clients need to a folder. Throws {@link UsageError}.
 */
export async function listening(
  options: ListeningOptions,
): Promise<{ readonly also: readonly BrokerAddress[]; readonly tls?: ServerTls }> {
  const { host, tls, ws, wss, unix, certificates: folder } = options;
  const also: BrokerAddress[] = [
    ...(tls === undefined ? [] : [{ kind: "mqtts" as const, host, port: tls }]),
    ...(ws === undefined ? [] : [{ kind: "ws" as const, host, port: ws, path: "/mqtt" }]),
    ...(wss === undefined ? [] : [{ kind: "wss" as const, host, port: wss, path: "/mqtt" }]),
    ...(unix === undefined ? [] : [{ kind: "unix" as const, path: unix }]),
  ];
  if (tls === undefined && wss === undefined) {
    if (folder === undefined && !options.clientCertificates) return { also };
    throw new UsageError("Certificates require TLS; add --tls PORT or --wss PORT");
  }
  if (folder === undefined) {
    throw new UsageError("TLS needs --certificates FOLDER, which gets the authority that clients trust");
  }
  const names = [...new Set(["localhost", "127.0.0.1", "::1", host])];
  const { ca, server, client } = await makeCertificates(names);
  const files = { "ca.pem": ca, "client.pem": client.certificate, "client.key": client.key };
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${file}`, text, { mode: 0o600 });
    }
  } catch (error) {
    const why = error instanceof Deno.errors.NotCapable
      ? `writing there is not granted; run with --allow-write=${folder}`
      : error instanceof Error
      ? error.message
      : String(error);
    throw new UsageError(`The certificates can't be written to "${folder}": ${why}`);
  }
  return {
    also,
    tls: { ...server, clientCa: options.clientCertificates ? ca : undefined },
  };
}

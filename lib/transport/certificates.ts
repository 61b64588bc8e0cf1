/** Test certificates for an authority, a server and a client, created when needed and valid for one day. */
import type { ExtendedKeyUsage as Usage } from "@peculiar/x509";

/** A certificate and its key, as PEM. */
export interface Credential {
  readonly certificate: string;
  readonly key: string;
}

/** The certificates and keys for both ends of a TLS connection in a test. */
export interface TestCertificates {
  /** The authority's certificate as PEM; its key is discarded. */
  readonly ca: string;
  readonly server: Credential;
  readonly client: Credential;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** How long ago the certificates became valid, in ms, because clocks differ. */
const BEFORE_MS = 10 * 60_000;
const VALID_MS = 24 * 3_600_000;

/**
 * Creates certificates: the server's for `names` (host names and IP addresses), the client's with the common
 * name `attest-client`. Both are valid for `validMs` from now; the default is 24 h, and a negative value
 * creates expired ones.
 */
export async function makeCertificates(
  names: readonly string[] = ["localhost", "127.0.0.1", "::1"],
  validMs: number = VALID_MS,
): Promise<TestCertificates> {
  const {
    AuthorityKeyIdentifierExtension,
    BasicConstraintsExtension,
    ExtendedKeyUsage,
    ExtendedKeyUsageExtension,
    KeyUsageFlags,
    KeyUsagesExtension,
    PemConverter,
    SubjectAlternativeNameExtension,
    SubjectKeyIdentifierExtension,
    X509CertificateGenerator,
  } = await library();
  const notBefore = new Date(Date.now() - BEFORE_MS + Math.min(0, validMs));
  const notAfter = new Date(Date.now() + validMs);
  const authorityEnd = new Date(Date.now() + VALID_MS);
  const keys = await generateKeys();
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: "CN=attest test authority",
    notBefore,
    notAfter: authorityEnd,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issue = async (name: string, usage: Usage, alternatives: readonly string[]) => {
    const own = await generateKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: `CN=${name}`,
      issuer: ca.subject,
      notBefore,
      notAfter,
      signingAlgorithm: ALGORITHM,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        new SubjectAlternativeNameExtension(
          alternatives.map((value) => ({ type: isAddress(value) ? "ip" as const : "dns" as const, value })),
        ),
        await AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return {
      certificate: `${certificate.toString("pem")}\n`,
      key: PemConverter.encode(await crypto.subtle.exportKey("pkcs8", own.privateKey), "PRIVATE KEY"),
    };
  };
  return {
    ca: `${ca.toString("pem")}\n`,
    server: await issue(names[0] ?? "localhost", ExtendedKeyUsage.serverAuth, names),
    client: await issue("attest-client", ExtendedKeyUsage.clientAuth, ["attest-client"]),
  };
}

/** Loads the library only when certificates are created: it is large, and most runs use no TLS. */
async function library(): Promise<typeof import("@peculiar/x509")> {
  // The library finds classes by their metadata, which needs this import first.
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** Creates a random serial number, positive as RFC 5280 requires. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0] ?? 0) & 0x7f | 0x40;
  return bytes.toHex();
}

function isAddress(name: string): boolean {
  return name.includes(":") || /^\d+(\.\d+){3}$/.test(name);
}

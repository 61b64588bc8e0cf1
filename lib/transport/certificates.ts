/** Test certificates for an authority, a server and a client, created when needed and valid for one day. */
import type { ExtendedKeyUsage as Usage } from "@peculiar/x509";

/** A certificate and its key, as PEM. */
export interface Credential {
  readonly certificate: string;
  readonly key: string;
}

/** The certificates and keys for both ends of a TLS connection in a test. */
export interface TestCertificates {
  /** The authority's certificate, as PEM. */
  readonly ca: string;
  /** The authority with its key, to issue further certificates. */
  readonly authority: Credential;
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
    BasicConstraintsExtension,
    ExtendedKeyUsage,
    KeyUsageFlags,
    KeyUsagesExtension,
    PemConverter,
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
  const issue = (name: string, usage: Usage, alternatives: readonly string[]) =>
    issueBy({ subject: ca.subject, publicKey: keys.publicKey, privateKey: keys.privateKey }, {
      name,
      usage,
      alternatives,
      notBefore,
      notAfter,
    });
  const authorityKey = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const pem = `${ca.toString("pem")}\n`;
  return {
    ca: pem,
    authority: { certificate: pem, key: PemConverter.encode(authorityKey, "PRIVATE KEY") },
    server: await issue(names[0] ?? "localhost", ExtendedKeyUsage.serverAuth, names),
    client: await issue("attest-client", ExtendedKeyUsage.clientAuth, ["attest-client"]),
  };
}

/**
 * Returns a function that issues client certificates, valid for a day: the name that it is given is their common name. Throws Error
 * where the authority's certificate or its key, PKCS #8 of an ECDSA key on P-256, can't be read.
 */
export async function clientIssuer(authority: Credential): Promise<(name: string) => Promise<Credential>> {
  const { ExtendedKeyUsage, PemConverter, X509Certificate } = await library();
  const certificate = new X509Certificate(authority.certificate);
  const [der] = PemConverter.decode(authority.key);
  if (!der) throw new Error("The key of the authority is not PEM");
  const issuer = {
    subject: certificate.subject,
    publicKey: await certificate.publicKey.export(ALGORITHM, ["verify"]),
    privateKey: await crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]),
  };
  const notBefore = new Date(Math.max(Date.now() - BEFORE_MS, certificate.notBefore.getTime()));
  const notAfter = new Date(Math.min(Date.now() + VALID_MS, certificate.notAfter.getTime()));
  const usage = ExtendedKeyUsage.clientAuth;
  return (name) => issueBy(issuer, { name, usage, alternatives: [], notBefore, notAfter });
}

/** Who issues a certificate, and what stands in it. */
interface Issuer {
  readonly subject: string;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

interface Issued {
  readonly name: string;
  readonly usage: Usage;
  readonly alternatives: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

async function issueBy(issuer: Issuer, issued: Issued): Promise<Credential> {
  const {
    AuthorityKeyIdentifierExtension,
    BasicConstraintsExtension,
    ExtendedKeyUsageExtension,
    KeyUsageFlags,
    KeyUsagesExtension,
    PemConverter,
    SubjectAlternativeNameExtension,
    X509CertificateGenerator,
  } = await library();
  const own = await generateKeys();
  const names = issued.alternatives.map((value) => ({
    type: isAddress(value) ? "ip" as const : "dns" as const,
    value,
  }));
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [issued.name] }],
    issuer: issuer.subject,
    notBefore: issued.notBefore,
    notAfter: issued.notAfter,
    signingAlgorithm: ALGORITHM,
    publicKey: own.publicKey,
    signingKey: issuer.privateKey,
    extensions: [
      new BasicConstraintsExtension(false),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([issued.usage]),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: PemConverter.encode(await crypto.subtle.exportKey("pkcs8", own.privateKey), "PRIVATE KEY"),
  };
}

/** Loads the library only where certificates are made: it is large, and most runs have no TLS. */
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

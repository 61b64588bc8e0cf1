import type { Credential } from "../transport/certificates.ts";
import type { TlsOptions } from "../transport/tls.ts";
import type { Place } from "../spec/place.ts";
import type { SecretSource } from "./access_form.ts";
import type { AuthSource, DataSource } from "./auth_form.ts";
import { type Credentials, type DeclaredAuth, TargetError } from "./target.ts";
import type { TargetFile } from "./target_file.ts";

/** The secrets for access to a target, read when it is reached and stored nowhere else. */
export interface Access {
  readonly tls?: TlsOptions | undefined;
  /** An authority for clients that the broker trusts. */
  readonly issuer?: Credential | undefined;
  readonly credentials?: Credentials | undefined;
  readonly auth?: DeclaredAuth | undefined;
}

/**
 * Reads the secrets that a target file refers to: PEM files, the user name and password, and the data of
 * `auth:`. `fill` replaces the placeholders in paths. Throws {@link TargetError}, which never shows a secret.
 */
export async function readAccess(file: TargetFile, fill: (text: string) => string): Promise<Access> {
  const { tls, credentials } = file;
  const pem = async (path: string | undefined, place: Place | undefined) => {
    if (path === undefined) return undefined;
    const text = await readFile(file, "a certificate or key", fill(path), place);
    // The platform ignores a PEM text that it cannot read.
    if (text.includes("-----BEGIN ")) return text;
    throw new TargetError(
      `The target "${file.name}" reads a certificate or key from "${path}", which contains no PEM${
        at(place)
      }`,
    );
  };
  const [ca, certificate, key, issuer, issuerKey] = await Promise.all([
    pem(tls?.ca, tls?.places?.ca),
    pem(tls?.certificate, tls?.places?.certificate),
    pem(tls?.key, tls?.places?.key),
    pem(tls?.issuer, tls?.places?.issuer),
    pem(tls?.issuerKey, tls?.places?.issuerKey),
  ]);
  const userName = await secretOf(file, "the user name", credentials?.userName);
  const password = await secretOf(file, "the password", credentials?.password);
  return {
    tls: tls && {
      ca,
      certificate,
      key,
      serverName: tls.serverName,
      versions: tls.versions,
      insecure: tls.insecure,
    },
    issuer: issuer === undefined || issuerKey === undefined
      ? undefined
      : { certificate: issuer, key: issuerKey },
    credentials: credentials && { userName, password },
    auth: file.auth && await authOf(file, file.auth),
  };
}

async function authOf(file: TargetFile, auth: AuthSource): Promise<DeclaredAuth> {
  if (auth.kind === "scram") {
    const userName = await secretOf(file, "the user name of auth", auth.userName) ?? "";
    const password = await secretOf(file, "the password of auth", auth.password) ?? "";
    return { kind: "scram", method: auth.method, userName, password };
  }
  const bytes = async (source: DataSource | undefined) => {
    if (source?.from === "bytes") return source.bytes;
    const text = await secretOf(file, "Authentication Data", source);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };
  const steps = [];
  for (const { challenge, answer } of auth.steps) {
    steps.push({ challenge: await bytes(challenge), answer: await bytes(answer) });
  }
  const [connect, success] = [await bytes(auth.connect), await bytes(auth.success)];
  return { kind: "fixed", method: auth.method, connect, steps, success };
}

async function secretOf(
  file: TargetFile,
  what: string,
  source: SecretSource | undefined,
): Promise<string | undefined> {
  if (!source) return undefined;
  switch (source.from) {
    case "here":
      return source.text;
    case "file":
      return (await readFile(file, what, source.path, source.place)).replace(/\r?\n$/, "");
    case "environment": {
      const value = Deno.env.get(source.name);
      if (value !== undefined) return value;
      throw new TargetError(
        `The target "${file.name}" reads ${what} from the environment variable ${source.name}, which is ` +
          `not set${at(source.place)}`,
      );
    }
  }
}

/** The place in the target file that refers to something missing. */
function at(place: Place | undefined): string {
  return place ? ` (${place.file}:${place.line}:${place.column})` : "";
}

async function readFile(
  file: TargetFile,
  what: string,
  path: string,
  place: Place | undefined,
): Promise<string> {
  const full = path.startsWith("/") || file.folder === undefined ? path : `${file.folder}/${path}`;
  try {
    return await Deno.readTextFile(full);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable
      ? "this user may not read it"
      : "it is not text";
    throw new TargetError(`The target "${file.name}" cannot read ${what} from "${full}": ${why}${at(place)}`);
  }
}

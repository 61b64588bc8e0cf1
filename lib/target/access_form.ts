import { type Form, located, text, word } from "../spec/form.ts";
import { type Keys, list, object } from "../spec/form_parts.ts";
import type { Place } from "../spec/place.ts";
import { TLS_VERSIONS, type TlsVersion } from "../transport/tls.ts";

/** The source of a user name or a password. */
export type SecretSource =
  | { readonly from: "environment"; readonly name: string; readonly place: Place }
  | { readonly from: "file"; readonly path: string; readonly place: Place }
  | { readonly from: "here"; readonly text: string; readonly place: Place };

/** The sources of the user name and password for every CONNECT that sets none itself. */
export interface CredentialSources {
  readonly userName?: SecretSource | undefined;
  readonly password?: SecretSource | undefined;
}

type PemKey = "ca" | "certificate" | "key" | "issuer" | "issuerKey";

/** How a broker is reached over TLS, by the paths of PEM files. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** An authority for clients that the broker trusts, and its key: a load issues certificates by it. */
  readonly issuer?: string | undefined;
  readonly issuerKey?: string | undefined;
  readonly serverName?: string | undefined;
  readonly versions?: readonly TlsVersion[] | undefined;
  /** Accepts any certificate; set by the user, never in the file. */
  readonly insecure?: true | undefined;
  /** Where the paths stand. */
  readonly places?: { readonly [key in PemKey]?: Place | undefined } | undefined;
}

/** Only variables whose names begin with ATTEST_ are read, so one permission is enough. */
const VARIABLE = /^ATTEST_[A-Z0-9_]+$/;

/** Reads the keys of a source, exactly one of which is allowed. */
export function readSource(keys: Keys): readonly (SecretSource | undefined)[] {
  const name = keys.optional(
    "env",
    located(text({ what: "a variable whose name begins with ATTEST_", pattern: VARIABLE })),
    "the environment variable that contains it; its name begins with ATTEST_",
  );
  const path = keys.optional(
    "file",
    located(text({ what: "a path", longest: 1_000 })),
    "the file that contains it, relative to this file's folder; a final line end is ignored",
  );
  const here = keys.optional(
    "text",
    located(text({ longest: 1_000 })),
    "the value itself, for a broker that attest starts and no one else sees",
  );
  return [
    name && { from: "environment", name: name.value, place: name.place },
    path && { from: "file", path: path.value, place: path.place },
    here && { from: "here", text: here.value, place: here.place },
  ];
}

/**
 * The source of a user name or a password. Reports a plain text without showing it, and suggests what to
 * write.
 */
export function secret(what: string, example: string): Form<SecretSource> {
  const form = sourceOf(what);
  return {
    read(node, report) {
      if (node.kind === "map") return form.read(node, report);
      report.add(`expected the source of ${what}, found a text`, node.place, `write ${example}`);
      return undefined;
    },
    schema: (definitions) => form.schema(definitions),
  };
}

function sourceOf(what: string): Form<SecretSource> {
  return object(`the source of ${what}`, (keys, report): SecretSource | undefined => {
    const given = readSource(keys).filter((one) => one !== undefined);
    const place = keys.place("env");
    if (place && given.length !== 1 && report.problems.length === 0) {
      report.add(
        `${given.length === 0 ? "no source" : "several sources"} of ${what}`,
        place,
        "write { env: ATTEST_PASSWORD } or { file: path }",
      );
    }
    return given[0];
  });
}

/** The source of a user name. */
export const USER_NAME = secret("the user name", "userName: { text: NAME }");

/** The source of a password. */
export const PASSWORD = secret(
  "the password",
  "password: { env: ATTEST_PASSWORD } or password: { file: PATH }",
);

/** `credentials:` of a target file. */
export const CREDENTIALS: Form<CredentialSources> = object("credentials", (keys) => {
  const userName = keys.optional("userName", USER_NAME, "the User Name of every CONNECT");
  const password = keys.optional("password", PASSWORD, "the Password of every CONNECT");
  return { userName, password };
});

const FILE = () => text({ what: "the path of a PEM file", longest: 1_000 });

/** `tls:` of a target file. */
export const TLS: Form<TlsFiles> = object("the TLS options", (keys, report) => {
  const ca = keys.optional("ca", FILE(), "the authority that signed the broker's certificate");
  const certificate = keys.optional("certificate", FILE(), "the client's certificate");
  const key = keys.optional("key", FILE(), "the key of the client's certificate");
  const issuer = keys.optional(
    "issuer",
    FILE(),
    "an authority for clients that the broker trusts; a load issues a certificate for each client by it",
  );
  const issuerKey = keys.optional("issuerKey", FILE(), "the key of the issuer: PKCS #8, ECDSA on P-256");
  const serverName = keys.optional(
    "serverName",
    text({ what: "a host name", pattern: /^[A-Za-z0-9.-]{1,253}$/ }),
    "the name that the broker's certificate must have; default the host",
  );
  const versions = keys.optional(
    "versions",
    list(word(TLS_VERSIONS, "version of TLS"), { least: 1 }),
    "the offered versions; default all",
  );
  const place = keys.place("certificate");
  if (place && keys.has("certificate") !== keys.has("key")) {
    report.add("a client certificate needs its key, and a key its certificate", place, "give both");
  }
  const issuerPlace = keys.place("issuer");
  if (issuerPlace && keys.has("issuer") !== keys.has("issuerKey")) {
    report.add("an issuer needs its key, and a key its issuer", issuerPlace, "give both");
  }
  const placeOf = (name: PemKey) => keys.has(name) ? keys.place(name) : undefined;
  return {
    ca,
    certificate,
    key,
    issuer,
    issuerKey,
    serverName,
    versions,
    places: {
      ca: placeOf("ca"),
      certificate: placeOf("certificate"),
      key: placeOf("key"),
      issuer: placeOf("issuer"),
      issuerKey: placeOf("issuerKey"),
    },
  };
});

import { parseHex } from "../spec/bytes.ts";
import { byShape, type Form, located, text } from "../spec/form.ts";
import { list, mapForm, object } from "../spec/form_parts.ts";
import type { Place } from "../spec/place.ts";
import { quote } from "../spec/problem.ts";
import { PASSWORD, readSource, type SecretSource, USER_NAME } from "./access_form.ts";

/** The source of Authentication Data: bytes of the file itself, or a {@link SecretSource}. */
export type DataSource = SecretSource | { readonly from: "bytes"; readonly bytes: Uint8Array };

/** One AUTH of the server and the client's AUTH in response. */
export interface AuthStepSource {
  /** The data that the server sends; absent for any. */
  readonly challenge?: DataSource | undefined;
  /** The data that the client sends; absent for an AUTH without data. */
  readonly answer?: DataSource | undefined;
}

/** `auth:` of a target file, before its secrets are read. */
export type AuthSource =
  | {
    readonly kind: "scram";
    readonly method: ScramMethod;
    readonly userName: SecretSource;
    readonly password: SecretSource;
  }
  | {
    readonly kind: "fixed";
    readonly method: string;
    readonly connect?: DataSource | undefined;
    readonly steps: readonly AuthStepSource[];
    readonly success?: DataSource | undefined;
  };

/** The methods that attest implements. */
export const SCRAM_METHODS = ["SCRAM-SHA-1", "SCRAM-SHA-256"] as const;
export type ScramMethod = (typeof SCRAM_METHODS)[number];

/** The keys of a SCRAM exchange only. */
const OF_SCRAM = ["userName", "password"];
const OF_FIXED = ["connect", "steps", "success"];
/** The most AUTH packets of a server in one exchange. */
const MOST_STEPS = 20;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const EXAMPLE = "write text, { hex: 00 ff }, { base64: AP8= }, { env: ATTEST_TOKEN } or { file: path }";

const bytes = (source: string): DataSource => ({ from: "bytes", bytes: new TextEncoder().encode(source) });

/** Authentication Data: text, or a map with one of `hex`, `base64`, `text`, `env` and `file`. */
const DATA: Form<DataSource> = byShape<DataSource>("Authentication Data", {
  scalar: mapForm(text({ longest: 10_000 }), bytes),
  map: object("Authentication Data", (keys, report): DataSource | undefined => {
    const hex = keys.optional("hex", located(text()), "pairs of hex digits");
    const base64 = keys.optional("base64", located(text()), "base64");
    const found = readSource(keys);
    const given = [hex, base64, ...found].filter((one) => one !== undefined);
    const place = keys.place("hex");
    if (place && given.length !== 1) {
      const many = given.length === 0 ? "no data" : "data in several forms";
      report.add(`expected one form of Authentication Data, found ${many}`, place, EXAMPLE);
      return undefined;
    }
    if (hex) {
      const read = parseHex(hex.value);
      if (read) return { from: "bytes", bytes: read };
      report.add(`expected pairs of hex digits, found ${quote(hex.value)}`, hex.place, "such as 00 ff");
      return undefined;
    }
    if (base64) {
      if (BASE64.test(base64.value)) return { from: "bytes", bytes: Uint8Array.fromBase64(base64.value) };
      report.add(`expected base64, found ${quote(base64.value)}`, base64.place, "such as AP8=");
      return undefined;
    }
    return found.find((one) => one !== undefined);
  }),
}, EXAMPLE);

const STEP: Form<AuthStepSource> = object("a step of an exchange", (keys): AuthStepSource => {
  const challenge = keys.optional(
    "challenge",
    DATA,
    "the data of the server's AUTH; by default any data is accepted",
  );
  const answer = keys.optional("answer", DATA, "the data of the client's answer; without it none");
  return { challenge, answer };
}, "{ challenge: data, answer: data }");

/** `auth:` of a target file: how a client authenticates itself by AUTH packets of 5.0. */
export const AUTH: Form<AuthSource & { readonly place: Place }> = object("auth", (keys, report) => {
  const method = keys.required(
    "method",
    text({ what: "the name of an Authentication Method", longest: 1_000 }),
    "the Authentication Method; attest computes SCRAM-SHA-1 and SCRAM-SHA-256, and any other is a fixed exchange",
  );
  const userName = keys.optional("userName", USER_NAME, "the user name of SCRAM");
  const password = keys.optional("password", PASSWORD, "the password of SCRAM");
  const connect = keys.optional("connect", DATA, "the data of CONNECT; without it none");
  const steps = keys.optional(
    "steps",
    list(STEP, { most: MOST_STEPS }),
    "each AUTH of the server with the client's answer, in order; without it the server answers " +
      "CONNECT with CONNACK",
  );
  const success = keys.optional(
    "success",
    DATA,
    "the data of the CONNACK or AUTH that ends the exchange; by default any data is accepted",
  );
  const place = keys.place("method");
  if (method === undefined || !place) return undefined;
  const scram = SCRAM_METHODS.find((one) => one === method);
  for (const name of scram ? OF_FIXED : OF_SCRAM) {
    const at = keys.place(name);
    if (!keys.has(name) || !at) continue;
    const hint = scram
      ? "attest computes this method; write userName: and password:"
      : `a fixed exchange has connect:, steps: and success:; attest computes ${SCRAM_METHODS.join(" and ")}`;
    report.add(`${quote(name)} in an exchange of ${quote(method)}`, at, hint);
  }
  if (!scram) return { kind: "fixed", method, connect, steps: steps ?? [], success, place };
  if (userName && password) return { kind: "scram", method: scram, userName, password, place };
  if (!keys.has("userName") || !keys.has("password")) {
    const missing = keys.has("userName") ? "password" : "userName";
    report.add(`no ${quote(missing)} for ${scram}`, place, `add ${missing}: { env: ATTEST_… }`);
  }
  return undefined;
}, "auth: { method: SCRAM-SHA-256, userName: { env: ATTEST_USER }, password: { env: ATTEST_PASSWORD } }");

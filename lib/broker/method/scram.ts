import { Buffer } from "node:buffer";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { sameBytes } from "../../ground/bytes.ts";
import {
  type AuthData,
  type AuthenticationMethod,
  type AuthFault,
  FAILED,
  type Manner,
  type MethodStep,
  type ServerExchange,
  utf8,
} from "./method.ts";

/** What a SCRAM server stores about a user instead of the password. [RFC 5802, section 3] */
export interface StoredUser {
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** The user of the reference broker. */
const USER = "attest";
const PASSWORD = "reference broker";
const ROUNDS = 4_096;
const NO_BINDING = "biws";
const CLIENT_FIRST = /^(?:n|y),(?:a=[^,]*)?,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/;
const CLIENT_FINAL = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)),p=([A-Za-z0-9+/]+=*)$/;

type Hash = "sha1" | "sha256";

/** The stored data of a user, computed with HMAC alone, as RFC 5802 defines Hi(). */
export function storedUser(hash: Hash, password: string, salt: Uint8Array, rounds: number): StoredUser {
  const mac = (key: Uint8Array, ...parts: readonly Uint8Array[]) => {
    const begun = createHmac(hash, key);
    for (const part of parts) begun.update(part);
    return new Uint8Array(begun.digest());
  };
  const key = utf8(password);
  let last = mac(key, salt, Uint8Array.of(0, 0, 0, 1));
  const salted = last.slice();
  for (let at = 1; at < rounds; at++) {
    last = mac(key, last);
    for (let index = 0; index < salted.length; index++) {
      salted[index] = (salted[index] ?? 0) ^ (last[index] ?? 0);
    }
  }
  return {
    salt,
    rounds,
    storedKey: new Uint8Array(createHash(hash).update(mac(salted, utf8("Client Key"))).digest()),
    serverKey: mac(salted, utf8("Server Key")),
  };
}

/** The server's side of one SCRAM exchange. */
export class ScramServer implements ServerExchange {
  readonly #hash: Hash;
  readonly #user: (name: string) => StoredUser | undefined;
  readonly #nonce: string;
  readonly #manner: Manner;
  #asked: {
    readonly bare: string;
    readonly nonce: string;
    readonly first: string;
    readonly user: StoredUser;
    readonly known: boolean;
  } | undefined;

  /** `nonce` is the server's part; `user` looks up the stored data of a user. */
  constructor(
    hash: Hash,
    user: (name: string) => StoredUser | undefined,
    nonce: string,
    manner: Manner = { passes: () => false, asksUnknownUsers: true },
  ) {
    this.#hash = hash;
    this.#user = user;
    this.#nonce = nonce;
    this.#manner = manner;
  }

  take(data: AuthData): MethodStep {
    const text = data === undefined ? "" : new TextDecoder().decode(data);
    return this.#asked ? this.#final(text) : this.#first(text);
  }

  #first(text: string): MethodStep {
    const [, bare = "", name = "", clientNonce = ""] = CLIENT_FIRST.exec(text) ?? [];
    if (bare === "" && !this.#manner.passes("first")) return FAILED;
    const known = this.#user(name.replaceAll("=2C", ",").replaceAll("=3D", "="));
    if (!known && bare !== "" && !this.#manner.asksUnknownUsers && !this.#manner.passes("user")) {
      return FAILED;
    }
    // The exchange goes on for an unknown user, so a client can't learn which names exist.
    const user = known ??
      { salt: utf8("nobody"), rounds: ROUNDS, storedKey: new Uint8Array(), serverKey: new Uint8Array() };
    const nonce = clientNonce + this.#nonce;
    const first = `r=${nonce},s=${Buffer.from(user.salt).toString("base64")},i=${user.rounds}`;
    this.#asked = { bare, nonce, first, user, known: known !== undefined };
    return { kind: "ask", data: utf8(first) };
  }

  #final(text: string): MethodStep {
    const asked = this.#asked;
    const fault = this.#faultOf(text);
    if (!asked || (fault && !this.#manner.passes(fault))) return FAILED;
    const [, without = ""] = CLIENT_FINAL.exec(text) ?? [];
    const signature = this.#mac(asked.user.serverKey, `${asked.bare},${asked.first},${without}`);
    return { kind: "success", data: utf8(`v=${Buffer.from(signature).toString("base64")}`) };
  }

  #faultOf(text: string): AuthFault | undefined {
    const asked = this.#asked;
    if (text === "") return "empty";
    const [, without = "", binding, nonce, proof = ""] = CLIENT_FINAL.exec(text) ?? [];
    if (!asked || without === "" || binding !== NO_BINDING) return "form";
    if (!asked.known) return "user";
    const sent = new Uint8Array(Buffer.from(proof, "base64"));
    // The proof XOR the signature over both ends' messages is the client's key.
    const signature = this.#mac(asked.user.storedKey, `${asked.bare},${asked.first},${without}`);
    const key = sent.map((byte, at) => byte ^ (signature[at] ?? 0));
    const right = sameBytes(
      new Uint8Array(createHash(this.#hash).update(key).digest()),
      asked.user.storedKey,
    );
    if (nonce !== asked.nonce && right) return "nonce";
    if (sent.length < asked.user.storedKey.length) return "cut";
    return right ? undefined : "proof";
  }

  #mac(key: Uint8Array, text: string): Uint8Array {
    return new Uint8Array(createHmac(this.#hash, key).update(text).digest());
  }
}

function scramMethod(name: string, hash: Hash): AuthenticationMethod {
  let kept: StoredUser | undefined;
  const user = (given: string) => {
    if (given !== USER) return undefined;
    // Compute the thousands of rounds only on demand, and only once.
    kept ??= storedUser(hash, PASSWORD, utf8(`salt of ${name}`), ROUNDS);
    return kept;
  };
  return { name, begin: (manner) => new ScramServer(hash, user, randomBytes(18).toString("base64"), manner) };
}

/** The SCRAM methods of the reference broker; the user is "attest", the password "reference broker". */
export const SCRAM_METHODS_OF_BROKER: readonly AuthenticationMethod[] = [
  scramMethod("SCRAM-SHA-1", "sha1"),
  scramMethod("SCRAM-SHA-256", "sha256"),
];

import type { DeclaredAuth } from "../../target/target.ts";
import { type AuthData, AuthProblem, type ClientExchange, wrongBytes, type WrongWay } from "./exchange.ts";
import { saslprep } from "./saslprep.ts";

/** The GS2 header of a client without channel binding, and its base64 form. [RFC 5802, section 7] */
const GS2_HEADER = "n,,";
const CHANNEL_BINDING = `c=${btoa(GS2_HEADER)}`;
/** The most rounds that are computed, so a server cannot block the run. */
const MOST_ROUNDS = 1_000_000;
const HASHES = { "SCRAM-SHA-1": "SHA-1", "SCRAM-SHA-256": "SHA-256" } as const;
const BYTES_OF_HASH = { "SHA-1": 20, "SHA-256": 32 } as const;

type ScramAuth = Extract<DeclaredAuth, { kind: "scram" }>;

/** The client's proof and the signature expected from the server, both as base64. */
export interface ScramProof {
  readonly proof: string;
  readonly signature: string;
}

/** Computes both by RFC 5802, section 3, from a prepared password and the AuthMessage. */
export async function scramProof(
  hash: "SHA-1" | "SHA-256",
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
  authMessage: string,
): Promise<ScramProof> {
  const base = await crypto.subtle.importKey("raw", utf8(password), "PBKDF2", false, ["deriveBits"]);
  const salted = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash, salt, iterations: rounds },
    base,
    8 * BYTES_OF_HASH[hash],
  );
  const clientKey = await hmac(hash, salted, utf8("Client Key"));
  const storedKey = await crypto.subtle.digest(hash, clientKey);
  const clientSignature = await hmac(hash, storedKey, utf8(authMessage));
  const serverKey = await hmac(hash, salted, utf8("Server Key"));
  const signature = await hmac(hash, serverKey, utf8(authMessage));
  const proof = clientKey.map((byte, at) => byte ^ (clientSignature[at] ?? 0));
  return { proof: proof.toBase64(), signature: signature.toBase64() };
}

/** The client's side of SCRAM without channel binding. [RFC 5802, RFC 7677] */
export class ScramExchange implements ClientExchange {
  readonly #auth: ScramAuth;
  readonly #nonce: string;
  #userName: string;
  /** The server's first message, once received. */
  #serverFirst: {
    readonly text: string;
    readonly nonce: string;
    salt: Uint8Array<ArrayBuffer>;
    rounds: number;
  } | undefined;
  #signature = "";
  #verified = false;

  /** `nonce` is the client's nonce: printable ASCII without commas. */
  constructor(auth: ScramAuth, nonce: string) {
    this.#auth = auth;
    this.#nonce = nonce;
    this.#userName = auth.userName;
  }

  get lastNext(): boolean {
    return this.#serverFirst === undefined;
  }

  first(): AuthData {
    return utf8(GS2_HEADER + this.#clientFirstBare());
  }

  async answer(challenge: AuthData): Promise<AuthData> {
    if (this.#serverFirst) {
      // A server that sends no data with its success sends its last message before. [RFC 5802, section 5]
      this.#verify(challenge, "AUTH");
      return undefined;
    }
    const text = textOf(challenge, "the server's first message");
    this.#serverFirst = { text, ...readServerFirst(text, this.#nonce) };
    const { proof, signature } = await this.#final(this.#serverFirst.nonce);
    this.#signature = signature;
    return utf8(`${CHANNEL_BINDING},r=${this.#serverFirst.nonce},p=${proof}`);
  }

  success(data: AuthData): void {
    if (!this.#serverFirst) throw new AuthProblem("success before the server has asked for a proof");
    if (this.#verified && data === undefined) return;
    this.#verify(data, "the packet that reports success");
  }

  async wrong(way: WrongWay, right: AuthData): Promise<{ readonly data: AuthData } | undefined> {
    switch (way) {
      case "first":
        // Without the nonce, which is mandatory.
        return { data: utf8(`${GS2_HEADER}n=${escaped(prepared(this.#userName, "user name"))}`) };
      case "user":
        this.#userName = "attest-nobody";
        return { data: this.first() };
      case "answer": {
        const proof = /p=(.*)$/.exec(textOf(right, "the proof"))?.[1] ?? "";
        const bytes = Uint8Array.fromBase64(proof);
        bytes[0] = (bytes[0] ?? 0) ^ 0x80;
        return { data: utf8(textOf(right, "the proof").replace(/p=.*$/, `p=${bytes.toBase64()}`)) };
      }
      case "nonce": {
        // The proof is correct for the wrong nonce, so only a check of the nonce itself detects it.
        const nonce = `${this.#serverFirst?.nonce.slice(0, -1)}${
          this.#serverFirst?.nonce.endsWith("A") ? "B" : "A"
        }`;
        const { proof } = await this.#final(nonce);
        return { data: utf8(`${CHANNEL_BINDING},r=${nonce},p=${proof}`) };
      }
      case "cut":
        // Remove a whole base64 group and not the padding, without which the proof would be complete.
        return { data: right?.slice(0, -4) };
      default:
        return wrongBytes(way, right);
    }
  }

  isOfFirst(way: WrongWay): boolean {
    return way === "first" || way === "user";
  }

  #clientFirstBare(): string {
    return `n=${escaped(prepared(this.#userName, "user name"))},r=${this.#nonce}`;
  }

  /** Computes the proof of the client's last message with this nonce. */
  #final(nonce: string): Promise<ScramProof> {
    const { text = "", salt = new Uint8Array(), rounds = 1 } = this.#serverFirst ?? {};
    const authMessage = `${this.#clientFirstBare()},${text},${CHANNEL_BINDING},r=${nonce}`;
    const password = prepared(this.#auth.password, "password");
    return scramProof(HASHES[this.#auth.method], password, salt, rounds, authMessage);
  }

  #verify(data: AuthData, where: string): void {
    if (data === undefined) {
      throw new AuthProblem(`no Authentication Data in ${where}; expected the server's signature, v=…`);
    }
    const text = textOf(data, "the server's last message");
    const [, found] = /^v=([^,]*)/.exec(text) ?? [];
    if (found === undefined) {
      throw new AuthProblem(
        `expected the server's signature, v=…, in ${where}, found ${JSON.stringify(text.slice(0, 100))}`,
      );
    }
    if (found !== this.#signature) {
      throw new AuthProblem(
        `the server's signature in ${where} is not from a server that knows the password`,
      );
    }
    this.#verified = true;
  }
}

/** Reads `r=…,s=…,i=…`. Throws {@link AuthProblem}. */
function readServerFirst(text: string, clientNonce: string) {
  const quoted = JSON.stringify(text.slice(0, 200));
  const [, nonce = "", salt = "", count = ""] =
    /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+=*),i=([1-9]\d*)(?:,|$)/.exec(text) ?? [];
  if (nonce === "") {
    throw new AuthProblem(`expected the server's first message, r=…,s=…,i=…, found ${quoted}`);
  }
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) {
    throw new AuthProblem(
      `the server's nonce does not extend the client's nonce in ${quoted}`,
    );
  }
  const rounds = Number(count);
  if (rounds > MOST_ROUNDS) {
    throw new AuthProblem(
      `the server requires ${count} rounds of PBKDF2; attest computes at most ${MOST_ROUNDS}`,
    );
  }
  try {
    return { nonce, salt: Uint8Array.fromBase64(salt), rounds };
  } catch {
    throw new AuthProblem(`the salt in ${quoted} is not base64`);
  }
}

/** Escapes the comma and the equals sign in a user name as SCRAM requires. */
export function escaped(name: string): string {
  return name.replaceAll("=", "=3D").replaceAll(",", "=2C");
}

function prepared(text: string, what: string): string {
  const found = saslprep(text);
  if (found !== undefined && found !== "") return found;
  throw new AuthProblem(
    `the ${what} of auth: is empty or contains a character that RFC 4013 forbids; change it in the ` +
      "target file",
    "error",
  );
}

function textOf(data: AuthData, what: string): string {
  if (data === undefined) throw new AuthProblem(`no Authentication Data; expected ${what}`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    throw new AuthProblem(`${what} is not UTF-8`);
  }
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function hmac(
  hash: string,
  key: BufferSource,
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

import type { RunEvent } from "../../run/event.ts";
import { decodeOne } from "../../mqtt/decode.ts";
import type { Value } from "../../spec/value.ts";
import type { NamedTarget } from "../../catalog/targets.ts";

/** Serial numbers, such as an IMEI, an IMSI or an ICCID, anywhere in a text. */
const SERIAL = /(?<![0-9])[0-9]{14,20}(?![0-9])/g;
/** Names of values that are private. */
const PRIVATE = /client|user|pass|secret|token|key|host|imei|serial/i;
/** Names and addresses of the loopback interface, which reveal nothing about a user. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[?::1?\]?)$/i;
/** Commands that connect or open, with the client id, the user and the host in their texts. */
const CONNECTS = /^AT\+[A-Z]*(CONN|OPEN)=/i;
/** The shortest text to mask, in characters; shorter texts occur everywhere. */
const SHORTEST = 3;

/** Fields with texts that attest itself writes, or that a report uses as keys. */
const OWN: ReadonlySet<string> = new Set([
  ...[
    "kind",
    "protocol",
    "level",
    "direction",
    "outcome",
    "verdict",
    "what",
    "sha256",
    "startedAt",
    "attest",
  ],
  ...["clause", "class", "parameter", "operator", "customer", "tests", "opening"],
]);

/** Texts that must not be written. */
class Secrets {
  readonly #texts = new Set<string>();
  #pattern: RegExp | undefined;

  get texts(): Iterable<string> {
    return this.#texts;
  }

  add(text: string): void {
    if (this.#texts.has(text)) return;
    this.#texts.add(text);
    this.#pattern = undefined;
  }

  /** Replaces each secret in a text by asterisks. */
  mask(text: string): string {
    if (this.#texts.size === 0) return text;
    this.#pattern ??= new RegExp(
      [...this.#texts].sort((a, b) => b.length - a.length).map((secret) => RegExp.escape(secret)).join("|"),
      "gi",
    );
    return text.replace(this.#pattern, stars);
  }
}

function stars(found: string): string {
  return "*".repeat(found.length);
}

/**
 * Masks the events of a run before they are written. Serial numbers, client ids, user names, passwords and host names
 * become asterisks of the same length, in texts, in the bytes of packets, and in quotations of both. The texts of suite
 * files are public and stay. The secrets of a case are forgotten when the case ends, so memory is bounded.
 */
export class Mask {
  /** Secrets of the user and of the targets. */
  readonly #given = new Secrets();
  /** Secrets of the running cases, by the number of their execution. */
  readonly #ofCases = new Map<number, Secrets>();
  /** The texts of the suites, which are public. */
  readonly #known: string;

  /** `known` are the texts of the suites, which are public. */
  constructor(known: string) {
    this.#known = known;
  }

  /** Adds the secrets of the targets of a run: hosts in their addresses, and values with a private name. */
  addTargets(targets: readonly NamedTarget[], given: ReadonlyMap<string, Value> | undefined): void {
    for (const { file } of targets) {
      for (const host of hostsOf(file.address?.text ?? "")) this.add(host);
      if (file.broker) this.add(file.broker.host);
      for (const [name, value] of [...file.values, ...given ?? []]) {
        if (PRIVATE.test(name) && value.kind === "literal") this.add(value.source);
      }
    }
  }

  /** Adds a secret, except for loopback hosts, texts of the suites and very short texts. */
  add(secret: string, secrets = this.#given): void {
    const text = secret.trim();
    if (text.length < SHORTEST || LOOPBACK.test(text) || this.#known.includes(text)) return;
    secrets.add(text);
    // A target without a name is named after its address.
    const slug = text.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-");
    if (slug.length >= SHORTEST) secrets.add(slug);
  }

  /** Masks an event, and adds the secrets in it, which are masked from then on. */
  event<E extends RunEvent>(event: E): E {
    this.#learn(event);
    const own = "n" in event ? this.#ofCases.get(event.n) : undefined;
    const masked = maskedValue(event, "", own ? [this.#given, own] : [this.#given]);
    if (event.kind === "case-ended") this.#ofCases.delete(event.n);
    return masked;
  }

  /** Masks the secrets of the whole run in a text. */
  text(text: string): string {
    return maskedText(text, [this.#given]);
  }

  #learn(event: RunEvent): void {
    if (event.kind === "target-started") { for (const host of hostsOf(event.address)) this.add(host); }
    if (event.kind === "identity") this.add(event.identity["serial"] ?? "");
    if (event.kind !== "chart") return;
    const { text, hex = "" } = event;
    const told = CONNECTS.test(text)
      ? [...text.matchAll(/"([^"]*)"/g)].map(([, value = ""]) => value)
      : hex.startsWith("10")
      ? connectFields(Uint8Array.fromHex(hex.slice(0, hex.length - hex.length % 2)))
      : [];
    if (told.length === 0) return;
    const own = this.#ofCases.get(event.n) ?? new Secrets();
    this.#ofCases.set(event.n, own);
    for (const value of told) this.add(value, own);
  }
}

/** The client id, the user name and the password of a CONNECT. */
function connectFields(bytes: Uint8Array): readonly string[] {
  // The version determines where the fields are, but is not known here, so try both.
  return (["3.1.1", "5.0"] as const).flatMap((version) => {
    const frame = decodeOne(bytes, version);
    if (frame.kind !== "packet" || frame.packet.type !== "CONNECT") return [];
    const { clientId, userName, password } = frame.packet;
    return [clientId, userName ?? "", password === undefined ? "" : new TextDecoder().decode(password)];
  });
}

/** Masks all texts in a value, and keeps its shape. */
function maskedValue<T>(value: T, key: string, secrets: readonly Secrets[]): T;
function maskedValue(value: unknown, key: string, secrets: readonly Secrets[]): unknown {
  if (typeof value === "string") {
    if (OWN.has(key)) return value;
    return key === "hex" ? maskedHex(value, secrets) : maskedText(value, secrets);
  }
  if (Array.isArray(value)) return value.map((each) => maskedValue(each, key, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, maskedValue(each, name, secrets)]),
  );
}

function maskedText(text: string, secrets: readonly Secrets[]): string {
  return secrets.reduce((masked, each) => each.mask(masked), text.replace(SERIAL, stars));
}

/** Masks secrets in bytes that are written in hex; lengths stay right. */
function maskedHex(hex: string, secrets: readonly Secrets[]): string {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex)) return maskedText(hex, secrets);
  // Each byte becomes one character.
  const text = Array.from(Uint8Array.fromHex(hex), (byte) => String.fromCharCode(byte)).join("").replace(
    SERIAL,
    stars,
  );
  const lower = text.toLowerCase();
  const masked = Array.from(text);
  for (const secret of secrets.flatMap((each) => [...each.texts])) {
    const wanted = latin1(secret).toLowerCase();
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
      masked.fill("*", at, at + wanted.length);
    }
  }
  return Uint8Array.from(masked, (character) => character.charCodeAt(0)).toHex();
}

/** The UTF-8 bytes of a text, each as one character. */
function latin1(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** The host of an address, and the user name and password in it, if any. */
export function hostsOf(address: string): readonly string[] {
  const [, authority = ""] = /^[a-z+-]+:\/\/([^/?#]*)/i.exec(address) ?? [];
  if (authority === "") return [];
  const [userInfo, rest] = authority.includes("@") ? authority.split("@", 2) : ["", authority];
  const host = (rest ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return [host, ...(userInfo ?? "").split(":")].filter((part) => part !== "");
}

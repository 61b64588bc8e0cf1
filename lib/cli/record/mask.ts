import type { RunEvent } from "../../run/event.ts";
import { decodeOne } from "../../mqtt/decode.ts";
import type { Value } from "../../spec/value.ts";
import type { NamedTarget } from "../../catalog/targets.ts";

/** Serial numbers, such as an IMEI, an IMSI or an ICCID, wherever they stand. */
const SERIAL = /(?<![0-9])[0-9]{14,20}(?![0-9])/g;
/** Values whose names say that they are nobody else's business. */
const PRIVATE = /client|user|pass|secret|token|key|host|imei|serial/i;
/** What everybody's loopback is called. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[?::1?\]?)$/i;
/** The words in which a command connects or opens: its texts tell who, and where. */
const CONNECTS = /^AT\+[A-Z]*(CONN|OPEN)=/i;
/** Shorter ones stand in everything. */
const SHORTEST = 3;

/** Fields that are attest's own words or the key of something. */
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

/** Texts that are not to be written. */
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

  /** The text with asterisks in the place of each. */
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
 * Masks the events of a run before anything is written: serial numbers, client ids, user names, passwords and host names
 * become asterisks of the same length, in texts, in the bytes of packets, and in what is quoted of them. What stands in a
 * suite file is no secret, and stays. Memory is bound: what a case connects with is forgotten when it has ended.
 */
export class Mask {
  /** What the user and the target told. */
  readonly #given = new Secrets();
  /** What the running cases connect with, by the number of their execution. */
  readonly #ofCases = new Map<number, Secrets>();
  /** The texts of suites, in which nothing is secret. */
  readonly #known: string;

  /** `known` is what the suites say in the open. */
  constructor(known: string) {
    this.#known = known;
  }

  /** What the user gave for the targets of a run: hosts in addresses, and values with a telling name. */
  addTargets(targets: readonly NamedTarget[], given: ReadonlyMap<string, Value> | undefined): void {
    for (const { file } of targets) {
      for (const host of hostsOf(file.address?.text ?? "")) this.add(host);
      if (file.broker) this.add(file.broker.host);
      for (const [name, value] of [...file.values, ...given ?? []]) {
        if (PRIVATE.test(name) && value.kind === "literal") this.add(value.source);
      }
    }
  }

  /** A text that is not to be written. Loopback hosts, the suites' own words and very short texts are none. */
  add(secret: string, secrets = this.#given): void {
    const text = secret.trim();
    if (text.length < SHORTEST || LOOPBACK.test(text) || this.#known.includes(text)) return;
    secrets.add(text);
    // A target that has no name of its own is called for its address.
    const slug = text.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-");
    if (slug.length >= SHORTEST) secrets.add(slug);
  }

  /** The event as it may be written; learns from it first what is to be masked from now on. */
  event<E extends RunEvent>(event: E): E {
    this.#learn(event);
    const own = "n" in event ? this.#ofCases.get(event.n) : undefined;
    const masked = deep(event, "", own ? [this.#given, own] : [this.#given]);
    if (event.kind === "case-ended") this.#ofCases.delete(event.n);
    return masked;
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

/** Whom a CONNECT names, and its password. */
function connectFields(bytes: Uint8Array): readonly string[] {
  // Of another version the fields stand at other places: each is tried.
  return (["3.1.1", "5.0"] as const).flatMap((version) => {
    const frame = decodeOne(bytes, version);
    if (frame.kind !== "packet" || frame.packet.type !== "CONNECT") return [];
    const { clientId, userName, password } = frame.packet;
    return [clientId, userName ?? "", password === undefined ? "" : new TextDecoder().decode(password)];
  });
}

/** The value with all its texts masked. The shape stays as it is. */
function deep<T>(value: T, key: string, secrets: readonly Secrets[]): T;
function deep(value: unknown, key: string, secrets: readonly Secrets[]): unknown {
  if (typeof value === "string") {
    if (OWN.has(key)) return value;
    return key === "hex" ? maskedHex(value, secrets) : maskedText(value, secrets);
  }
  if (Array.isArray(value)) return value.map((each) => deep(each, key, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, deep(each, name, secrets)]));
}

function maskedText(text: string, secrets: readonly Secrets[]): string {
  return secrets.reduce((masked, each) => each.mask(masked), text.replace(SERIAL, stars));
}

/** Bytes in hex, with those of a secret as asterisks: lengths stay right. */
function maskedHex(hex: string, secrets: readonly Secrets[]): string {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex)) return maskedText(hex, secrets);
  // Latin-1 keeps a byte a character.
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

/** The UTF-8 bytes of a text, each as a character. */
function latin1(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** The host of an address, and the user name and password where it has any. */
function hostsOf(address: string): readonly string[] {
  const [, authority = ""] = /^[a-z+-]+:\/\/([^/?#]*)/i.exec(address) ?? [];
  if (authority === "") return [];
  const [userInfo, rest] = authority.includes("@") ? authority.split("@", 2) : ["", authority];
  const host = (rest ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return [host, ...(userInfo ?? "").split(":")].filter((part) => part !== "");
}

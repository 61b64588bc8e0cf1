/** What a client ends a connection for: packets by which its broker breaks a rule. */
import { decodeOne } from "../../mqtt/decode.ts";
import type { Frame } from "../../mqtt/frame.ts";
import { Ledger, type LedgerPage } from "../../mqtt/ledger/ledger.ts";
import type { Announced } from "../../mqtt/ledger/announced.ts";
import type { ProtocolVersion, PublishPacket } from "../../mqtt/packet.ts";

/** The kinds of what a client ends a connection for. */
export const FAULTS = [
  "malformed",
  "forbidden",
  "second-connack",
  "session",
  "alias",
  "quota",
  "size",
  "information",
  "auth",
] as const;
/** A kind of what a client ends a connection for. */
export type Fault = (typeof FAULTS)[number];

/** What a client ends a connection for, with the reason that it gives in its DISCONNECT. */
export interface Ending {
  readonly fault: Fault;
  readonly reason: number;
}

const MALFORMED = 0x81;
/** The reason of a packet that the protocol forbids. */
export const PROTOCOL_ERROR = 0x82;

/** The rules of a conversation of 5.0 that a client watches. What it may ignore, such as a late PUBACK, is not among them. */
const WATCHED: ReadonlyMap<string, Ending> = new Map([
  ["topic-alias-above-maximum", { fault: "alias", reason: 0x94 }],
  ["topic-alias-unknown", { fault: "alias", reason: PROTOCOL_ERROR }],
  ["receive-maximum-exceeded", { fault: "quota", reason: 0x93 }],
  ["maximum-packet-size-exceeded", { fault: "size", reason: 0x95 }],
  ["problem-information-unrequested", { fault: "information", reason: PROTOCOL_ERROR }],
  ["response-information-unrequested", { fault: "information", reason: PROTOCOL_ERROR }],
  ["auth-unasked", { fault: "auth", reason: PROTOCOL_ERROR }],
  ["method-unasked", { fault: "auth", reason: PROTOCOL_ERROR }],
  ["method-differs", { fault: "auth", reason: PROTOCOL_ERROR }],
  ["auth-reason-of-other-end", { fault: "auth", reason: PROTOCOL_ERROR }],
  ["auth-reason-before-connack", { fault: "auth", reason: PROTOCOL_ERROR }],
]);

/** Watches a client's connections, one after the other, for faults of the broker. */
export class FaultWatch {
  readonly #ledger = new Ledger({ at: "client", version: "5.0" });
  #page: LedgerPage | undefined;
  #version: ProtocolVersion = "5.0";

  /** A connection of this version begins. */
  opened(version: ProtocolVersion): void {
    this.closed();
    this.#version = version;
    this.#page = this.#ledger.opened(performance.now());
  }

  /** The connection has ended. */
  closed(): void {
    this.#page?.closed();
    this.#page = undefined;
  }

  /** Notes what the client sends, before it is sent. */
  sent(bytes: Uint8Array): void {
    this.#page?.recordFrame("client", decodeOne(bytes, this.#version), performance.now());
  }

  /** Returns what the client ends the connection for; undefined if the frame breaks no rule that it watches. */
  received(frame: Frame): Ending | undefined {
    const broken = this.#page?.recordFrame("server", frame, performance.now()) ?? [];
    const watched = this.#version === "5.0"
      ? broken.map(({ rule }) => WATCHED.get(rule)).find((ending) => ending !== undefined)
      : undefined;
    if (watched) return watched;
    const isWhole = frame.kind === "packet" && frame.violations.length === 0;
    return isWhole ? undefined : { fault: "malformed", reason: MALFORMED };
  }

  /** Returns the topic of a PUBLISH of the broker, which may have only an alias; undefined if that is unknown. */
  topicOf(publish: PublishPacket): string | undefined {
    return this.#page?.topicOf("server", publish);
  }

  /** Returns the limits that the broker has announced; undefined before its CONNACK. */
  get limits(): Announced | undefined {
    return this.#page?.announced("server");
  }
}

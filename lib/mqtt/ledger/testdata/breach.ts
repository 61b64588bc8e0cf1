/** Conversations that break exactly one ledger rule, and similar ones that keep it. */
import type { Draft, ProtocolVersion } from "../../packet.ts";
import type { SenderRole } from "../../rules.ts";
import type { LedgerOptions } from "../ledger.ts";

/** A packet of one end, or another event; `wait` in ms comes before it. */
export type Happening =
  | { readonly by: SenderRole; readonly draft: Draft; readonly wait?: number | undefined }
  | "reconnect"
  | "caught up"
  | { readonly uncertain: SenderRole };

/** A conversation whose last packet breaks a rule, and similar ones that break none. */
export interface Breach {
  readonly rule: string;
  /** The versions in which it breaks the rule, each with the cited clause. */
  readonly clauses: Readonly<Partial<Record<ProtocolVersion, string | undefined>>>;
  readonly note: string;
  readonly breaks: readonly Happening[];
  readonly keeps: readonly (readonly Happening[])[];
  /** The offset in the violation; in 5.0 this many bytes further; 0 if the violation has none. */
  readonly offset?: number | undefined;
  readonly further?: number | undefined;
  /** The ledger's options. By default it is at the client, and the server assigns no subscriptions. */
  readonly options?: Partial<LedgerOptions> | undefined;
}

/** A packet from the client. */
export function c(draft: Draft, wait?: number): Happening {
  return { by: "client", draft, wait };
}

/** A packet from the server. */
export function s(draft: Draft, wait?: number): Happening {
  return { by: "server", draft, wait };
}

/** The same clause, or none, in all versions from 3.1.1. */
export function both(clause?: string): Breach["clauses"] {
  return { "3.1.1": clause, "5.0": clause };
}

/** Different clauses in 3.1.1 and 5.0. */
export function each(v3: string | undefined, v5: string | undefined): Breach["clauses"] {
  return { "3.1.1": v3, "5.0": v5 };
}

/** A rule of 5.0. */
export function only5(clause?: string): Breach["clauses"] {
  return { "5.0": clause };
}

/** A rule without a number. */
export const UNNUMBERED: Breach["clauses"] = { "3.1": undefined, "3.1.1": undefined, "5.0": undefined };

export const CONNECT: Draft = { type: "CONNECT", clientId: "c" };
export const CONNACK: Draft = { type: "CONNACK" };
/** A session that starts. */
export const OPEN: readonly Happening[] = [c(CONNECT), s(CONNACK)];
/** A session that continues after OPEN or KEPT. */
export const AGAIN: readonly Happening[] = [
  "reconnect",
  c({ type: "CONNECT", clientId: "c", cleanStart: false }),
  s({ type: "CONNACK", sessionPresent: true }),
];
/** A session that starts and will persist. */
export const KEPT: readonly Happening[] = [
  c({
    type: "CONNECT",
    clientId: "c",
    cleanStart: false,
    properties: [{ name: "sessionExpiryInterval", value: 100 }],
  }),
  s(CONNACK),
];

/** A property's name and value. */
export type Pair = readonly [name: string, value: string | number];

/** CONNECT with properties, and the CONNACK for it. */
export function opened(
  ofClient: readonly Pair[],
  ofServer: readonly Pair[] = [],
): readonly Happening[] {
  return [
    c({ ...CONNECT, type: "CONNECT", properties: properties(...ofClient) }),
    s({ type: "CONNACK", properties: properties(...ofServer) }),
  ];
}

/** Properties by name and value. */
export function properties(...all: readonly Pair[]) {
  return all.map(([name, value]) => ({ name, value }));
}

export const PINGREQ: Draft = { type: "PINGREQ" };
export const PINGRESP: Draft = { type: "PINGRESP" };
export const DISCONNECT: Draft = { type: "DISCONNECT" };

/** A PUBLISH of QoS 1 to "t". */
export function q1(packetId: number, payload = "a", more: object = {}): Draft {
  return { type: "PUBLISH", topic: "t", qos: 1, packetId, payload, ...more };
}

/** A PUBLISH of QoS 2 to "t". */
export function q2(packetId: number, payload = "a", more: object = {}): Draft {
  return { type: "PUBLISH", topic: "t", qos: 2, packetId, payload, ...more };
}

export const DUP = { dup: true } as const;

/** PUBACK, PUBREC, PUBREL or PUBCOMP. */
export function ack(
  type: "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP",
  packetId: number,
  reason?: number,
): Draft {
  return { type, packetId, reason };
}

/** A SUBSCRIBE to filters, all at one QoS. */
export function subscribe(packetId: number, filters: readonly string[], qos = 2, more: object = {}): Draft {
  return { type: "SUBSCRIBE", packetId, subscriptions: filters.map((filter) => ({ filter, qos, ...more })) };
}

/** The SUBACK for it. */
export function suback(packetId: number, ...reasons: readonly number[]): Draft {
  return { type: "SUBACK", packetId, reasons };
}

import type { Draft, Property, ProtocolVersion } from "../mqtt/packet.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { Exchange } from "./exchange.ts";
import type { CloseCause, Delivery } from "./message.ts";
import { RIGHT } from "./right.ts";
import type { Peer, Session } from "./session.ts";

const LIMITS = {
  sessions: 10,
  subscriptionsPerSession: 2,
  queuedMessages: 10,
  queuedBytes: 1_000,
  retainedMessages: 10,
  retainedBytes: 1_000,
};

/** A client that is connected to an exchange without sockets. It records as text what it receives. */
export class TestPeer implements Peer, Disposable {
  readonly version: ProtocolVersion;
  readonly receiveMaximum = 10;
  readonly topicAliasMaximum = 0;
  readonly congested = false;
  readonly exchange: Exchange;
  readonly session: Session;
  readonly #got: string[] = [];

  constructor(version: ProtocolVersion = "3.1.1", behaviour: Partial<BrokerBehaviour> = {}) {
    this.version = version;
    this.exchange = new Exchange({ ...RIGHT, aboutItself: [], ...behaviour }, LIMITS, () => 0);
    const opened = this.exchange.open({
      clientId: "c",
      cleanStart: true,
      expirySeconds: 0,
      will: undefined,
      peer: this,
    });
    if (!opened) throw new Error("The exchange can't keep more sessions");
    this.session = opened.session;
  }

  /** What arrived since the last call: answers `PUBACK 7 0x90`, deliveries `t: payload`, an end `end 0x82`. */
  get got(): readonly string[] {
    return this.#got.splice(0);
  }

  send(packet: Draft): boolean {
    const id = "packetId" in packet ? packet.packetId : undefined;
    const one = "reason" in packet && packet.reason ? hex(packet.reason) : undefined;
    const reasons = "reasons" in packet ? packet.reasons?.map(hex) ?? [] : [];
    this.#got.push([packet.type, id, one, ...reasons].filter((word) => word !== undefined).join(" "));
    return true;
  }

  deliver({ message, qos, identifiers, retain }: Delivery): void {
    const text = new TextDecoder().decode(message.payload);
    const words = [`${message.topic}: ${text} q${qos}`, retain && "retain", ...identifiers];
    this.#got.push(words.filter(Boolean).join(" "));
  }

  end(_cause: CloseCause, reason?: number): void {
    this.#got.push(reason === undefined ? "end" : `end ${hex(reason)}`);
  }

  [Symbol.dispose](): void {
    this.exchange[Symbol.dispose]();
  }
}

/** A property with a number. */
export function number(name: string, value: number): Property {
  return { name, value };
}

function hex(reason: number): string {
  return `0x${reason.toString(16)}`;
}

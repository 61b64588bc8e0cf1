import { decodeOne } from "../../decode.ts";
import { encode } from "../../encode.ts";
import type { Violation } from "../../frame.ts";
import type { Draft, ProtocolVersion } from "../../packet.ts";
import type { SenderRole } from "../../rules.ts";
import { Ledger, type LedgerPage } from "../ledger.ts";
import { LawfulClient } from "./lawful_client.ts";
import type { Choose } from "./lawful_peer.ts";
import { LawfulServer } from "./lawful_server.ts";

/**
 * A client and a server that keep all rules, the wires between them, and a ledger that observes one of the
 * ends.
 */
export class LawfulWorld {
  readonly client: LawfulClient;
  readonly server: LawfulServer;
  /** The ledger's findings, which should be empty. */
  readonly found: Violation[] = [];
  /** What was sent and read, to show in a failure. */
  readonly log: string[] = [];
  readonly #at: SenderRole;
  readonly #version: ProtocolVersion;
  readonly #choose: Choose;
  readonly #ledger: Ledger;
  #page: LedgerPage | undefined;
  /** The bytes in transit, by sender. */
  #wires: Record<SenderRole, Uint8Array[]> = { client: [], server: [] };
  #now = 0;
  #heardAt = 0;

  constructor(version: ProtocolVersion, at: SenderRole, choose: Choose) {
    this.#version = version;
    this.#at = at;
    this.#choose = choose;
    this.client = new LawfulClient(version, choose, "c");
    this.server = new LawfulServer(version, choose);
    // Here packets may be in transit for any time.
    this.#ledger = new Ledger({ at, version, assignsSubscriptions: false, crossingMs: Infinity });
  }

  /** Performs one random event. */
  step(): void {
    this.#now += this.#choose(500);
    if (this.client.state === "none") return this.#open();
    const silent = this.#now - this.#heardAt > 50_000;
    if (this.client.keepAlive > 0 && silent && this.client.state !== "left") {
      return this.#send("client", { type: "PINGREQ" });
    }
    switch (this.#choose(6)) {
      case 0:
      case 1:
        if (this.client.state === "left") return;
        return this.#send("client", this.client.act());
      case 2:
      case 3:
        if (this.server.state === "none" || this.server.state === "left") return;
        return this.#send("server", this.server.act());
      case 4:
        return this.#read(this.#choose(2) === 0 ? "client" : "server");
      default: {
        const over = this.client.state === "left" || this.server.state === "left";
        if (this.#choose(over ? 4 : 40) === 0) return this.#cut();
        return this.#read(this.#choose(2) === 0 ? "client" : "server");
      }
    }
  }

  #open(): void {
    this.#wires = { client: [], server: [] };
    this.#page = this.#ledger.opened(this.#now);
    this.log.push("opened");
    this.#send("client", this.client.connect());
  }

  #cut(): void {
    this.log.push("cut");
    this.#page?.closed();
    this.client.dropped();
    this.server.dropped();
  }

  #send(by: SenderRole, draft: Draft | undefined): void {
    if (!draft) return;
    if (by === "client") this.#heardAt = this.#now;
    const bytes = encode(draft, this.#version);
    if (by === this.#at) this.#record(by, bytes);
    this.#wires[by].push(bytes);
  }

  /** Lets an end read the next packet of the other. */
  #read(by: SenderRole): void {
    const from = by === "client" ? "server" : "client";
    const bytes = this.#wires[from].shift();
    const reader = by === "client" ? this.client : this.server;
    if (!bytes || reader.state === "left") return;
    if (by === this.#at) this.#record(from, bytes);
    const frame = decodeOne(bytes, this.#version);
    if (frame.kind === "packet" && reader.read(frame.packet)) this.#cut();
  }

  #record(by: SenderRole, bytes: Uint8Array): void {
    const frame = decodeOne(bytes, this.#version);
    this.log.push(`${by}: ${frame.kind === "packet" ? JSON.stringify(frame.packet) : frame.kind}`);
    this.found.push(...frame.violations, ...this.#page?.recordFrame(by, frame, this.#now) ?? []);
    this.found.push(...this.#page?.overdue(this.#now) ?? []);
  }
}

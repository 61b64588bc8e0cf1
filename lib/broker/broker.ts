import { type Behaviour, RIGHT } from "./behaviour.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { defective } from "./defects.ts";
import { Exchange, type Limits } from "./exchange.ts";
import type { BrokerAddress } from "../transport/address.ts";
import { listen, type Listener, type ServerTls } from "../transport/listen.ts";
import { type BrokerState, EMPTY_STATE } from "./state.ts";
import type { Transport } from "../transport/transport.ts";

/** How a broker is started. */
export interface BrokerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where it listens besides, the TCP port; a port of 0 takes any free one. */
  readonly also?: readonly BrokerAddress[];
  /** What it shows over TLS; due where it listens at `mqtts` or `wss`. */
  readonly tls?: ServerTls;
  /** The defects to have, by id; see {@link "./defects.ts"}. */
  readonly defects?: readonly string[];
  /** What a broker before this one has kept; see {@link Broker.state}. */
  readonly state?: BrokerState;
  /** Decisions in the place of the right ones, for a broker of known behaviour; they go before those of defects. */
  readonly alter?: Partial<Behaviour>;
  /** Told in one line what happens. */
  readonly log?: (line: string) => void;
  /** Bytes; a client that sends more in one packet is cut off. Default 16 MiB. */
  readonly maximumPacketSize?: number;
  /** The highest topic alias that a 5.0 client may use; default 16. */
  readonly topicAliasMaximum?: number;
  /** How long a connection may stay without CONNECT; default 10,000. */
  readonly connectWithinMs?: number;
  /** Connections at once; what comes on top is closed. Default 20,000. */
  readonly maximumConnections?: number;
  /** Bounds of what is kept; see {@link Limits} for the defaults. */
  readonly limits?: Partial<Limits>;
  /** The clock in ms; default the machine's, from its start. */
  readonly now?: () => number;
}

const LIMITS: Limits = {
  sessions: 100_000,
  subscriptionsPerSession: 10_000,
  queuedMessages: 100_000,
  queuedBytes: 64 * 1024 * 1024,
  retainedMessages: 100_000,
  retainedBytes: 256 * 1024 * 1024,
};

/**
 * The reference broker: MQTT 3.1, 3.1.1 and 5.0 over TCP, TLS, WebSocket and Unix sockets, as the standards have it but for the defects that it is
 * told to have. All is kept in memory and ends with it, but for what {@link Broker.state} hands on.
 */
export class Broker implements AsyncDisposable {
  #listeners: readonly Listener[] = [];
  readonly #exchange: Exchange;
  readonly #options: ConnectionOptions;
  readonly #maximumConnections: number;
  readonly #connections = new Map<Connection, Promise<void>>();
  readonly #faults: unknown[] = [];
  #stopped: Promise<void> | undefined;

  private constructor(exchange: Exchange, options: BrokerOptions) {
    this.#exchange = exchange;
    this.#maximumConnections = options.maximumConnections ?? 20_000;
    this.#options = {
      maximumPacketSize: options.maximumPacketSize ?? 16 * 1024 * 1024,
      topicAliasMaximum: options.topicAliasMaximum ?? 16,
      connectWithinMs: options.connectWithinMs ?? 10_000,
      log: options.log ?? (() => {}),
    };
  }

  /**
   * Starts a broker; it listens when the promise resolves. Throws an {@link UnknownDefectError} for a defect that
   * there is not, and what Deno.listen throws where the port cannot be had.
   */
  static async start(options: BrokerOptions = {}): Promise<Broker> {
    const right = options.defects?.length ? defective(options.defects) : RIGHT;
    const behaviour = options.alter ? { ...right, ...options.alter } : right;
    const exchange = new Exchange(
      behaviour,
      { ...LIMITS, ...options.limits },
      options.now ?? (() => performance.now()),
    );
    exchange.restore(options.state ?? EMPTY_STATE);
    const broker = new Broker(exchange, options);
    const tcp: BrokerAddress = {
      kind: "mqtt",
      host: options.host ?? "127.0.0.1",
      port: options.port ?? 0,
    };
    try {
      for (const address of [tcp, ...options.also ?? []]) await broker.#listen(address, options.tls);
    } catch (error) {
      await broker.stop();
      throw error;
    }
    return broker;
  }

  /** Where it listens for TCP. */
  get address(): { readonly host: string; readonly port: number } {
    const [first] = this.addresses;
    return first?.kind === "mqtt" ? { host: first.host, port: first.port } : { host: "", port: 0 };
  }

  /** Everywhere it listens, the TCP port first. */
  get addresses(): readonly BrokerAddress[] {
    return this.#listeners.map((listener) => listener.address);
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#connections.size;
  }

  /** What is to outlive the broker; whole once it was stopped. */
  get state(): BrokerState {
    return this.#exchange.state();
  }

  /** Closes every connection, publishing no wills, and ends. Throws a fault of the broker's own, had there been one. */
  stop(): Promise<void> {
    return this.#stopped ??= this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    const closing = this.#listeners.map((listener) => listener.close());
    for (const connection of this.#connections.keys()) connection.end("stop", SERVER_SHUTTING_DOWN);
    await Promise.all(closing);
    await Promise.all(this.#connections.values());
    this.#exchange[Symbol.dispose]();
    if (this.#faults.length > 0) throw new AggregateError(this.#faults, "The broker failed");
  }

  #fail(fault: unknown): void {
    this.#options.log(`The broker failed: ${String(fault)}`);
    if (this.#faults.length < FAULTS_KEPT) this.#faults.push(fault);
  }

  async #listen(address: BrokerAddress, tls: ServerTls | undefined): Promise<void> {
    const listener = await listen(address, {
      accept: (transport, from) => this.#serve(transport, from),
      log: this.#options.log,
      choose: this.#exchange.behaviour.subprotocol,
      faults: this.#exchange.behaviour.websocket,
      ...(tls ? { tls } : {}),
    });
    this.#listeners = [...this.#listeners, listener];
  }

  #serve(transport: Transport, from: string): void {
    if (this.#stopped || this.#connections.size >= this.#maximumConnections) return transport.close();
    const connection = new Connection(transport, from, this.#exchange, this.#options);
    const served = connection.run()
      .catch((fault) => this.#fail(fault))
      .finally(() => this.#connections.delete(connection));
    this.#connections.set(connection, served);
  }
}

const SERVER_SHUTTING_DOWN = 0x8b;
const FAULTS_KEPT = 10;

import type { BrokerAddress } from "../transport/address.ts";
import { DelayedTransport } from "../transport/delayed.ts";
import { checkReset } from "../transport/resettable_tcp.ts";
import { listen, type Listener, type ServerTls } from "../transport/listen.ts";
import type { Transport } from "../transport/transport.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { Connection } from "./connection.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import { type Denied, denying } from "./denied.ts";
import { defective } from "./defects.ts";
import { Exchange, type Limits } from "./exchange.ts";
import { quirked } from "./quirks.ts";
import { recorded } from "./recorded.ts";
import { type BrokerState, EMPTY_STATE } from "./state.ts";

/** The options of {@link Broker.start}. */
export interface BrokerOptions {
  /** The host to listen on; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** The TCP port; 0, the default, chooses any free one. */
  readonly port?: number | undefined;
  /** More addresses to listen on; a port of 0 chooses any free one. */
  readonly also?: readonly BrokerAddress[] | undefined;
  /** Its certificate, required if it listens on `mqtts` or `wss`. */
  readonly tls?: ServerTls | undefined;
  /** The ids of defects to switch on; see {@link "./defects.ts"}. They are applied to the result of the quirks. */
  readonly defects?: readonly string[] | undefined;
  /** The ids of quirks to switch on; see {@link "./quirks.ts"}. */
  readonly quirks?: readonly string[] | undefined;
  /** The topics at which the broker denies clients something; default none. */
  readonly deny?: Denied | undefined;
  /** The simulated round-trip time to the broker; ms, default 0 or the value of a quirk. */
  readonly roundTripMs?: number | undefined;
  /** The seed of every random choice of a quirk; default 1. */
  readonly seed?: number | undefined;
  /** The state of an earlier broker; see {@link Broker.state}. */
  readonly state?: BrokerState | undefined;
  /** Decisions that override all others, for a broker with known behaviour. */
  readonly alter?: Partial<BrokerBehaviour> | undefined;
  /** Called with the name of each hook of the behaviour that the broker uses; see {@link recorded}. */
  readonly consulted?: ((hook: string) => void) | undefined;
  /** Called with log lines. */
  readonly log?: ((line: string) => void) | undefined;
  /** The largest packet in bytes; the broker disconnects a client that sends a larger one. Default 16 MiB. */
  readonly maximumPacketSize?: number | undefined;
  /** The highest topic alias that a 5.0 client may use; default 16. */
  readonly topicAliasMaximum?: number | undefined;
  /** How long a connection may stay without CONNECT; ms, default 10,000. */
  readonly connectWithinMs?: number | undefined;
  /** The most connections at once; further ones are closed. Default 20,000. */
  readonly maximumConnections?: number | undefined;
  /** Bounds of the stored state; see {@link Limits}. */
  readonly limits?: Partial<Limits> | undefined;
  /** The clock in ms; default `performance.now`. */
  readonly now?: (() => number) | undefined;
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
 * The reference broker for MQTT 3.1, 3.1.1 and 5.0 over TCP, TLS, WebSocket and Unix sockets. It follows the standards except
 * for its defects. All state is in memory and ends with the broker; {@link Broker.state} hands it to the next one.
 */
export class Broker implements AsyncDisposable {
  #listeners: readonly Listener[] = [];
  readonly #exchange: Exchange;
  readonly #options: ConnectionOptions;
  readonly #maximumConnections: number;
  readonly #connections = new Map<Connection, Promise<void>>();
  /** Connections over a slow network that are not closed yet. */
  readonly #delayed = new Map<DelayedTransport, Promise<void>>();
  readonly #roundTripMs: number;
  readonly #faults: unknown[] = [];
  #stopped: Promise<void> | undefined;

  private constructor(exchange: Exchange, options: BrokerOptions) {
    this.#exchange = exchange;
    this.#maximumConnections = options.maximumConnections ?? 20_000;
    this.#roundTripMs = options.roundTripMs ?? exchange.behaviour.roundTripMs;
    this.#options = {
      maximumPacketSize: options.maximumPacketSize ?? 16 * 1024 * 1024,
      topicAliasMaximum: options.topicAliasMaximum ?? 16,
      connectWithinMs: options.connectWithinMs ?? 10_000,
      log: options.log ?? (() => {}),
    };
  }

  /**
   * Starts a broker; it listens when the promise resolves. Throws an {@link UnknownDefectError} or an
   * {@link UnknownQuirkError} for an unknown id, a {@link TransportError} if it must reset connections and can't, and
   * what Deno.listen throws if the port is not available.
   */
  static async start(options: BrokerOptions = {}): Promise<Broker> {
    const { defects = [], quirks = [], seed = 1, deny, consulted } = options;
    const lawful = quirked(quirks, seed);
    const behaviour = { ...defective(defects, deny ? denying(lawful, deny) : lawful), ...options.alter };
    if (behaviour.resets) checkReset();
    const exchange = new Exchange(
      consulted ? recorded(behaviour, consulted) : behaviour,
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

  /** The address on which it listens for TCP. */
  get address(): { readonly host: string; readonly port: number } {
    const [first] = this.addresses;
    return first?.kind === "mqtt" ? { host: first.host, port: first.port } : { host: "", port: 0 };
  }

  /** All addresses on which it listens, the TCP port first. */
  get addresses(): readonly BrokerAddress[] {
    return this.#listeners.map((listener) => listener.address);
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The state that a later broker can take over; complete once this broker has stopped. */
  get state(): BrokerState {
    return this.#exchange.state();
  }

  /** Closes every connection without publishing wills, and stops. Throws AggregateError if the broker itself failed. */
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
    await Promise.all(this.#delayed.values());
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
      choose: (offered) => this.#exchange.behaviour.subprotocol(offered),
      habits: this.#exchange.behaviour.websocket,
      through: (transport) => this.#delay(transport),
      resettable: this.#exchange.behaviour.resets,
      tls,
    });
    this.#listeners = [...this.#listeners, listener];
  }

  #delay(transport: Transport): Transport {
    if (this.#roundTripMs === 0) return transport;
    const delayed = new DelayedTransport(transport, this.#roundTripMs);
    this.#delayed.set(delayed, delayed.ended().finally(() => this.#delayed.delete(delayed)));
    return delayed;
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

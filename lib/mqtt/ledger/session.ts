import type { ProtocolVersion } from "../packet.ts";
import type { Connection, Ends } from "./connection.ts";
import { Flight } from "./flight.ts";
import { Subscriptions } from "./subscriptions.ts";

/** The most topics whose retained deliveries are counted, and the longest such topic in characters. */
const TOPICS_KEPT = 1000;
const TOPIC_CHARACTERS = 1000;

/** The observed state of one client's session, which may span several connections. */
export class Session {
  /** Whether everything was seen since the session started. */
  known = false;
  /** The current connection of the session. */
  owner: Connection | undefined;
  #version: ProtocolVersion | undefined;
  readonly flights: Ends<Flight> = { client: new Flight(), server: new Flight() };
  readonly subscriptions = new Subscriptions();
  /** The number of messages that came with RETAIN 1, by topic. */
  readonly #retained = new Map<string, number>();

  /** Starts a new session on this connection. */
  begin(connection: Connection): void {
    this.known = connection.whole;
    this.#version = connection.version;
    this.flights.client.begin(connection.serial);
    this.flights.server.begin(connection.serial);
    this.subscriptions.begin(connection.serial);
    this.#retained.clear();
  }

  /** Resumes the session on this connection. */
  resume(connection: Connection): void {
    // The standards do not define what happens to a session that continues in another version.
    if (!connection.whole || this.#version !== connection.version) this.blur();
    this.#version = connection.version;
    this.flights.client.resume(connection.announced("server")?.maximumPacketSize ?? Infinity);
    this.flights.server.resume(connection.announced("client")?.maximumPacketSize ?? Infinity);
  }

  /** Marks the state as uncertain: something was not observed, or its order is unknown. */
  blur(): void {
    this.known = false;
    this.flights.client.blur();
    this.flights.server.blur();
  }

  /** Returns how many messages of this topic came with RETAIN 1, or undefined if they were not counted. */
  retainedDeliveries(topic: string): number | undefined {
    const counted = this.#retained.get(topic);
    if (counted !== undefined) return counted;
    return this.#retained.size < TOPICS_KEPT && topic.length <= TOPIC_CHARACTERS ? 0 : undefined;
  }

  /** Records a message of this topic with RETAIN 1. */
  retainedDelivered(topic: string): void {
    const count = this.retainedDeliveries(topic);
    if (count !== undefined) this.#retained.set(topic, count + 1);
  }
}

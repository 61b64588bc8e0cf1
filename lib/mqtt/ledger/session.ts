import type { ProtocolVersion } from "../packet.ts";
import type { Connection, Ends } from "./connection.ts";
import { Flight } from "./flight.ts";
import { Subscriptions } from "./subscriptions.ts";

/** Topics whose retained deliveries are counted, and how many characters such a topic may have. */
const TOPICS_KEPT = 1000;
const TOPIC_CHARACTERS = 1000;

/** What is known of the session of one client, which may last over several connections. */
export class Session {
  /** Whether everything was seen since the session began. */
  known = false;
  /** The connection that the session has now. */
  owner: Connection | undefined;
  #version: ProtocolVersion | undefined;
  readonly flights: Ends<Flight> = { client: new Flight(), server: new Flight() };
  readonly subscriptions = new Subscriptions();
  /** For each topic, the messages that came with RETAIN 1. */
  readonly #retained = new Map<string, number>();

  /** A new session begins on this connection. */
  begin(connection: Connection): void {
    this.known = connection.whole;
    this.#version = connection.version;
    this.flights.client.begin(connection.serial);
    this.flights.server.begin(connection.serial);
    this.subscriptions.begin(connection.serial);
    this.#retained.clear();
  }

  /** The session goes on with this connection. */
  resume(connection: Connection): void {
    // What becomes of a session that goes on in another version is left open by the standards.
    if (!connection.whole || this.#version !== connection.version) this.blur();
    this.#version = connection.version;
    this.flights.client.resume(connection.announced("server")?.maximumPacketSize ?? Infinity);
    this.flights.server.resume(connection.announced("client")?.maximumPacketSize ?? Infinity);
  }

  /** Something happened that nobody saw, or that nobody can tell the order of. */
  blur(): void {
    this.known = false;
    this.flights.client.blur();
    this.flights.server.blur();
  }

  /** How many messages of this topic came with RETAIN 1; undefined where they were not counted. */
  retainedDeliveries(topic: string): number | undefined {
    const counted = this.#retained.get(topic);
    if (counted !== undefined) return counted;
    return this.#retained.size < TOPICS_KEPT && topic.length <= TOPIC_CHARACTERS ? 0 : undefined;
  }

  /** A message of this topic has come with RETAIN 1. */
  retainedDelivered(topic: string): void {
    const count = this.retainedDeliveries(topic);
    if (count !== undefined) this.#retained.set(topic, count + 1);
  }
}

import type { Arrival } from "../../link/mqtt_link.ts";
import type { Draft, PublishPacket } from "../../mqtt/packet.ts";
import type { CaseTime } from "../case_time.ts";
import type { ClientParty } from "../party/client.ts";
import { matches } from "../../mqtt/topic.ts";
import { arrivalProblem, nothingCame } from "../expectation.ts";
import { StepFailed } from "../step_failed.ts";
import type { TopicRound } from "./topic_generator.ts";

/** A round and the topic prefix of its filters and topic names. */
export interface Rooted extends TopicRound {
  readonly root: string;
}

/** The outcome of one message. */
export interface Delivered {
  /** The index of its round in the batch. */
  readonly round: number;
  readonly filters: readonly string[];
  readonly topic: string;
  /** How many of the filters match by the standard. */
  readonly matching: number;
  /** How many copies came. */
  readonly copies: number;
}

interface Message extends Delivered {
  readonly name: string;
  readonly payload: string;
  copies: number;
}

export interface TrialParties {
  readonly subscriber: ClientParty;
  readonly publisher: ClientParty;
  readonly time: CaseTime;
}

/** The most filters per SUBSCRIBE or UNSUBSCRIBE, and messages per write. */
const AT_ONCE = 64;
/** The most QoS 1 messages that wait for their acknowledgement. */
const IN_FLIGHT = 8;

/** Sends filters and messages to a broker and counts the deliveries, batch by batch. */
export class TopicTrial {
  readonly #subscriber: ClientParty;
  readonly #publisher: ClientParty;
  readonly #time: CaseTime;
  readonly #retained: boolean;
  #numbered = 0;

  constructor({ subscriber, publisher, time }: TrialParties, retained: boolean) {
    this.#subscriber = subscriber;
    this.#publisher = publisher;
    this.#time = time;
    this.#retained = retained;
  }

  /**
   * Subscribes to the filters of the rounds, publishes one message to each of their topic names, and
   * unsubscribes; retained messages are published first. After a fence it waits up to `graceMs` for missing
   * deliveries. Throws {@link StepFailed} if the deliveries cannot be determined.
   */
  async run(rounds: readonly Rooted[], graceMs: number): Promise<readonly Delivered[]> {
    const messages = new Map(
      rounds.flatMap(({ root, filters, topics }, round) => {
        return topics.map((topic): [string, Message] => {
          const payload = `${this.#subscriber.clientId} ${++this.#numbered}`;
          const matching = matchingCount(filters, topic);
          return [payload, { round, filters, topic, matching, name: `${root}/${topic}`, payload, copies: 0 }];
        });
      }),
    );
    const filters = rounds.flatMap(({ root, filters }) => filters.map((filter) => `${root}/${filter}`));
    if (this.#retained) await this.#publish([...messages.values()]);
    await this.#subscribe(filters, messages);
    if (!this.#retained) await this.#publish([...messages.values()]);
    const problem = await this.#subscriber.fence();
    if (problem !== undefined) {
      throw inconclusive(`${problem}; the deliveries cannot be determined`, true);
    }
    await this.#collect(messages, graceMs);
    await this.#unsubscribe(filters, messages);
    return [...messages.values()];
  }

  async #publish(messages: readonly Message[]): Promise<void> {
    const atOnce = this.#retained ? IN_FLIGHT : AT_ONCE;
    for (let at = 0; at < messages.length; at += atOnce) {
      const part = messages.slice(at, at + atOnce);
      const open = new Set<number>();
      await this.#publisher.sendDrafts(part.map(({ name, payload }): Draft => {
        if (!this.#retained) return { type: "PUBLISH", topic: name, payload };
        const packetId = this.#publisher.nextPacketId();
        open.add(packetId);
        return { type: "PUBLISH", topic: name, payload, qos: 1, retain: true, packetId };
      }));
      while (open.size > 0) {
        const arrival = await this.#publisher.next(this.#time.withinMs);
        if (
          arrival?.kind === "packet" && arrival.packet.type === "PUBACK" &&
          open.delete(arrival.packet.packetId)
        ) {
          continue;
        }
        throw this.#unexpected(arrival, "PUBACK");
      }
    }
  }

  async #subscribe(filters: readonly string[], messages: ReadonlyMap<string, Message>): Promise<void> {
    for (let at = 0; at < filters.length; at += AT_ONCE) {
      const part = filters.slice(at, at + AT_ONCE);
      const packetId = this.#subscriber.nextPacketId();
      const subscriptions = part.map((filter) => ({ filter, qos: 0 }));
      await this.#subscriber.sendDrafts([{ type: "SUBSCRIBE", packetId, subscriptions }]);
      const reasons = await this.#answer("SUBACK", packetId, messages);
      const refused = part.find((_, index) => (reasons[index] ?? 0x80) >= 0x80);
      if (refused !== undefined) {
        throw inconclusive(`The filter ${JSON.stringify(refused)} was not granted`, false);
      }
    }
  }

  async #unsubscribe(filters: readonly string[], messages: ReadonlyMap<string, Message>): Promise<void> {
    for (let at = 0; at < filters.length; at += AT_ONCE) {
      const packetId = this.#subscriber.nextPacketId();
      await this.#subscriber.sendDrafts([{
        type: "UNSUBSCRIBE",
        packetId,
        filters: filters.slice(at, at + AT_ONCE),
      }]);
      await this.#answer("UNSUBACK", packetId, messages);
    }
  }

  /** Takes deliveries until the answer comes, and returns its codes. */
  async #answer(
    type: "SUBACK" | "UNSUBACK",
    packetId: number,
    messages: ReadonlyMap<string, Message>,
  ): Promise<readonly number[]> {
    const until = performance.now() + this.#time.withinMs;
    for (;;) {
      const arrival = await this.#subscriber.next(Math.max(0, until - performance.now()));
      if (arrival && this.#takes(arrival, messages)) continue;
      const packet = arrival?.kind === "packet" && arrival.violations.length === 0
        ? arrival.packet
        : undefined;
      if (packet?.type === type && packet.packetId === packetId) return packet.reasons ?? [];
      throw this.#unexpected(arrival, type);
    }
  }

  /** Takes the deliveries that have arrived, and the missing ones that still arrive in time. */
  async #collect(messages: ReadonlyMap<string, Message>, graceMs: number): Promise<void> {
    const until = performance.now() + graceMs;
    for (;;) {
      const left = [...messages.values()].every(isThere) ? 0 : Math.max(0, until - performance.now());
      const arrival = await this.#subscriber.next(left);
      if (!arrival) return;
      if (!this.#takes(arrival, messages)) throw this.#unexpected(arrival, "what was published, unchanged");
    }
  }

  #takes(arrival: Arrival, messages: ReadonlyMap<string, Message>): boolean {
    if (arrival.kind !== "packet" || arrival.packet.type !== "PUBLISH" || arrival.violations.length > 0) {
      return false;
    }
    const message = messages.get(new TextDecoder().decode(arrival.packet.payload));
    if (!message || !this.#isRight(arrival.packet, message)) return false;
    message.copies++;
    return true;
  }

  #unexpected(arrival: Arrival | undefined, expected: string): StepFailed {
    if (arrival) return new StepFailed(arrivalProblem(arrival, expected));
    return nothingCame(expected, this.#time.withinMs);
  }

  #isRight(packet: PublishPacket, message: Message): boolean {
    return packet.topic === message.name && packet.qos === 0 && !packet.dup &&
      packet.retain === this.#retained;
  }
}

/** Counts the filters that match a topic name; all of them are below the same level. */
export function matchingCount(filters: readonly string[], topic: string): number {
  return filters.filter((filter) => matches(`r/${filter}`, `r/${topic}`)).length;
}

function isThere({ matching, copies }: Message): boolean {
  return copies > 0 || matching === 0;
}

function inconclusive(message: string, missing: boolean): StepFailed {
  return new StepFailed({
    message,
    verdict: "inconclusive",
    connectionLost: true,
    missing: missing || undefined,
  });
}

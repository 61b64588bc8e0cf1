import { encode } from "../mqtt/encode.ts";
import type { Draft, SubackPacket } from "../mqtt/packet.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { fromBinary } from "./binary.ts";
import type { ClientSession } from "./client_session.ts";
import type { Connection, Retry } from "./connection.ts";
import { type Message, publishPacket } from "./drafts.ts";
import type { Hooks } from "./hooks.ts";
import { type Request, Requests } from "./requests.ts";
import type { Schedule } from "./schedule.ts";
import type { Settings } from "./settings.ts";

/** The parts of a context that exchanges need. */
export interface ExchangeStage {
  readonly behaviour: ModuleBehaviour;
  readonly hooks: Hooks;
  readonly schedule: Schedule;
  readonly settings: Settings;
  /** Returns the current connection. */
  readonly connection: () => Connection | undefined;
  /** Returns the current session. */
  readonly session: () => ClientSession;
  /** Prints a result of the context. */
  readonly urc: (name: string, ...fields: readonly (number | string)[]) => void;
  /** Runs a task that the end of the context awaits. */
  readonly track: (task: () => Promise<void>) => void;
}

/** The requests of a context to its broker by SUB, UNS and PUB: packets, answers, and reported results. */
export class Exchanges {
  readonly #stage: ExchangeStage;
  readonly #requests: Requests;
  /** The ids of SUBSCRIBE and UNSUBSCRIBE that wait for their answers. */
  readonly #idsInUse = new Set<number>();
  /** The id that the module has chosen last. */
  #chosen = 0;

  constructor(stage: ExchangeStage) {
    this.#stage = stage;
    this.#requests = new Requests(stage.schedule);
  }

  /** Whether a packet with this id is unacknowledged [MQTT-2.3.1-2]. */
  idInUse(packetId: number): boolean {
    return this.#idsInUse.has(packetId) || this.#stage.session().outgoing.has(packetId);
  }

  /** Whether no further QoS 1 or 2 message may be sent now. */
  get full(): boolean {
    return this.#stage.session().outgoing.size >= this.#stage.behaviour.inFlight;
  }

  /** Whether no further command may wait for a result. */
  get busy(): boolean {
    return this.#requests.waiting >= this.#stage.behaviour.requestsAtOnce;
  }

  /** Chooses an id that is not in use. */
  freeId(): number {
    let free = this.#stage.behaviour.chosenIds === "next" ? this.#chosen % 65_535 + 1 : 1;
    while (this.idInUse(free)) free = free % 65_535 + 1;
    this.#chosen = free;
    return free;
  }

  /** How long an answer is waited for, ms; undefined: forever. */
  get answerMs(): number | undefined {
    return this.#stage.behaviour.unanswered === "report" ? this.#stage.settings.answerMs : undefined;
  }

  /** Executes `AT+ECMTSUB`. */
  subscribe(
    packetId: number,
    ...subscriptions: readonly { readonly filter: string; readonly qos: number }[]
  ): void {
    this.#ask("SUB", packetId, {
      type: "SUBSCRIBE",
      packetId,
      subscriptions: subscriptions.map(({ filter, qos }) => ({ filter: fromBinary(filter), qos })),
    });
  }

  /** Executes `AT+ECMTUNS`. */
  unsubscribe(packetId: number, ...filters: readonly string[]): void {
    if (!this.#stage.hooks.unsubscribes) {
      this.#stage.urc("ECMTUNS", packetId, 0);
      return;
    }
    this.#ask("UNS", packetId, { type: "UNSUBSCRIBE", packetId, filters: filters.map(fromBinary) });
  }

  /** Executes `AT+ECMTPUB`. */
  publish(message: Message): void {
    const { behaviour, hooks, settings, track, urc } = this.#stage;
    const { qos } = message;
    const packetId = this.#idOf(message);
    const packet = publishPacket({ ...message, packetId });
    if (encode(packet, "3.1.1").length > behaviour.limits.packet) {
      urc("ECMTPUB", packetId, 2);
      return;
    }
    const connection = this.#stage.connection();
    if (qos !== 1 && qos !== 2) {
      track(async () => {
        const sent = await connection?.send(packet);
        urc("ECMTPUB", packetId, sent ? 0 : 2);
      });
      return;
    }
    this.#wait("PUB", packetId);
    track(async () => {
      const sent = await connection?.publish({ packetId, qos, packet, released: false }, this.#retry);
      // In a persistent session the message is still sent, after the next CONNACK.
      const lost = !sent && settings.cleanSession;
      if (lost || hooks.completes(qos) === "sent") this.#settlePublish(packetId, lost ? 2 : 0);
    });
  }

  /** Handles a SUBACK. */
  suback({ packetId, reasons }: SubackPacket): void {
    if (!this.#asked("SUB", packetId)) return;
    this.#idsInUse.delete(packetId);
    const { behaviour: { subRefused, subValue }, urc } = this.#stage;
    if (reasons.length === 1 && (reasons[0] ?? 0) > 2) urc("ECMTSUB", packetId, ...subRefused);
    else if (subValue === "none") urc("ECMTSUB", packetId, 0);
    else urc("ECMTSUB", packetId, 0, ...(subValue === "one" ? [reasons.length] : reasons));
  }

  /** Handles an UNSUBACK. */
  unsuback(packetId: number): void {
    if (!this.#asked("UNS", packetId)) return;
    this.#idsInUse.delete(packetId);
    this.#stage.urc("ECMTUNS", packetId, 0);
  }

  /** Handles the acknowledgement that moves a publish to the stage `how`. */
  published(qos: 1 | 2, packetId: number, how: "PUBACK" | "PUBREC" | "PUBCOMP"): void {
    if (this.#stage.hooks.completes(qos) === how) this.#settlePublish(packetId, 0);
  }

  /** Frees the packet ids of a lost connection. */
  lost(): void {
    this.#idsInUse.clear();
    this.#requests.connectionLost();
  }

  /** Ends all waiting requests without a report, because the host has closed the connection. */
  closed(): void {
    this.#idsInUse.clear();
    this.#requests.clear();
  }

  /** Returns the id to send a message with: the host's, or one of the module's own. */
  #idOf({ packetId, qos }: Message): number {
    return qos === 0 || packetId !== 0 || !this.#stage.behaviour.choosesId ? packetId : this.freeId();
  }

  get #retry(): Retry | undefined {
    return this.#stage.behaviour.resendsUnanswered ? this.#stage.settings.retry : undefined;
  }

  #ask(request: "SUB" | "UNS", packetId: number, packet: Draft): void {
    this.#idsInUse.add(packetId);
    this.#wait(request, packetId);
    this.#stage.track(async () => {
      if (await this.#stage.connection()?.send(packet) || !this.#requests.settle(request, packetId)) return;
      this.#idsInUse.delete(packetId);
      this.#failed(request, packetId);
    });
  }

  /** Waits for the broker's answer for the time that `timeout` sets. */
  #wait(request: Request, packetId: number): void {
    this.#requests.add(request, packetId, this.answerMs, () => {
      this.#idsInUse.delete(packetId);
      this.#failed(request, packetId);
    });
  }

  #failed(request: Request, packetId: number): void {
    const value = request === "SUB" && this.#stage.behaviour.subValue !== "none" ? [0] : [];
    this.#stage.urc(`ECMT${request}`, packetId, 2, ...value);
  }

  #settlePublish(packetId: number, result: number): void {
    if (this.#asked("PUB", packetId)) this.#stage.urc("ECMTPUB", packetId, result);
  }

  /** Whether to report an answer: the request with this id waits for it, or ids are not checked. */
  #asked(request: Request, packetId: number): boolean {
    return this.#requests.settle(request, packetId) || this.#stage.behaviour.reportsUnknownIds;
  }
}

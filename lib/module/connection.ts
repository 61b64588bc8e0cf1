import { pause } from "../ground/wait.ts";
import type { Arrival } from "../link/mqtt_link.ts";
import { MqttLink } from "../link/mqtt_link.ts";
import type { AckPacket, ConnackPacket, Draft, Packet, PublishPacket, SubackPacket } from "../mqtt/packet.ts";
import type { Transport } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import type { Hooks } from "./hooks.ts";
import { Keepalive } from "./keepalive.ts";
import type { Schedule } from "./schedule.ts";
import type { Outgoing } from "./client_session.ts";
import { ClientSession } from "./client_session.ts";

/** The events that a connection reports to its owner, in packet order. */
export interface ConnectionOwner {
  readonly connack: (packet: ConnackPacket) => void;
  /** Receives a message; the promise resolves when the next packet may be read. */
  readonly message: (packet: PublishPacket) => Promise<void>;
  readonly suback: (packet: SubackPacket) => void;
  readonly unsuback: (packetId: number) => void;
  /** Reports that a publish has reached the stage `how`. */
  readonly published: (qos: 1 | 2, packetId: number, how: "PUBACK" | "PUBREC" | "PUBCOMP") => void;
  /** Reports that the connection was lost, and whether a missing PINGRESP was the cause. */
  readonly lost: (how: "closed" | "ping") => void;
}

/** When and how often an unanswered packet is resent. */
export interface Retry {
  readonly everyMs: number;
  readonly times: number;
}

/**
 * How many bytes of QoS 2 messages may wait for PUBREL before they are reported; beyond that they are
 * reported immediately.
 */
const MOST_KEPT = 1024 * 1024;

/** How many packets may wait to be sent; beyond that the connection counts as dead. */
const OUTBOX = 1000;

/** One TCP connection with the client side of MQTT 3.1 and 3.1.1. */
export class Connection implements AsyncDisposable {
  readonly #link: MqttLink;
  readonly #behaviour: ModuleBehaviour;
  readonly #hooks: Hooks;
  readonly #owner: ConnectionOwner;
  readonly #schedule: Schedule;
  readonly #keepalive: Keepalive;
  readonly #running: Promise<void>;
  #session = new ClientSession();
  #clean = true;
  #answered = false;
  #over = false;
  #leaving = false;
  #lingering: Promise<void> | undefined;
  readonly #ended = new AbortController();
  #outbox: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(
    transport: Transport,
    behaviour: ModuleBehaviour,
    hooks: Hooks,
    schedule: Schedule,
    owner: ConnectionOwner,
  ) {
    this.#behaviour = behaviour;
    this.#hooks = hooks;
    this.#schedule = schedule;
    this.#owner = owner;
    this.#link = new MqttLink(transport, {
      version: "3.1.1",
      maximumPacketSize: behaviour.limits.packet,
      inboxLimit: 100,
    });
    this.#keepalive = new Keepalive(schedule, behaviour, {
      ping: () => this.send({ type: "PINGREQ" }),
      dead: () => this.#lose("ping"),
    });
    this.#running = this.#run();
  }

  /** Whether neither side has closed yet. */
  get up(): boolean {
    return !this.#over;
  }

  /** Sends CONNECT and uses `session`; the keep-alive is in seconds. */
  connect(
    packet: Draft & { readonly type: "CONNECT" },
    session: ClientSession,
    keepAlive: number,
  ): Promise<boolean> {
    this.#link.version = packet.protocolLevel === 3 ? "3.1" : "3.1.1";
    this.#session = session;
    this.#clean = packet.cleanStart === true;
    this.#keepalive.seconds = keepAlive;
    return this.send(packet);
  }

  /** Sends a message at QoS 1 or 2 and stores it until it is acknowledged. */
  publish(message: Outgoing, retry?: Retry): Promise<boolean> {
    this.#session.outgoing.set(message.packetId, message);
    if (retry) this.#retry(message, retry.everyMs, retry.times);
    return this.send(message.packet);
  }

  /** Sends a packet in order. Returns false if it was not sent. */
  send(packet: Draft): Promise<boolean> {
    if (this.#over || this.#leaving || this.#waiting >= OUTBOX) return Promise.resolve(false);
    this.#waiting++;
    // Each packet is delayed relative to its cause, and all stay in order.
    const due = this.#schedule.wait(this.#hooks.sendDelayMs(packet));
    const sent = this.#outbox.then(() => due).then(() => this.#write(packet));
    this.#outbox = sent.then(() => {
      this.#waiting--;
    });
    return sent;
  }

  /** Closes once all packets are sent and the broker had time to close first. */
  async close(): Promise<void> {
    const { closeWaitMs, closeLagMs } = this.#behaviour;
    this.#leaving = true;
    this.#keepalive.stop();
    await this.#outbox;
    if (closeWaitMs > 0) await pause(closeWaitMs, this.#ended.signal);
    if (closeLagMs > 0 && !this.#over && this.#hooks.closesTcp) {
      this.#lingering ??= pause(closeLagMs, this.#ended.signal).then(() => this.#link.close());
    }
    this.drop();
  }

  /** Closes immediately, like a cut line. */
  drop(): void {
    this.#over = true;
    this.#keepalive.stop();
    if (this.#hooks.closesTcp && !this.#lingering) this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop();
    // Stop waiting for the broker's close; a delayed close still happens later.
    if (!this.#lingering) this.#ended.abort();
    await this.#lingering;
    await this.#link[Symbol.asyncDispose]();
    await this.#running;
    await this.#outbox;
  }

  async #write(packet: Draft): Promise<boolean> {
    if (this.#over) return false;
    const stop = this.#schedule.after(this.#behaviour.sendTimeoutMs, () => this.#lose());
    try {
      for (const draft of this.#hooks.send(packet)) await this.#link.send(draft);
      this.#keepalive.sent();
      return !this.#over;
    } catch {
      this.#lose();
      return false;
    } finally {
      stop();
    }
  }

  async #run(): Promise<void> {
    for (;;) {
      const arrival = await this.#link.receive(60_000);
      if (arrival?.kind === "closed") this.#ended.abort();
      if (this.#over) return;
      if (!arrival) continue;
      if (arrival.kind === "closed") return this.#lose();
      // Nothing is sent after DISCONNECT, so nothing can be answered [MQTT-3.14.4-2].
      if (this.#leaving) continue;
      this.#keepalive.received();
      await this.#take(arrival);
    }
  }

  async #take(arrival: Exclude<Arrival, { kind: "closed" }>): Promise<void> {
    // A client closes on any violation [MQTT-4.8.0-1].
    const sound = arrival.kind === "packet" &&
      (arrival.violations.length === 0 || !this.#closesOnViolation);
    if (sound) {
      const packet = this.#hooks.receive(arrival.packet);
      const early = !this.#answered && packet.type !== "CONNACK";
      if (!early && await this.#handle(packet)) return;
    }
    // An unreadable packet closes it in any case.
    if (this.#closesOnViolation || (arrival.kind !== "packet" && this.#hooks.closesOnViolation)) this.#lose();
  }

  get #closesOnViolation(): boolean {
    return this.#behaviour.closesOnViolation && this.#hooks.closesOnViolation;
  }

  /** Handles a packet. Returns false for one that a broker must not send. */
  async #handle(packet: Packet): Promise<boolean> {
    switch (packet.type) {
      case "CONNACK":
        return this.#connack(packet);
      case "PUBLISH":
        await this.#message(packet);
        return true;
      case "PUBREL":
        await this.#released(packet.packetId);
        return true;
      case "PUBACK":
      case "PUBREC":
      case "PUBCOMP":
        this.#acknowledged(packet);
        return true;
      case "SUBACK":
        this.#owner.suback(packet);
        return true;
      case "UNSUBACK":
        this.#owner.unsuback(packet.packetId);
        return true;
      case "PINGRESP":
        this.#keepalive.answered();
        return true;
      default:
        return false;
    }
  }

  #connack(packet: ConnackPacket): boolean {
    if (this.#answered) return false;
    this.#answered = true;
    if (packet.reason !== 0) {
      this.#owner.connack(packet);
      return true;
    }
    // Without a session the broker's ids start over, and an old id would hide a new message.
    if (!packet.sessionPresent) this.#session.incoming.clear();
    this.#owner.connack(packet);
    this.#keepalive.connected();
    const { resumes, resumeDelayMs } = this.#behaviour;
    if (this.#clean || !resumes) return true;
    if (resumeDelayMs === 0) this.#resume();
    else this.#schedule.after(resumeDelayMs, () => this.#resume());
    return true;
  }

  /** Resends unacknowledged messages with their ids and in order [MQTT-4.4.0-1]. */
  #resume(): void {
    for (const message of this.#session.outgoing.values()) {
      if (this.#hooks.resends(message.released ? "PUBREL" : "PUBLISH")) this.#again(message);
    }
  }

  #again({ packet, packetId, released }: Outgoing): void {
    this.send(released ? { type: "PUBREL", packetId } : { ...packet, dup: true });
  }

  /** Resends a message at intervals, until it is acknowledged or was sent `times` times. */
  #retry({ packetId, packet }: Outgoing, everyMs: number, times: number): void {
    if (times === 0) return;
    this.#schedule.after(everyMs, () => {
      const unanswered = this.#session.outgoing.get(packetId);
      if (this.#over || unanswered?.packet !== packet) return;
      this.#again(unanswered);
      this.#retry(unanswered, everyMs, times - 1);
    });
  }

  async #message(packet: PublishPacket): Promise<void> {
    const { qos, packetId = 0 } = packet;
    const filters = this.#behaviour.duplicateFilter && this.#hooks.filtersDuplicates;
    const again = qos === 2 && filters && this.#session.incoming.has(packetId);
    const kept = qos === 2 && !again && this.#keeps();
    // Packet ids bound the map: there are 65,535.
    if (qos === 2 && !again) this.#session.incoming.set(packetId, kept ? packet : undefined);
    if (!again && !kept) await this.#deliver(packet);
    if (qos === 1) this.send({ type: "PUBACK", packetId });
    if (qos === 2) this.send({ type: "PUBREC", packetId });
  }

  #keeps(): boolean {
    if (this.#behaviour.showsQos2At === "PUBLISH") return false;
    let kept = 0;
    for (const message of this.#session.incoming.values()) if (message) kept += message.payload.length + 256;
    return kept < MOST_KEPT;
  }

  async #released(packetId: number): Promise<void> {
    const kept = this.#session.incoming.get(packetId);
    this.#session.incoming.delete(packetId);
    if (kept) await this.#deliver(kept);
    this.send({ type: "PUBCOMP", packetId });
  }

  async #deliver(packet: PublishPacket): Promise<void> {
    for (const message of this.#hooks.deliver(packet)) await this.#owner.message(message);
  }

  #acknowledged({ type, packetId }: AckPacket<"PUBACK" | "PUBREC" | "PUBCOMP">): void {
    const { outgoing } = this.#session;
    const message = outgoing.get(packetId);
    if (type === "PUBREC") {
      if (message?.qos === 2) {
        outgoing.set(packetId, { ...message, released: true });
        this.#owner.published(2, packetId, type);
      }
      this.send({ type: "PUBREL", packetId });
      return;
    }
    // Without stored state every acknowledgement is accepted as it is [ECMT-PUB-U6].
    if (this.#behaviour.reportsUnknownIds || (message && !this.#hooks.keepsHandshakes)) {
      outgoing.delete(packetId);
      return this.#owner.published(type === "PUBACK" ? 1 : 2, packetId, type);
    }
    const ends = type === "PUBACK" ? message?.qos === 1 : message?.qos === 2 && message.released;
    if (!message || !ends) return;
    outgoing.delete(packetId);
    this.#owner.published(message.qos, packetId, type);
  }

  #lose(how: "closed" | "ping" = "closed"): void {
    if (this.#over) return;
    this.#over = true;
    this.#keepalive.stop();
    this.#link.close();
    if (!this.#leaving) this.#owner.lost(how);
  }
}

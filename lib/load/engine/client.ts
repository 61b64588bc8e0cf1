import { Decoder } from "../../mqtt/decode.ts";
import { describe } from "../../mqtt/describe.ts";
import { encode } from "../../mqtt/encode.ts";
import type { Draft, Packet } from "../../mqtt/packet.ts";
import { reasonName } from "../../mqtt/reasons.ts";
import type { Transport } from "../../transport/transport.ts";
import { connectPacket } from "./connect_packet.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import { dial } from "./dial.ts";
import type { Engine } from "./engine.ts";
import type { GroupRun } from "./group_run.ts";
import { Incoming, LARGEST_PACKET, type PacketTaker } from "./incoming.ts";
import { Outgoing } from "./outgoing.ts";
import { wordsOf } from "../plan/plan.ts";
import { Publisher } from "./publisher.ts";
import { reasonOf } from "./reasons.ts";
import { Receiver } from "./receiver.ts";
import { Subscribing } from "./subscribing.ts";
import { fill } from "../profile/template.ts";
import type { Timer } from "./wheel.ts";

/** PINGREQ goes out when so much of the keep-alive has passed without a packet. */
const PING_PART = 0.75;

/** Where a client stands: no connection, on the way to one, or connected and subscribed. */
export type ClientState = "offline" | "connecting" | "ready";

/** One client of a load: its connection, what it has to write, and what it does with what comes. */
export class Client implements PacketTaker {
  readonly engine: Engine;
  readonly group: GroupRun;
  /** Its number in the group, and among all. */
  readonly index: number;
  readonly number: number;
  readonly publisher: Publisher | undefined;
  readonly receiver: Receiver;
  state: ClientState = "offline";
  /** Whether it is to be connected, by the profile's times. */
  wanted = false;
  dirty = false;
  /** When something was last written, in ms of the engine's clock. */
  writtenMs = 0;
  /** When a PINGREQ went out that has no answer yet; 0 for none. */
  pingMs = 0;
  #transport: Transport | undefined;
  #attempt: AbortController | undefined;
  #late: Timer | undefined;
  #dueMs = 0;
  #begunMs = 0;
  #connectedMs = 0;
  #failures = 0;
  readonly subscribing = new Subscribing(this);
  readonly #incoming = new Incoming(this);
  readonly #outgoing = new Outgoing();
  #writing = false;
  /** QoS 0 messages among what waits to be written, and among what is being written. */
  #waitingPlain = 0;
  #writingPlain = 0;

  constructor(engine: Engine, group: GroupRun, index: number) {
    this.engine = engine;
    this.group = group;
    this.index = index;
    this.number = group.plan.firstClient + index;
    this.publisher = group.plan.publish ? new Publisher(this, group.plan.publish) : undefined;
    this.receiver = new Receiver(this);
  }

  /** Its client id. */
  get id(): string {
    return fill(this.group.plan.clientId, wordsOf(this.engine.plan, this.group.plan, this.index));
  }

  /** Whether more can be put up to be written. */
  get open(): boolean {
    return this.state === "ready" && this.#outgoing.open;
  }

  /** Whether something is on its way out. */
  get busy(): boolean {
    return this.#writing;
  }

  /** Begins to connect; `dueMs` is when it was to be. */
  connect(dueMs: number): void {
    const { engine } = this;
    this.state = "connecting";
    this.#dueMs = dueMs;
    this.#begunMs = engine.now();
    engine.recorder.add(COUNT.attempted, 1);
    const attempt = this.#attempt = new AbortController();
    this.#late = engine.wheel.at(this.#begunMs + engine.plan.connect.withinMs, () => this.lose("timed out"));
    const { brokers, from } = engine.plan;
    const broker = brokers[this.number % brokers.length];
    if (!broker) return;
    const source = from.length === 0
      ? undefined
      : from[Math.floor(this.number / brokers.length) % from.length];
    engine.attempts.add(
      dial(broker, source, attempt.signal).then(
        ({ transport, tlsMs }) => this.#dialled(attempt, transport, tlsMs),
        (error) => this.#attempt === attempt ? this.lose(reasonOf(error)) : undefined,
      ),
    );
  }

  #dialled(attempt: AbortController, transport: Transport, tlsMs: number | undefined): void {
    const { engine } = this;
    if (this.#attempt !== attempt || attempt.signal.aborted) return transport.close();
    this.#attempt = undefined;
    this.#transport = transport;
    this.#connectedMs = engine.now();
    engine.recorder.record(TIME.tcp, (this.#connectedMs - this.#begunMs - (tlsMs ?? 0)) * 1000);
    if (tlsMs !== undefined) engine.recorder.record(TIME.tls, tlsMs * 1000);
    this.send(connectPacket(engine.plan, this.group.plan, this.index, this.number));
    engine.flush(this);
    engine.attempts.add(this.#read(transport));
  }

  /** Ends the connection as the profile wants it: by DISCONNECT, or by closing it without a word. */
  leave(how: "disconnect" | "cut"): void {
    const transport = this.#transport;
    if (how === "disconnect" && transport && this.state === "ready") {
      this.send({ type: "DISCONNECT" });
      this.flush();
      // The close follows what is still to be written.
      const writing = this.#writing;
      this.#gone();
      if (!writing) transport.close();
      else this.engine.closeSoon(transport);
      return;
    }
    this.#gone();
    transport?.close();
  }

  /** The connection failed or was lost, for a reason that is counted. */
  lose(reason: string): void {
    const { engine } = this;
    if (this.state === "offline") return;
    const was = this.state;
    engine.recorder.reason(reason);
    engine.recorder.add(was === "ready" ? COUNT.disconnected : COUNT.connectFailed, 1);
    const transport = this.#transport;
    this.#gone();
    transport?.close();
    this.#failures++;
    if (!this.wanted || !engine.plan.connect.again || engine.ending) return engine.settled(this);
    const [first, most] = engine.plan.connect.backOffMs;
    // Half of the wait is random, so that those who were cut at once do not come back at once.
    const wait = Math.min(most, first * 2 ** Math.min(20, this.#failures - 1)) * (0.5 + engine.random() / 2);
    const due = engine.now() + wait;
    engine.wheel.at(due, () => {
      if (this.wanted && this.state === "offline") engine.queue(this, due);
    });
  }

  #gone(): void {
    const was = this.state;
    this.state = "offline";
    if (was === "ready") this.engine.connected--;
    if (was === "connecting") this.engine.arrived();
    this.#attempt?.abort();
    this.#attempt = undefined;
    this.#late?.cancel();
    this.#transport = undefined;
    const plain = this.#waitingPlain + this.#writingPlain;
    if (plain > 0) {
      this.engine.recorder.add(COUNT.failed, plain);
      this.engine.recorder.add(COUNT.unconfirmed, -plain);
    }
    this.#waitingPlain = this.#writingPlain = 0;
    this.#writing = false;
    this.#incoming.clear();
    this.#outgoing.clear();
    this.subscribing.disconnected();
    this.pingMs = 0;
    this.publisher?.disconnected();
    this.receiver.disconnected();
  }

  /** Puts a packet up to be written with the next flush. */
  send(draft: Draft): void {
    const bytes = encode(draft, this.engine.plan.protocol);
    const at = this.reserve(bytes.length);
    this.#outgoing.bytes.set(bytes, at);
  }

  /** Makes room for `length` bytes at the end of what is to be written, and gives where they go in {@link out}. */
  reserve(length: number): number {
    const at = this.#outgoing.reserve(length);
    if (!this.dirty) {
      this.dirty = true;
      this.engine.dirty.push(this);
    }
    return at;
  }

  /** What is to be written; see {@link reserve}. */
  get out(): Uint8Array {
    return this.#outgoing.bytes;
  }

  /** Counts a message of QoS 0 that was put up to be written. */
  plain(): void {
    this.#waitingPlain++;
  }

  /** Writes what waits, unless something is being written; then that follows. */
  flush(): void {
    this.dirty = false;
    const transport = this.#transport;
    const { length } = this.#outgoing;
    if (this.#writing || length === 0 || !transport) return;
    const bytes = this.#outgoing.take();
    this.#writingPlain = this.#waitingPlain;
    this.#waitingPlain = 0;
    this.#writing = true;
    this.receiver.flushed();
    this.writtenMs = this.engine.now();
    void this.#write(transport, bytes, length);
  }

  async #write(transport: Transport, bytes: Uint8Array, length: number): Promise<void> {
    try {
      let done = 0;
      while (done < length) done += await transport.write(bytes.subarray(done, length));
    } catch (error) {
      if (this.#transport === transport) this.lose(reasonOf(error));
      return;
    }
    this.engine.recorder.add(COUNT.sentBytes, length);
    if (this.#transport !== transport) return;
    this.#writing = false;
    this.#writingPlain = 0;
    if (this.publisher) this.#outgoing.keep(bytes);
    this.publisher?.pump(this.engine.now());
    if (this.#outgoing.length > 0) this.engine.flush(this);
  }

  async #read(transport: Transport): Promise<void> {
    const { engine } = this;
    const pause = this.group.plan.readPauseMs;
    try {
      while (this.#transport === transport) {
        const size = await transport.read(this.#incoming.room);
        if (this.#transport !== transport) return;
        if (size === null) return this.lose(this.#endReason());
        this.#take(size);
        if (pause > 0) await engine.sleep(pause);
        else if (engine.pacing) await engine.turn();
      }
    } catch (error) {
      if (this.#transport === transport) this.lose(reasonOf(error));
    }
  }

  #endReason(): string {
    return this.state === "ready" ? "closed by the broker" : "closed before CONNACK";
  }

  #take(size: number): void {
    const { engine } = this;
    engine.recorder.add(COUNT.receivedBytes, size);
    this.#incoming.take(size, engine.now());
    // The answers to all that was read go out by one write.
    if (this.dirty && !engine.pacing) this.flush();
  }

  /** Takes a packet that was cut out of the stream. */
  packet(bytes: Uint8Array, start: number, body: number, end: number, now: number): void {
    const first = bytes[start] ?? 0;
    switch (first >> 4) {
      case 3:
        return this.receiver.publish(bytes, start, body, end, now);
      case 4:
      case 5:
      case 7: {
        if (end - body < 2 || !this.publisher) break;
        const id = (bytes[body] ?? 0) << 8 | (bytes[body + 1] ?? 0);
        const reason = end - body > 2 ? bytes[body + 2] ?? 0 : 0;
        if (this.publisher.answered(first >> 4, id, reason, now)) return;
        return this.engine.fault(
          "protocol",
          this,
          `an answer to packet id ${id}, which is not in flight`,
          bytes,
          start,
          end,
        );
      }
      case 6:
        if (end - body < 2) break;
        return this.receiver.pubrel((bytes[body] ?? 0) << 8 | (bytes[body + 1] ?? 0));
      case 13:
        this.pingMs = 0;
        return;
    }
    this.#other(bytes, start, end, now);
  }

  /** Packets that do not come often are read by the codec. */
  #other(bytes: Uint8Array, start: number, end: number, now: number): void {
    const decoder = new Decoder({ version: this.engine.plan.protocol, maximumPacketSize: LARGEST_PACKET });
    decoder.push(bytes.subarray(start, end));
    const frame = decoder.next();
    if (frame?.kind !== "packet") {
      const why = frame?.violations[0]?.message ?? "a packet that can't be read";
      return this.broken(why, bytes, start, end);
    }
    const { packet } = frame;
    switch (packet.type) {
      case "CONNACK":
        return this.#connack(packet, now);
      case "SUBACK":
        if (this.subscribing.suback(packet, now) && this.state === "connecting") this.#ready(now);
        return;
      case "UNSUBACK":
        return;
      case "DISCONNECT":
        return this.lose(`DISCONNECT: ${this.#reason("DISCONNECT", packet.reason)}`);
      default:
        return this.broken(`${describe(packet)}, which no broker sends`, bytes, start, end);
    }
  }

  /** Something came that no broker sends, so that the connection ends. */
  broken(why: string, bytes: Uint8Array, start: number, end: number): void {
    this.engine.fault("protocol", this, why, bytes, start, end);
    this.lose("broken packet");
  }

  #connack(packet: Extract<Packet, { type: "CONNACK" }>, now: number): void {
    const { engine } = this;
    if (packet.reason !== 0) {
      return this.lose(`CONNACK: ${this.#reason("CONNACK", packet.reason)}`);
    }
    const { recorder } = engine;
    recorder.record(TIME.connack, (now - this.#connectedMs) * 1000);
    recorder.record(TIME.connect, (now - this.#dueMs) * 1000);
    recorder.record(TIME.connectActual, (now - this.#begunMs) * 1000);
    recorder.add(COUNT.succeeded, 1);
    this.publisher?.connected(packet.sessionPresent, packet.properties);
    this.receiver.connected(packet.sessionPresent);
    if (this.group.plan.subscribe.length > 0 && !this.receiver.resumed) this.subscribing.subscribe();
    else this.#ready(now);
  }

  #reason(type: "CONNACK" | "DISCONNECT", code: number): string {
    return reasonName(type, this.engine.plan.protocol, code) ?? `reason ${code}`;
  }

  #ready(now: number): void {
    this.#late?.cancel();
    this.#failures = 0;
    this.state = "ready";
    this.engine.connected++;
    this.engine.arrived();
    this.engine.settled(this);
    this.group.ready(this, now);
    this.publisher?.pump(now);
  }

  /** Sends PINGREQ where it is time, and gives the connection up where the last one had no answer. */
  keepAlive(now: number): void {
    const { keepAlive } = this.group.plan;
    if (keepAlive === 0 || this.state !== "ready") return;
    if (this.pingMs > 0) {
      if (now - this.pingMs > keepAlive * 1000) this.lose("no PINGRESP");
      return;
    }
    if (now - this.writtenMs < keepAlive * 1000 * PING_PART) return;
    this.pingMs = now;
    this.send({ type: "PINGREQ" });
  }
}

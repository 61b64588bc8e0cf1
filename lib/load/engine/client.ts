import { decodeInPlace } from "../../mqtt/decode.ts";
import { describe } from "../../mqtt/describe.ts";
import type { Packet } from "../../mqtt/packet.ts";
import { reasonName } from "../../mqtt/reasons.ts";
import type { Transport } from "../../transport/transport.ts";
import { brokerOf, wordsOf } from "../plan/plan.ts";
import { fill } from "../profile/template.ts";
import { churn, type Churning } from "./churn.ts";
import type { ClientHost } from "./client_host.ts";
import { ClientSubscriptions } from "./client_subscriptions.ts";
import { connectPacket } from "./connect_packet.ts";
import { ConnectionWriter, type WriterOwner } from "./connection_writer.ts";
import type { ClientState } from "./connections.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import { Attempt, dial } from "./dial.ts";
import { live, type Living } from "./lifetime.ts";
import type { LoadGroup } from "./load_group.ts";
import { type PacketHandler, PacketSplitter } from "./packet_splitter.ts";
import { LoadPublisher } from "./publisher.ts";
import { reasonOf } from "./reasons.ts";
import { LoadReceiver } from "./receiver.ts";
import type { Timer } from "./loop/timer_wheel.ts";

/** The share of the keep-alive without a write after which PINGREQ is sent. */
const PING_AFTER = 0.75;

/** One client of a load: connects, reconnects, reads packets, and passes them to its publisher and its receiver. */
export class LoadClient implements Churning, Living, PacketHandler, WriterOwner {
  /** Its number in the group, and among all clients. */
  readonly index: number;
  readonly number: number;
  readonly publisher: LoadPublisher | undefined;
  state: ClientState = "offline";
  wanted = false;
  readonly #host: ClientHost;
  readonly #group: LoadGroup;
  readonly #paced: boolean;
  readonly #receiver: LoadReceiver;
  readonly #subscriptions: ClientSubscriptions;
  readonly #writer: ConnectionWriter;
  readonly #splitter = new PacketSplitter(this);
  #transport: Transport | undefined;
  /** The connection that is being opened. */
  #attempt: Attempt | undefined;
  #timeout: Timer | undefined;
  /** When the connection was scheduled, started and established, in ms of the run's clock. */
  #dueMs = 0;
  #begunMs = 0;
  #connectedMs = 0;
  /** When a PINGREQ without an answer was sent; 0 if there is none. */
  #pingMs = 0;
  /** How many connections received a CONNACK of success. */
  connection = 0;
  /** How often it has moved to the next broker. */
  #moved = 0;
  /** Connections that failed in a row. */
  #failures = 0;

  constructor(host: ClientHost, group: LoadGroup, index: number) {
    const { publish } = group.plan;
    this.#host = host;
    this.#group = group;
    this.#paced = host.plan.mode === "throughput";
    this.index = index;
    this.number = group.plan.firstClient + index;
    this.#writer = new ConnectionWriter(host, this, publish !== undefined);
    this.publisher = publish ? new LoadPublisher(host, group, publish, index, this.#writer) : undefined;
    this.#receiver = new LoadReceiver(host, group.plan, this, this.#writer, this.publisher);
    this.#subscriptions = new ClientSubscriptions(host, group.plan, index, this.#writer, this.#receiver);
  }

  /** Its client id. */
  get id(): string {
    return fill(this.#group.plan.clientId, wordsOf(this.#host.plan, this.#group.plan, this.index));
  }

  get unanswered(): boolean {
    return (this.publisher?.inFlight ?? 0) > 0 || this.#writer.busy;
  }

  /** How many deliveries have not arrived yet. */
  get missing(): number {
    return this.state === "ready" ? this.#receiver.missing : 0;
  }

  /** How much is pending here: messages due or in flight, missing deliveries, and a write. */
  get left(): number {
    const { publisher } = this;
    const publishing = publisher && this.wanted
      ? publisher.owed + publisher.inFlight + publisher.thinking
      : 0;
    return this.missing + publishing + (this.#writer.busy ? 1 : 0);
  }

  connect(dueMs: number): void {
    const host = this.#host;
    const { brokers, from, connect } = host.plan;
    const own = host.certificates.get(this.number);
    this.state = "connecting";
    this.#dueMs = dueMs;
    this.#begunMs = host.now();
    host.recorder.add(COUNT.attempted, 1);
    const attempt = this.#attempt = new Attempt();
    this.#timeout = host.timers.at(this.#begunMs + connect.withinMs, () => this.lose("timed out"));
    const place = brokerOf(host.plan, this.#group.plan, this.number, this.#moved);
    if (!place) return;
    const broker = own ? { ...place, tls: { ...place.tls, ...own } } : place;
    const source = from.length === 0
      ? undefined
      : from[Math.floor(this.number / brokers.length) % from.length];
    host.connections.track(
      dial(broker, source, attempt).then(
        ({ transport, tlsMs }) => this.#dialled(attempt, transport, tlsMs),
        (error) => this.#attempt === attempt ? this.lose(this.#why(error)) : undefined,
      ),
    );
  }

  #dialled(attempt: Attempt, transport: Transport, tlsMs: number | undefined): void {
    const { plan, recorder, connections, now } = this.#host;
    if (this.#attempt !== attempt) return transport.close();
    this.#attempt = undefined;
    this.#transport = transport;
    this.#writer.attach(transport);
    this.#connectedMs = now();
    recorder.record(TIME.tcp, (this.#connectedMs - this.#begunMs - (tlsMs ?? 0)) * 1000);
    if (tlsMs !== undefined) recorder.record(TIME.tls, tlsMs * 1000);
    this.#writer.send(connectPacket(plan, this.#group.plan, this.index, this.number, this.#moved));
    this.#writer.flushNow();
    connections.track(this.#read(transport));
  }

  /** Ends the connection as the profile wants it: by DISCONNECT, or by closing it without one. */
  leave(how: "disconnect" | "cut"): void {
    const transport = this.#transport;
    if (how === "disconnect" && transport && this.state === "ready") {
      this.#writer.send({ type: "DISCONNECT" });
      this.#writer.flush();
      const { busy } = this.#writer;
      this.#disconnected();
      // The close must come after what is still being written.
      if (busy) this.#host.connections.closeSoon(transport);
      else transport.close();
      return;
    }
    this.#disconnected();
    transport?.close();
  }

  /** Counts a connection that failed or was lost, and connects again later if the profile says so. */
  lose(reason: string): void {
    const host = this.#host;
    if (this.state === "offline") return;
    host.recorder.reason(reason);
    host.recorder.add(this.state === "ready" ? COUNT.disconnected : COUNT.connectFailed, 1);
    const transport = this.#transport;
    this.#disconnected();
    transport?.close();
    this.#failures++;
    const { again, failover, backOffMs: [first, most] } = host.plan.connect;
    if (failover) this.#moved++;
    if (!this.wanted || !again || host.ending) return host.connections.settle(this);
    // Half of the wait is random, so that clients that were cut together do not come back together.
    const wait = Math.min(most, first * 2 ** Math.min(20, this.#failures - 1)) * (0.5 + host.random() / 2);
    const dueMs = host.now() + wait;
    host.timers.at(dueMs, () => {
      if (this.wanted && this.state === "offline") host.connections.queue(this, dueMs);
    });
  }

  #disconnected(): void {
    const { connections } = this.#host;
    const was = this.state;
    this.state = "offline";
    if (was === "ready") connections.ready--;
    if (was === "connecting") connections.arrived();
    this.#attempt?.giveUp();
    this.#attempt = undefined;
    this.#timeout?.cancel();
    this.#transport = undefined;
    this.#pingMs = 0;
    this.#writer.detach();
    this.#splitter.clear();
    this.#subscriptions.disconnected();
    this.publisher?.disconnected();
    this.#receiver.disconnected();
  }

  writing(): void {
    this.#receiver.written();
  }

  written(): void {
    this.publisher?.pump(this.#host.now());
  }

  writeFailed(error: unknown): void {
    this.lose(this.#why(error));
  }

  async #read(transport: Transport): Promise<void> {
    const host = this.#host;
    const { readPauseMs } = this.#group.plan;
    try {
      while (this.#transport === transport) {
        const size = await transport.read(this.#splitter.room);
        // A loop instead of one wait: all readers wait for the same turn, and the first ones may use it up.
        for (let due = host.turnDue(); due; due = host.turnDue()) await due;
        if (this.#transport !== transport) return;
        if (size === null) {
          return this.lose(this.state === "ready" ? "closed by the broker" : "closed before CONNACK");
        }
        host.recorder.add(COUNT.receivedBytes, size);
        this.#splitter.take(size, host.now());
        // One write answers all packets of one read.
        this.#writer.flushNow();
        if (readPauseMs > 0) await host.sleep(readPauseMs);
        else if (this.#paced) await host.nextTurn();
      }
    } catch (error) {
      if (this.#transport === transport) this.lose(this.#why(error));
    }
  }

  packet(bytes: Uint8Array, start: number, body: number, end: number, now: number): void {
    const first = bytes[start] ?? 0;
    switch (first >> 4) {
      case 3:
        return this.#receiver.publish(bytes, start, body, end, now);
      case 4:
      case 5:
      case 7: {
        if (end - body < 2 || !this.publisher) break;
        const id = (bytes[body] ?? 0) << 8 | (bytes[body + 1] ?? 0);
        const reason = end - body > 2 ? bytes[body + 2] ?? 0 : 0;
        if (this.publisher.answered(first >> 4, id, reason, now)) return;
        const text = `an answer to packet id ${id}, which is not in flight`;
        return this.#host.faults.add("protocol", this, text, bytes, start, end);
      }
      case 6:
        if (end - body < 2) break;
        return this.#receiver.pubrel((bytes[body] ?? 0) << 8 | (bytes[body + 1] ?? 0));
      case 13:
        this.#pingMs = 0;
        return;
    }
    this.#rarePacket(bytes, start, body, end, now);
  }

  broken(why: string, bytes: Uint8Array, start: number, end: number): void {
    this.#host.faults.add("protocol", this, why, bytes, start, end);
    this.lose("broken packet");
  }

  /** Handles the rare packets, decoded by the codec. */
  #rarePacket(bytes: Uint8Array, start: number, body: number, end: number, now: number): void {
    const frame = decodeInPlace(bytes, start, body, end, this.#host.plan.protocol);
    if (frame.kind !== "packet") {
      const why = frame.violations[0]?.message ?? "a packet that can't be read";
      return this.broken(why, bytes, start, end);
    }
    const { packet } = frame;
    switch (packet.type) {
      case "CONNACK":
        return this.#connack(packet, now);
      case "SUBACK":
        if (this.#subscriptions.suback(packet, now) && this.state === "connecting") this.#ready(now);
        return;
      case "UNSUBACK":
        return;
      case "DISCONNECT":
        return this.lose(`DISCONNECT: ${this.#reason("DISCONNECT", packet.reason)}`);
      default:
        return this.broken(`${describe(packet)}, which a broker must not send`, bytes, start, end);
    }
  }

  #connack(packet: Extract<Packet, { type: "CONNACK" }>, now: number): void {
    const { recorder } = this.#host;
    if (packet.reason !== 0) return this.lose(`CONNACK: ${this.#reason("CONNACK", packet.reason)}`);
    recorder.record(TIME.connack, (now - this.#connectedMs) * 1000);
    recorder.record(TIME.connect, (now - this.#dueMs) * 1000);
    recorder.record(TIME.connectActual, (now - this.#begunMs) * 1000);
    recorder.add(COUNT.succeeded, 1);
    if (this.connection++ > 0) recorder.add(COUNT.again, 1);
    this.publisher?.connected(packet.sessionPresent, packet.properties);
    this.#receiver.connected(packet.sessionPresent);
    if (this.#group.plan.subscribe.length > 0 && !this.#receiver.resumed) this.#subscriptions.subscribe();
    else this.#ready(now);
  }

  #why(error: unknown): string {
    return reasonOf(error, this.#host.certificates.has(this.number) ? this.id : undefined);
  }

  #reason(type: "CONNACK" | "DISCONNECT", code: number): string {
    return reasonName(type, this.#host.plan.protocol, code) ?? `reason ${code}`;
  }

  #ready(now: number): void {
    const { connections } = this.#host;
    const { plan } = this.#group;
    this.#timeout?.cancel();
    this.#failures = 0;
    this.state = "ready";
    this.#writer.accepting = true;
    connections.ready++;
    connections.arrived();
    connections.settle(this);
    if (plan.churn) churn(this, plan.churn, this.#host, now);
    if (plan.lifetime) live(this, plan.lifetime, this.#host, now);
    this.publisher?.pump(now);
  }

  subscribe(): void {
    this.#subscriptions.subscribe();
  }

  unsubscribe(): void {
    this.#subscriptions.unsubscribe();
  }

  /** Sends PINGREQ at its time, and gives up the connection if the last one was not answered. */
  keepAlive(now: number): void {
    const { keepAlive } = this.#group.plan;
    if (keepAlive === 0 || this.state !== "ready") return;
    if (this.#pingMs > 0) {
      if (now - this.#pingMs > keepAlive * 1000) this.lose("no PINGRESP");
      return;
    }
    if (now - this.#writer.writtenMs < keepAlive * 1000 * PING_AFTER) return;
    this.#pingMs = now;
    this.#writer.send({ type: "PINGREQ" });
  }

  /** Counts what is unanswered, unsent and lost at the end of the load. */
  finish(): void {
    this.publisher?.finish();
    this.#receiver.finish(this.state === "ready");
  }
}

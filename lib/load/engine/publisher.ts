import type { Property } from "../../mqtt/packet.ts";
import { ownerOf, topicOf, wordsOf } from "../plan/plan.ts";
import type { PublishSettings } from "../profile/group.ts";
import { fill } from "../profile/template.ts";
import type { ClientHost } from "./client_host.ts";
import type { ConnectionWriter } from "./connection_writer.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import { InFlightWindow, PUBLISHED, RELEASED } from "./in_flight_window.ts";
import type { LoadGroup } from "./load_group.ts";
import { writeMark } from "./mark.ts";
import {
  encodeExact,
  encodeText,
  type FlowHead,
  type MessageTemplate,
  sizeAt,
  templateOf,
} from "./message_template.ts";
import type { MetricRecorder } from "./metric_recorder.ts";

const PUBACK = 4;
const PUBREC = 5;
/** The DUP flag in the first byte of a PUBLISH. */
const DUP = 0x08;

/**
 * Publishes the messages of one client, and keeps track of those in flight.
 *
 * A message that has come due waits while the window is full or the connection is down, and keeps its scheduled time.
 * Only its number is stored: the schedule gives the time.
 *
 * Hot path: a PUBLISH is encoded once for each topic and size, and copied and patched for each message; nothing is
 * allocated per message. Measured: the mark of a 64-byte payload is written in 10 ns.
 */
export class LoadPublisher {
  readonly #host: ClientHost;
  readonly #recorder: MetricRecorder;
  readonly #group: LoadGroup;
  readonly #publishing: PublishSettings;
  readonly #index: number;
  readonly #writer: ConnectionWriter;
  readonly #window: InFlightWindow | undefined;
  /** By topic and size; created on first use. */
  readonly #templates = new Map<number, MessageTemplate>();
  readonly #firstFlow: number;
  /** Messages sent, by flow. */
  readonly #sent: Int32Array;
  /** Whether it sends as fast as the window allows. */
  readonly #closedLoop: boolean;
  /** Whether answers are timed. */
  readonly #timing: boolean;
  /** Whether its messages are requests. */
  readonly #requests: boolean;
  /**
   * Messages of this client that have come due and are not sent: their numbers in the client, from `next` to before
   * `due`.
   */
  #next = 0;
  #due = 0;
  /** Messages sent, of all topics. */
  #count = 0;
  /** How many may be in flight: the profile's window, or less if the broker allows fewer. */
  #limit: number;
  /** How many topics have an alias, and the state of each: 0 before its first message, 1 after it. */
  #aliases = 0;
  #aliased: Uint8Array | undefined;

  constructor(
    host: ClientHost,
    group: LoadGroup,
    publishing: PublishSettings,
    index: number,
    writer: ConnectionWriter,
  ) {
    this.#host = host;
    this.#recorder = host.recorder;
    this.#group = group;
    this.#publishing = publishing;
    this.#index = index;
    this.#writer = writer;
    this.#limit = publishing.inFlight;
    if (publishing.qos > 0) this.#window = new InFlightWindow(publishing.inFlight);
    this.#firstFlow = group.plan.firstFlow + index * publishing.topics;
    this.#sent = host.flows.sent;
    // A responder publishes only on request.
    this.#closedLoop = host.plan.loop === "closed" && group.plan.role !== "respond";
    this.#timing = host.plan.mode === "latency";
    this.#requests = group.plan.role === "request";
  }

  /** Answers to requests that wait for their think time. */
  thinking = 0;

  /** How many messages are in flight. */
  get inFlight(): number {
    return this.#window?.used ?? 0;
  }

  /** How many messages have come due and are not sent. */
  get owed(): number {
    return this.#due - this.#next;
  }

  /** Sends the client's message of this number, which has come due, or queues it. */
  due(number: number, dueMs: number, now: number, wanted: boolean): void {
    const { messages } = this.#publishing;
    const waiting = this.#next < this.#due;
    if ((messages !== undefined && number >= messages) || (!waiting && !wanted)) {
      // A message that comes due while the profile keeps the client offline does not exist.
      if (!waiting) this.#next = this.#due = number + 1;
      return;
    }
    this.#recorder.add(COUNT.planned, 1);
    this.#due = number + 1;
    if (waiting || this.#host.ending || !this.#free()) return;
    this.#next = this.#due;
    this.#recorder.record(TIME.lateness, (now - dueMs) * 1000);
    this.#publish(dueMs, now);
  }

  /** Sends queued messages, as far as window and connection allow; in a closed loop, as many as they allow. */
  pump(now: number): void {
    while (this.#next < this.#due && this.#free()) {
      this.#publish(this.#group.dueOf(this.#index, this.#next++), now);
    }
    if (!this.#closedLoop || !this.#host.running) return;
    const { messages } = this.#publishing;
    while (this.#free() && (messages === undefined || this.#count < messages)) {
      this.#recorder.add(COUNT.planned, 1);
      this.#publish(now, now);
    }
  }

  /** Answers a request, a message of `flow`, by its payload, on a topic made with the requester's number. */
  respond(flow: number, payload: Uint8Array): void {
    const { plan, now } = this.#host;
    const { topic: template, qos, retain } = this.#publishing;
    const owner = ownerOf(plan, flow);
    if (!owner) return;
    const topic = fill(template, wordsOf(plan, owner.group, owner.client, owner.topic));
    const packetId = qos > 0 ? this.#window?.take() ?? 0 : 0;
    this.#recorder.add(COUNT.planned, 1);
    if (!this.#writer.open || (qos > 0 && packetId === 0)) {
      this.#recorder.add(COUNT.unsent, 1);
      return;
    }
    this.#recorder.add(COUNT.sent, 1);
    if (this.#window && packetId > 0) {
      this.#window.dueMs[packetId] = this.#window.sentMs[packetId] = now();
      this.#window.flow[packetId] = -1;
      this.#writer.send({ type: "PUBLISH", topic, qos, retain, payload, packetId });
    } else {
      this.#recorder.add(COUNT.unconfirmed, 1);
      this.#writer.countQos0();
      this.#writer.send({ type: "PUBLISH", topic, qos, retain, payload });
    }
  }

  /** Handles PUBACK, PUBREC or PUBCOMP; returns false if the packet id expects none of that kind. */
  answered(type: number, id: number, reason: number, now: number): boolean {
    const window = this.#window;
    const state = window?.stateOf(id);
    if (!window || state === undefined) return false;
    const { qos } = this.#publishing;
    if (type === PUBACK) {
      if (qos !== 1 || state !== PUBLISHED) return false;
      this.#time(window, id, now, TIME.puback, TIME.pubackActual);
      this.#complete(window, id, reason);
    } else if (type === PUBREC) {
      if (qos !== 2 || (state !== PUBLISHED && state !== RELEASED)) return false;
      if (state === PUBLISHED) this.#time(window, id, now, TIME.pubrec, TIME.pubrecActual);
      if (reason >= 0x80) this.#complete(window, id, reason);
      else {
        window.state[id] = RELEASED;
        this.#release(id);
      }
    } else {
      if (qos !== 2 || state !== RELEASED) return false;
      this.#time(window, id, now, TIME.pubcomp, TIME.pubcompActual);
      this.#complete(window, id, 0);
    }
    this.pump(now);
    return true;
  }

  /** Records that the connection is down. Without a session, the messages in flight have failed. */
  disconnected(): void {
    this.#aliased = undefined;
    if (this.#group.plan.cleanSession) this.#failAll();
  }

  /** Handles CONNACK: sends the messages in flight again, or counts them as failed if the broker has no session. */
  connected(sessionPresent: boolean, properties: readonly Property[]): void {
    const number = (name: string, fallback: number) => {
      const value = properties.find((one) => one.name === name)?.value;
      return typeof value === "number" ? value : fallback;
    };
    this.#limit = Math.min(this.#publishing.inFlight, number("receiveMaximum", 65_535));
    this.#aliases = this.#publishing.topicAlias ? number("topicAliasMaximum", 0) : 0;
    this.#aliased = this.#aliases > 0 ? new Uint8Array(this.#publishing.topics) : undefined;
    const window = this.#window;
    if (!window || window.used === 0) return;
    if (!sessionPresent) return this.#failAll();
    for (const id of window.inOrder()) {
      if (window.state[id] === RELEASED) this.#release(id);
      else if ((window.flow[id] ?? -1) < 0) this.#fail(window, id);
      else {
        this.#recorder.add(COUNT.resent, 1);
        const flow = window.flow[id] ?? 0;
        const delay = ((window.sentMs[id] ?? 0) - (window.dueMs[id] ?? 0)) * 1000;
        this.#write(flow, window.sequence[id] ?? 0, window.dueMs[id] ?? 0, delay, id, DUP);
      }
    }
  }

  /** Ends the load: messages in flight count as unanswered, queued ones as unsent. */
  finish(): void {
    this.#recorder.add(COUNT.unsent, this.owed);
    this.#next = this.#due;
    const window = this.#window;
    if (!window) return;
    for (const id of window.inOrder()) {
      this.#recorder.add(COUNT.unanswered, 1);
      this.#addUncertain(window, id);
      window.free(id);
    }
  }

  #free(): boolean {
    return this.#writer.open && (this.#window === undefined || this.#window.used < this.#limit);
  }

  #publish(dueMs: number, now: number): void {
    const sent = this.#sent;
    const { topics } = this.#publishing;
    const topic = topics === 1 ? 0 : this.#count % topics;
    this.#count++;
    const flow = this.#firstFlow + topic;
    const sequence = sent[flow] ?? 0;
    sent[flow] = sequence + 1;
    const window = this.#window;
    let id = 0;
    if (window) {
      id = window.take();
      window.dueMs[id] = dueMs;
      window.sentMs[id] = now;
      window.flow[id] = flow;
      window.sequence[id] = sequence;
    } else {
      this.#recorder.add(COUNT.unconfirmed, 1);
      this.#writer.countQos0();
    }
    this.#recorder.add(COUNT.sent, 1);
    if (this.#requests) this.#recorder.add(COUNT.requests, 1);
    this.#write(flow, sequence, dueMs, (now - dueMs) * 1000, id, 0);
  }

  #write(flow: number, sequence: number, dueMs: number, delayUs: number, id: number, dup: number): void {
    const { payload } = this.#publishing;
    if (payload.kind !== "bytes") return this.#writeText(flow, sequence, dueMs, delayUs, id, dup);
    const topic = flow - this.#firstFlow;
    const size = payload.sizes.length === 1
      ? payload.sizes[0]?.size ?? 0
      : sizeAt(payload, randomOf(flow, sequence));
    const template = this.#template(topic, size);
    const at = this.#writer.reserve(template.length);
    const { bytes } = this.#writer;
    bytes.set(template.head, at);
    if (template.body) bytes.set(template.body, at + template.payloadAt);
    if (id > 0) {
      bytes[at + template.idAt] = id >>> 8;
      bytes[at + template.idAt + 1] = id;
      if (dup !== 0) bytes[at] = (bytes[at] ?? 0) | dup;
    }
    writeMark(
      bytes,
      at + template.payloadAt,
      template.payloadSize,
      template.hash,
      flow,
      sequence,
      (dueMs * 1000) | 0,
      delayUs | 0,
    );
  }

  #writeText(flow: number, sequence: number, dueMs: number, delayUs: number, id: number, dup: number): void {
    const { payload, topics } = this.#publishing;
    if (payload.kind === "bytes") return;
    const { plan, epochMs } = this.#host;
    const { clients } = this.#group.plan;
    const topic = flow - this.#firstFlow;
    const message = {
      flow,
      sequence,
      due: (dueMs * 1000) | 0,
      delay: delayUs | 0,
      time: Math.round(epochMs + dueMs),
      random: Math.floor(randomOf(flow, sequence)() * 2 ** 31),
      row: (sequence * topics + topic) * clients + this.#index,
    };
    const words = wordsOf(plan, this.#group.plan, this.#index, topic);
    const { packet, idAt } = payload.kind === "exact"
      ? encodeExact(this.#head(topic), payload, words, message)
      : encodeText(this.#head(topic), payload.template, words, message);
    const at = this.#writer.reserve(packet.length);
    const { bytes } = this.#writer;
    bytes.set(packet, at);
    if (id > 0) {
      bytes[at + idAt] = id >>> 8;
      bytes[at + idAt + 1] = id;
      if (dup !== 0) bytes[at] = (bytes[at] ?? 0) | dup;
    }
  }

  #template(topic: number, size: number): MessageTemplate {
    // Without an alias (0), with alias and topic (1), and with the alias alone (2) after the first message.
    const form = topic >= this.#aliases || !this.#aliased ? 0 : (this.#aliased[topic] ?? 0) + 1;
    if (form === 1 && this.#aliased) this.#aliased[topic] = 1;
    const key = (topic * 3 + form) * 0x2000000 + size;
    const known = this.#templates.get(key);
    if (known) return known;
    const head = this.#head(topic);
    const made = templateOf(
      form === 0 ? head : { ...head, alias: { number: topic + 1, withTopic: form === 1 } },
      this.#group.filling(size),
    );
    this.#templates.set(key, made);
    return made;
  }

  #head(topic: number): FlowHead {
    const { plan } = this.#host;
    return {
      topic: topicOf(plan, { group: this.#group.plan, client: this.#index, topic, will: false }),
      publishing: this.#publishing,
      version: plan.protocol,
    };
  }

  #time(window: InFlightWindow, id: number, now: number, due: number, actual: number): void {
    const dueMs = window.dueMs[id] ?? now;
    if (!this.#timing || dueMs < this.#host.measuredFromMs) return;
    this.#recorder.record(due, (now - dueMs) * 1000);
    this.#recorder.record(actual, (now - (window.sentMs[id] ?? now)) * 1000);
  }

  #complete(window: InFlightWindow, id: number, reason: number): void {
    if (reason >= 0x80) return this.#fail(window, id);
    this.#recorder.add(COUNT.acknowledged, 1);
    window.free(id);
  }

  #fail(window: InFlightWindow, id: number): void {
    this.#recorder.add(COUNT.failed, 1);
    this.#addUncertain(window, id);
    window.free(id);
  }

  #failAll(): void {
    const window = this.#window;
    if (window) { for (const id of window.inOrder()) this.#fail(window, id); }
  }

  /** Records that the outcome of the message is unknown, so its deliveries are not promised. */
  #addUncertain(window: InFlightWindow, id: number): void {
    const flow = window.flow[id] ?? -1;
    const { uncertain } = this.#host.flows;
    if (flow >= 0) uncertain[flow] = (uncertain[flow] ?? 0) + 1;
  }

  #release(id: number): void {
    const at = this.#writer.reserve(4);
    const { bytes } = this.#writer;
    bytes[at] = 0x62;
    bytes[at + 1] = 2;
    bytes[at + 2] = id >>> 8;
    bytes[at + 3] = id;
  }
}

/** Random numbers, 0 to 1, that depend on the message alone, so a repeated message is identical. */
function randomOf(flow: number, sequence: number): () => number {
  let state = Math.imul(flow + 1, 0x9e3779b1) ^ Math.imul(sequence + 1, 0x85ebca6b);
  return () => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d);
    state = Math.imul(state ^ state >>> 12, 0x297a2d39);
    state ^= state >>> 15;
    return (state >>> 0) / 2 ** 32;
  };
}

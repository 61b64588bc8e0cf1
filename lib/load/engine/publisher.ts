import type { Property } from "../../mqtt/packet.ts";
import type { Client } from "./client.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import { writeMark } from "./mark.ts";
import { encodeText, type MessageTemplate, sizeAt, templateOf } from "./message_template.ts";
import { topicOf, wordsOf } from "../plan/plan.ts";
import type { Publishing } from "../profile/group.ts";
import { PUBLISHED, RELEASED, Window } from "./window.ts";

const PUBACK = 4;
const PUBREC = 5;
const DUP = 0x08;

/**
 * What a client publishes: which messages are due, which are in flight. A message that is due and can't be sent, since
 * the window is full or there is no connection, waits and keeps the moment it was due; only its number is remembered.
 */
export class Publisher {
  readonly #client: Client;
  readonly #publishing: Publishing;
  readonly #window: Window | undefined;
  /** By topic and size; made when they are first needed. */
  readonly #templates = new Map<number, MessageTemplate>();
  readonly #firstFlow: number;
  /** Messages that are due and not sent are those of the client's own numbers from `next` to before `due`. */
  #next = 0;
  #due = 0;
  #count = 0;
  /** In flight at once: the profile's window, or less where the broker takes less. */
  #limit: number;
  #aliases = 0;
  #aliased: Uint8Array | undefined;

  constructor(client: Client, publishing: Publishing) {
    this.#client = client;
    this.#publishing = publishing;
    this.#limit = publishing.inFlight;
    if (publishing.qos > 0) this.#window = new Window(publishing.inFlight);
    this.#firstFlow = client.group.plan.firstFlow + client.index * publishing.topics;
  }

  /** How many messages are in flight. */
  get inFlight(): number {
    return this.#window?.used ?? 0;
  }

  /** How many messages are due and not sent. */
  get owed(): number {
    return this.#due - this.#next;
  }

  /** The client's message of this number is due. */
  due(number: number, dueMs: number, now: number): void {
    const { messages } = this.#publishing;
    const owes = this.#next < this.#due;
    if ((messages !== undefined && number >= messages) || (!owes && !this.#client.wanted)) {
      // What is due while the profile has the client away is nobody's.
      if (!owes) this.#next = this.#due = number + 1;
      return;
    }
    this.#client.engine.recorder.add(COUNT.planned, 1);
    this.#due = number + 1;
    if (owes || this.#client.engine.ending || !this.#free()) return;
    this.#next = this.#due;
    this.#client.engine.recorder.record(TIME.lateness, (now - dueMs) * 1000);
    this.#emit(dueMs, now);
  }

  /** Sends what is due as far as window and connection take it; in a closed loop, as much as they take. */
  pump(now: number): void {
    const { group, engine } = this.#client;
    while (this.#next < this.#due && this.#free()) this.#emit(group.dueOf(this.#client, this.#next++), now);
    if (!engine.closedLoop || !engine.running) return;
    const { messages } = this.#publishing;
    while (this.#free() && (messages === undefined || this.#count < messages)) {
      engine.recorder.add(COUNT.planned, 1);
      this.#emit(now, now);
    }
  }

  /** Publishes what answers a request: its payload, on the topic made of the requester's number. */
  respond(topic: string, payload: Uint8Array): void {
    const { engine } = this.#client;
    const { qos, retain } = this.#publishing;
    const id = qos > 0 ? this.#window?.take() ?? 0 : 0;
    engine.recorder.add(COUNT.planned, 1);
    if (!this.#client.open || (qos > 0 && id === 0)) {
      engine.recorder.add(COUNT.unsent, 1);
      return;
    }
    engine.recorder.add(COUNT.sent, 1);
    if (this.#window && id > 0) {
      this.#window.dueMs[id] = this.#window.sentMs[id] = engine.now();
      this.#window.flow[id] = -1;
    } else {
      engine.recorder.add(COUNT.unconfirmed, 1);
      this.#client.plain();
    }
    this.#client.send({ type: "PUBLISH", topic, qos, retain, payload, ...(id > 0 ? { packetId: id } : {}) });
  }

  /** An answer came; gives false where nothing of that kind is due for the packet id. */
  answered(type: number, id: number, reason: number, now: number): boolean {
    const window = this.#window;
    const state = window?.stateOf(id);
    if (!window || state === undefined) return false;
    const { qos } = this.#publishing;
    if (type === PUBACK) {
      if (qos !== 1 || state !== PUBLISHED) return false;
      this.#time(window, id, now, TIME.puback, TIME.pubackActual);
      this.#finished(window, id, reason);
    } else if (type === PUBREC) {
      if (qos !== 2 || (state !== PUBLISHED && state !== RELEASED)) return false;
      if (state === PUBLISHED) this.#time(window, id, now, TIME.pubrec, TIME.pubrecActual);
      if (reason >= 0x80) this.#finished(window, id, reason);
      else {
        window.state[id] = RELEASED;
        this.#release(id);
      }
    } else {
      if (qos !== 2 || state !== RELEASED) return false;
      this.#time(window, id, now, TIME.pubcomp, TIME.pubcompActual);
      this.#finished(window, id, 0);
    }
    this.pump(now);
    return true;
  }

  /** The connection is gone; without a session, so is what was in flight. */
  disconnected(): void {
    this.#aliased = undefined;
    if (this.#client.group.plan.cleanSession) this.#failAll();
  }

  /** A connection is there: what was in flight is sent again, or has failed where the broker has forgotten it. */
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
        this.#client.engine.recorder.add(COUNT.resent, 1);
        const flow = window.flow[id] ?? 0;
        const delay = ((window.sentMs[id] ?? 0) - (window.dueMs[id] ?? 0)) * 1000;
        this.#write(flow, window.sequence[id] ?? 0, window.dueMs[id] ?? 0, delay, id, DUP);
      }
    }
  }

  /** The load is over: what is in flight stays unanswered, what is due stays unsent. */
  finish(): void {
    const { recorder } = this.#client.engine;
    recorder.add(COUNT.unsent, this.owed);
    this.#next = this.#due;
    const window = this.#window;
    if (!window) return;
    for (const id of window.inOrder()) {
      recorder.add(COUNT.unanswered, 1);
      this.#uncertain(window, id);
      window.free(id);
    }
  }

  #free(): boolean {
    return this.#client.open && (this.#window === undefined || this.#window.used < this.#limit);
  }

  #emit(dueMs: number, now: number): void {
    const { engine } = this.#client;
    const { topics } = this.#publishing;
    const topic = topics === 1 ? 0 : this.#count % topics;
    this.#count++;
    const flow = this.#firstFlow + topic;
    const sequence = engine.sent[flow] ?? 0;
    engine.sent[flow] = sequence + 1;
    const window = this.#window;
    let id = 0;
    if (window) {
      id = window.take();
      window.dueMs[id] = dueMs;
      window.sentMs[id] = now;
      window.flow[id] = flow;
      window.sequence[id] = sequence;
    } else {
      engine.recorder.add(COUNT.unconfirmed, 1);
      this.#client.plain();
    }
    engine.recorder.add(COUNT.sent, 1);
    if (engine.requests && this.#client.group.plan.role === "request") engine.recorder.add(COUNT.requests, 1);
    this.#write(flow, sequence, dueMs, (now - dueMs) * 1000, id, 0);
  }

  #write(flow: number, sequence: number, dueMs: number, delayUs: number, id: number, dup: number): void {
    const { payload } = this.#publishing;
    if (payload.kind === "text") return this.#writeText(flow, sequence, dueMs, delayUs, id, dup);
    const topic = flow - this.#firstFlow;
    const size = payload.sizes.length === 1
      ? payload.sizes[0]?.size ?? 0
      : sizeAt(payload, pick(flow, sequence));
    const template = this.#template(topic, size);
    const client = this.#client;
    const at = client.reserve(template.length);
    const { out } = client;
    out.set(template.head, at);
    if (template.body) out.set(template.body, at + template.payloadAt);
    if (id > 0) {
      out[at + template.idAt] = id >>> 8;
      out[at + template.idAt + 1] = id;
      if (dup !== 0) out[at] = (out[at] ?? 0) | dup;
    }
    writeMark(
      out,
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
    const { payload } = this.#publishing;
    if (payload.kind !== "text") return;
    const client = this.#client;
    const { engine, group } = client;
    const topic = flow - this.#firstFlow;
    const { packet, idAt } = encodeText(
      this.#head(topic),
      payload.template,
      wordsOf(engine.plan, group.plan, client.index, topic),
      {
        flow,
        sequence,
        due: (dueMs * 1000) | 0,
        delay: delayUs | 0,
        time: Math.round(engine.epochMs + dueMs),
        random: Math.floor(pick(flow, sequence)() * 2 ** 31),
      },
    );
    const at = client.reserve(packet.length);
    client.out.set(packet, at);
    if (id > 0) {
      client.out[at + idAt] = id >>> 8;
      client.out[at + idAt + 1] = id;
      if (dup !== 0) client.out[at] = (client.out[at] ?? 0) | dup;
    }
  }

  #template(topic: number, size: number): MessageTemplate {
    // An alias stands for the topic after the first message that has both.
    const form = topic >= this.#aliases || !this.#aliased ? 0 : (this.#aliased[topic] ?? 0) + 1;
    if (form === 1 && this.#aliased) this.#aliased[topic] = 1;
    const key = (topic * 3 + form) * 0x2000000 + size;
    const known = this.#templates.get(key);
    if (known) return known;
    const head = this.#head(topic);
    const made = templateOf(
      form === 0 ? head : { ...head, alias: { number: topic + 1, withTopic: form === 1 } },
      this.#client.group.filling(size),
    );
    this.#templates.set(key, made);
    return made;
  }

  #head(topic: number) {
    const { engine, group, index } = this.#client;
    return {
      topic: topicOf(engine.plan, { group: group.plan, client: index, topic, will: false }),
      publishing: this.#publishing,
      version: engine.plan.protocol,
    };
  }

  #time(window: Window, id: number, now: number, due: number, actual: number): void {
    const { engine } = this.#client;
    const dueMs = window.dueMs[id] ?? now;
    if (!engine.timing || dueMs < engine.measuredFromMs) return;
    engine.recorder.record(due, (now - dueMs) * 1000);
    engine.recorder.record(actual, (now - (window.sentMs[id] ?? now)) * 1000);
  }

  #finished(window: Window, id: number, reason: number): void {
    if (reason >= 0x80) return this.#fail(window, id);
    this.#client.engine.recorder.add(COUNT.acknowledged, 1);
    window.free(id);
  }

  #fail(window: Window, id: number): void {
    this.#client.engine.recorder.add(COUNT.failed, 1);
    this.#uncertain(window, id);
    window.free(id);
  }

  #failAll(): void {
    const window = this.#window;
    if (window) { for (const id of window.inOrder()) this.#fail(window, id); }
  }

  /** Nobody knows whether the message went through, so its deliveries are not promised. */
  #uncertain(window: Window, id: number): void {
    const flow = window.flow[id] ?? -1;
    const { uncertain } = this.#client.engine;
    if (flow >= 0) uncertain[flow] = (uncertain[flow] ?? 0) + 1;
  }

  #release(id: number): void {
    const at = this.#client.reserve(4);
    const { out } = this.#client;
    out[at] = 0x62;
    out[at + 1] = 2;
    out[at + 2] = id >>> 8;
    out[at + 3] = id;
  }
}

/** A random number, 0 to 1, that a message has always, so that one that is sent again is the same. */
function pick(flow: number, sequence: number): () => number {
  let state = Math.imul(flow + 1, 0x9e3779b1) ^ Math.imul(sequence + 1, 0x85ebca6b);
  return () => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d);
    state = Math.imul(state ^ state >>> 12, 0x297a2d39);
    state ^= state >>> 15;
    return (state >>> 0) / 2 ** 32;
  };
}

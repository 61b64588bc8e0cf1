import { encode } from "../mqtt/encode.ts";
import type { ConnackPacket, PublishPacket, SubackPacket } from "../mqtt/packet.ts";
import type { Transport } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { binaryOf, fromBinary, toBinary } from "./binary.ts";
import { Connection } from "./connection.ts";
import { connectPacket, type Credentials, type Message, publishPacket } from "./drafts.ts";
import type { Hooks, Urc } from "./hooks.ts";
import { Requests } from "./requests.ts";
import { Schedule } from "./schedule.ts";
import { ClientSession, type ClientSessions } from "./client_session.ts";
import type { Settings } from "./settings.ts";
import type { State } from "./states.ts";

/** What a context needs of its module. */
export interface ContextHost {
  readonly behaviour: ModuleBehaviour;
  readonly hooks: Hooks;
  readonly sessions: ClientSessions;
  readonly urc: (urc: Urc) => Promise<void>;
  /** Opens a TCP connection; throws where there is none. */
  readonly dial: (host: string, port: number, signal: AbortSignal) => Promise<Transport>;
  /** The context is over and no command finds it any more. */
  readonly forget: (context: Context) => void;
}

/** A connection that lasted so long earns a full set of reconnect tries, ms. */
const STEADY_MS = 5_000;

/** One `tcpconnectID` with its settings, connection and client, from the first CFG or OPEN to the end of its connection [ECMT-S-1]. */
export class Context implements AsyncDisposable {
  readonly id: number;
  readonly settings: Settings;
  readonly #host: ContextHost;
  readonly #schedule = new Schedule();
  readonly #requests = new Requests(this.#schedule);
  readonly #gone = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #retired: Connection[] = [];
  readonly #idsInUse = new Set<number>();
  #state: State = "configured";
  #address: { readonly host: string; readonly port: number } | undefined;
  #connection: Connection | undefined;
  #credentials: Credentials = { clientId: "" };
  #session = new ClientSession();
  #stopWait = () => {};
  #tries = 0;
  #reconnecting = false;
  #connectedSince = 0;

  constructor(id: number, settings: Settings, host: ContextHost) {
    this.id = id;
    this.#host = host;
    this.settings = settings;
  }

  get state(): State {
    return this.#state;
  }

  /** Where OPEN was told to connect. */
  get address(): { readonly host: string; readonly port: number } | undefined {
    return this.#address;
  }

  /** True while a packet with this id is unacknowledged [MQTT-2.3.1-2]. */
  idInUse(packetId: number): boolean {
    return this.#idsInUse.has(packetId) || this.#session.outgoing.has(packetId);
  }

  /** True when no further QoS 1 or 2 message may be sent now. */
  get full(): boolean {
    return this.#session.outgoing.size >= this.#host.behaviour.inFlight;
  }

  /** `AT+ECMTOPEN`: the result follows as a URC. */
  open(host: string, port: number): void {
    this.#retire();
    this.#address = { host, port };
    this.#state = "opening";
    this.#track(async () => {
      const opened = await this.#dial();
      if (this.#gone.signal.aborted) return;
      this.#state = opened ? "opened" : "configured";
      this.#urc("ECMTOPEN", opened ? 0 : this.#host.behaviour.openFailure);
      if (!opened && this.#host.hooks.forgetsContext("OPEN")) this.#end();
    });
  }

  /** `AT+ECMTCONN`. */
  connect(credentials: Credentials): void {
    this.#credentials = credentials;
    this.#reconnecting = false;
    this.#tries = 0;
    this.#state = "connecting";
    if (this.#connection?.up) this.#sendConnect();
    else this.#redial();
  }

  /** `AT+ECMTDISC`. */
  disconnect(): void {
    if (this.#state !== "opened") return this.#finish("ECMTDISC", "DISC");
    // There is no client to end, and the connection stays [ECMT-DISC-W4].
    this.#state = "disc-failed";
    this.#urc("ECMTDISC", -1);
  }

  /** `AT+ECMTCLOSE`. */
  close(): void {
    this.#finish("ECMTCLOSE", "CLOSE");
  }

  /** `AT+ECMTSUB`. */
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

  /** `AT+ECMTUNS`. */
  unsubscribe(packetId: number, ...filters: readonly string[]): void {
    if (!this.#host.hooks.unsubscribes) {
      this.#urc("ECMTUNS", packetId, 0);
      return;
    }
    this.#ask("UNS", packetId, { type: "UNSUBSCRIBE", packetId, filters: filters.map(fromBinary) });
  }

  /** `AT+ECMTPUB`. */
  publish(message: Message): void {
    const { packetId, qos } = message;
    const packet = publishPacket(message);
    if (encode(packet, "3.1.1").length > this.#host.behaviour.limits.packet) {
      this.#urc("ECMTPUB", packetId, 2);
      return;
    }
    const connection = this.#connection;
    if (qos !== 1 && qos !== 2) {
      this.#track(async () => {
        const sent = await connection?.send(packet);
        this.#urc("ECMTPUB", packetId, sent ? 0 : 2);
      });
      return;
    }
    this.#wait("PUB", packetId);
    this.#track(async () => {
      const sent = await connection?.publish({ packetId, qos, packet, released: false });
      // In a kept session the message still goes out, after the next CONNACK.
      const lost = !sent && this.settings.cleanSession;
      if (lost || this.#host.hooks.completes(qos) === "sent") this.#settlePublish(packetId, lost ? 2 : 0);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort();
    this.#schedule[Symbol.dispose]();
    this.#connection?.drop();
    const connections = [...this.#retired, ...(this.#connection ? [this.#connection] : [])];
    await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  #ask(request: "SUB" | "UNS", packetId: number, packet: Parameters<Connection["send"]>[0]): void {
    this.#idsInUse.add(packetId);
    this.#wait(request, packetId);
    this.#track(async () => {
      if (await this.#connection?.send(packet) || !this.#requests.settle(request, packetId)) return;
      this.#idsInUse.delete(packetId);
      this.#failed(request, packetId);
    });
  }

  /** Waits for the broker's answer as long as `timeout` says. */
  #wait(request: "SUB" | "UNS" | "PUB", packetId: number): void {
    this.#requests.add(request, packetId, this.#answerMs, () => {
      this.#idsInUse.delete(packetId);
      this.#failed(request, packetId);
    });
  }

  get #answerMs(): number | undefined {
    return this.#host.behaviour.unanswered === "report" ? this.settings.answerMs : undefined;
  }

  #failed(request: "SUB" | "UNS" | "PUB", packetId: number): void {
    const value = request === "SUB" && this.#host.behaviour.subValue !== "none" ? [0] : [];
    this.#urc(`ECMT${request}`, packetId, 2, ...value);
  }

  #settlePublish(packetId: number, result: number): void {
    if (this.#asked("PUB", packetId)) this.#urc("ECMTPUB", packetId, result);
  }

  /** Whether an answer is to be reported: the request with this id waits for it, or ids are not looked at. */
  #asked(request: "SUB" | "UNS" | "PUB", packetId: number): boolean {
    return this.#requests.settle(request, packetId) || this.#host.behaviour.reportsUnknownIds;
  }

  #urc(name: string, ...fields: readonly (number | string)[]): Promise<void> {
    // Whose power was cut says nothing more.
    if (this.#gone.signal.aborted) return Promise.resolve();
    return this.#host.urc({ name, fields: [this.id, ...fields] });
  }

  /** DISCONNECT where there is a client, then the close, and the context is over. */
  #finish(name: string, command: "DISC" | "CLOSE"): void {
    const connection = this.#connection;
    const connected = this.#state === "connected";
    this.#state = "closing";
    this.#track(async () => {
      if (connected) connection?.send({ type: "DISCONNECT" });
      await connection?.close();
      this.#state = "configured";
      this.#urc(name, 0);
      if (this.#host.hooks.forgetsContext(command)) this.#end();
    });
  }

  #end(): void {
    if (this.#host.behaviour.keepsSettings) {
      this.#state = "configured";
      this.#address = undefined;
      return;
    }
    this.#state = "closing";
    this.#schedule[Symbol.dispose]();
    this.#host.forget(this);
  }

  #sendConnect(): void {
    const { settings } = this;
    const packet = connectPacket(settings, this.#credentials);
    const clientId = this.#credentials.clientId;
    this.#session = this.#host.sessions.take(clientId, settings.cleanSession);
    const connection = this.#connection;
    const answerMs = this.#answerMs;
    this.#stopWait();
    if (answerMs !== undefined) {
      this.#stopWait = this.#schedule.after(answerMs, () => {
        this.#retire();
        this.#connectFailed();
      });
    }
    this.#track(async () => {
      const sent = await connection?.connect(packet, this.#session, settings.keepAlive);
      if (sent && this.#state === "connecting" && this.#host.behaviour.connectedAt === "CONNECT") {
        this.#state = "connected";
      }
      if (sent && this.#host.hooks.connectReportedAt === "CONNECT") this.#urc("ECMTCONN", 0, 0);
    });
  }

  #connack({ reason }: ConnackPacket): void {
    this.#stopWait();
    const { refusalResult, afterRefusal } = this.#host.behaviour;
    const reported = this.#host.hooks.connectReportedAt === "CONNECT";
    if (reason === 0) {
      this.#state = "connected";
      this.#connectedSince = performance.now();
      if (!reported) this.#urc("ECMTCONN", 0, 0);
      return;
    }
    if (!reported) this.#urc("ECMTCONN", refusalResult, reason);
    if (afterRefusal === "reconnect") {
      this.#reconnecting = true;
      return;
    }
    this.#retire();
    this.#state = "connect-failed";
  }

  #lost(): void {
    this.#stopWait();
    this.#idsInUse.clear();
    this.#retire();
    switch (this.#state) {
      case "opened":
        this.#state = "configured";
        this.#urc("ECMTSTAT", 1);
        return;
      case "disc-failed":
        return;
      case "connected":
        this.#urc("ECMTSTAT", 1);
        if (performance.now() - this.#connectedSince > STEADY_MS) this.#tries = 0;
        return this.#host.behaviour.reconnects ? this.#reconnect() : this.#end();
      case "connecting":
        if (!this.#reconnecting) return this.#connectFailed();
        return this.#reconnect();
      default:
        return;
    }
  }

  /** One more try of the automatic reconnect, or its end [ECMT-S-3]. */
  #reconnect(): void {
    const delay = this.#host.behaviour.reconnectDelaysMs[this.#tries];
    this.#reconnecting = true;
    if (delay === undefined || !this.#host.hooks.reconnects) {
      if (!this.#host.hooks.reconnects) this.#state = "connect-failed";
      else this.#connectFailed();
      return;
    }
    this.#tries++;
    this.#state = "connecting";
    this.#schedule.after(delay, () => this.#redial());
  }

  /** A new TCP connection to where OPEN went, then CONNECT. */
  #redial(): void {
    this.#track(async () => {
      const opened = await this.#dial();
      if (this.#gone.signal.aborted) return;
      if (opened) this.#sendConnect();
      else if (this.#reconnecting) this.#reconnect();
      else this.#connectFailed();
    });
  }

  #connectFailed(): void {
    this.#state = "connect-failed";
    this.#urc("ECMTCONN", ...this.#host.behaviour.connectFailure);
  }

  /** True when there is a TCP connection. */
  async #dial(): Promise<boolean> {
    const { behaviour, hooks, dial } = this.#host;
    const address = this.#address;
    if (!address) return false;
    let transport: Transport;
    try {
      transport = await dial(address.host, address.port, this.#gone.signal);
    } catch {
      return false;
    }
    if (this.#gone.signal.aborted) {
      transport.close();
      return false;
    }
    const connection = new Connection(transport, behaviour, hooks, this.#schedule, {
      connack: (packet) => this.#connack(packet),
      message: (packet) => this.#received(packet),
      suback: (packet) => this.#suback(packet),
      unsuback: (packetId) => this.#unsuback(packetId),
      published: (qos, packetId, how) => {
        if (this.#host.hooks.completes(qos) === how) this.#settlePublish(packetId, 0);
      },
      lost: () => {
        if (this.#connection === connection) this.#lost();
      },
    });
    this.#retire();
    this.#connection = connection;
    return true;
  }

  #received({ topic, payload, qos, packetId }: PublishPacket): Promise<void> {
    const { recvCutAtNul, recvIdAtQos0, recvQuoted } = this.#host.behaviour;
    let text = toBinary(payload);
    if (recvCutAtNul) text = text.replace(/^\0+/, "").replace(/\0[^]*$/, "");
    const id = qos === 0 ? recvIdAtQos0 : packetId ?? 0;
    return this.#urc("ECMTRECV", id, `"${binaryOf(topic)}"`, recvQuoted ? `"${text}"` : text);
  }

  #suback({ packetId, reasons }: SubackPacket): void {
    if (!this.#asked("SUB", packetId)) return;
    this.#idsInUse.delete(packetId);
    const { subRefused, subValue } = this.#host.behaviour;
    if (reasons.length === 1 && (reasons[0] ?? 0) > 2) this.#urc("ECMTSUB", packetId, ...subRefused);
    else if (subValue === "none") this.#urc("ECMTSUB", packetId, 0);
    else this.#urc("ECMTSUB", packetId, 0, ...(subValue === "one" ? [reasons.length] : reasons));
  }

  #unsuback(packetId: number): void {
    if (!this.#asked("UNS", packetId)) return;
    this.#idsInUse.delete(packetId);
    this.#urc("ECMTUNS", packetId, 0);
  }

  /** Lets go of the connection; it is disposed of with the context, or at once where it closes. */
  #retire(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = undefined;
    connection.drop();
    if (this.#host.hooks.closesTcp) this.#track(() => connection[Symbol.asyncDispose]());
    else this.#retired.push(connection);
  }

  #track(task: () => Promise<void>): void {
    const running: Promise<void> = task().finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }
}

import type { ConnackPacket, PublishPacket } from "../mqtt/packet.ts";
import type { Transport } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { binaryOf, toBinary } from "./binary.ts";
import { Connection } from "./connection.ts";
import { connectPacket, type Credentials } from "./drafts.ts";
import { Exchanges } from "./exchanges.ts";
import type { Hooks, Urc } from "./hooks.ts";
import { Schedule } from "./schedule.ts";
import { ClientSession, type ClientSessions } from "./client_session.ts";
import type { Settings } from "./settings.ts";
import type { State } from "./states.ts";

/** The parts of a module that a context needs. */
export interface ContextHost {
  readonly behaviour: ModuleBehaviour;
  readonly hooks: Hooks;
  readonly sessions: ClientSessions;
  readonly urc: (urc: Urc) => Promise<void>;
  /** Opens a TCP connection; throws if that fails. */
  readonly dial: (host: string, port: number, signal: AbortSignal) => Promise<Transport>;
  /** Removes a context that has ended, so no command finds it any more. */
  readonly forget: (context: Context) => void;
}

/** One `tcpconnectID` with its settings, connection and client, from the first CFG or OPEN to the end of its connection [ECMT-S-1]. */
export class Context implements AsyncDisposable {
  readonly id: number;
  readonly settings: Settings;
  /** The requests of SUB, UNS and PUB to the broker. */
  readonly exchanges: Exchanges;
  readonly #host: ContextHost;
  readonly #schedule = new Schedule();
  readonly #gone = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #retired: Connection[] = [];
  #state: State = "configured";
  #address: { readonly host: string; readonly port: number } | undefined;
  #connection: Connection | undefined;
  #credentials: Credentials = { clientId: "" };
  #early: Credentials | undefined;
  #session = new ClientSession();
  #stopWait = () => {};
  #tries = 0;
  #reconnecting = false;
  #connectedSince = 0;

  constructor(id: number, settings: Settings, host: ContextHost) {
    this.id = id;
    this.#host = host;
    this.settings = settings;
    this.exchanges = new Exchanges({
      behaviour: host.behaviour,
      hooks: host.hooks,
      schedule: this.#schedule,
      settings,
      connection: () => this.#connection,
      session: () => this.#session,
      urc: (name, ...fields) => this.#urc(name, ...fields),
      track: (task) => this.#track(task),
    });
  }

  get state(): State {
    return this.#state;
  }

  /** The address given to OPEN. */
  get address(): { readonly host: string; readonly port: number } | undefined {
    return this.#address;
  }

  /** Executes `AT+ECMTOPEN`; the result follows as a URC. */
  open(host: string, port: number): void {
    this.#retire();
    this.#address = { host, port };
    this.#state = "opening";
    this.#track(async () => {
      const opened = await this.#dial();
      if (this.#gone.signal.aborted) return;
      this.#state = opened ? "opened" : "configured";
      this.#urc("ECMTOPEN", opened ? 0 : this.#host.behaviour.openFailure);
      const early = this.#early;
      this.#early = undefined;
      if (opened && early) this.connect(early);
      if (!opened && this.#host.hooks.forgetsContext("OPEN")) this.#end();
    });
  }

  /** Executes `AT+ECMTCONN`, once the connection is open [ECMT-S-7]. */
  connect(credentials: Credentials): void {
    if (this.#state === "opening") {
      this.#early = credentials;
      return;
    }
    this.#credentials = credentials;
    this.#reconnecting = false;
    this.#tries = 0;
    this.#state = "connecting";
    if (this.#connection?.up) this.#sendConnect();
    else this.#redial();
  }

  /** Executes `AT+ECMTDISC`. */
  disconnect(): void {
    if (this.#state !== "opened") return this.#finish("ECMTDISC", "DISC");
    // There is no client to disconnect, and the connection stays [ECMT-DISC-W4].
    this.#state = "disc-failed";
    this.#urc("ECMTDISC", -1);
  }

  /** Executes `AT+ECMTCLOSE`. */
  close(): void {
    this.#finish("ECMTCLOSE", "CLOSE");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort();
    this.#schedule[Symbol.dispose]();
    this.#connection?.drop();
    const connections = [...this.#retired, ...(this.#connection ? [this.#connection] : [])];
    await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  #urc(name: string, ...fields: readonly (number | string)[]): Promise<void> {
    // A module without power sends no URCs.
    if (this.#gone.signal.aborted) return Promise.resolve();
    return this.#host.urc({ name, fields: [this.id, ...fields] });
  }

  /** Sends DISCONNECT if there is a client, closes, and ends the context. */
  #finish(name: string, command: "DISC" | "CLOSE"): void {
    const connection = this.#connection;
    const connected = this.#state === "connected";
    this.#state = "closing";
    this.#track(async () => {
      const says = command === "DISC" || this.#host.behaviour.disconnectsOnClose;
      if (connected && says) connection?.send({ type: "DISCONNECT" });
      await connection?.close();
      this.exchanges.closed();
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
    const answerMs = this.exchanges.answerMs;
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

  #lost(how: "closed" | "ping"): void {
    this.#stopWait();
    this.exchanges.lost();
    this.#retire();
    switch (this.#state) {
      case "opened":
        this.#state = "configured";
        if (this.#host.behaviour.reportsLossUnconnected) this.#urc("ECMTSTAT", 1);
        return;
      case "disc-failed":
        return;
      case "connected":
        this.#urc("ECMTSTAT", how === "ping" ? this.#host.behaviour.pingLossCode : 1);
        if (performance.now() - this.#connectedSince >= this.#host.behaviour.steadyMs) this.#tries = 0;
        return this.#host.behaviour.reconnects ? this.#reconnect() : this.#end();
      case "connecting":
        if (!this.#reconnecting) return this.#connectFailed();
        return this.#reconnect();
      default:
        return;
    }
  }

  /** Makes one more attempt of the automatic reconnect, or gives up [ECMT-S-3]. */
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

  /** Opens a new TCP connection to the address of OPEN, and sends CONNECT. */
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

  /** Opens the TCP connection. Returns false if that fails. */
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
      suback: (packet) => this.exchanges.suback(packet),
      unsuback: (packetId) => this.exchanges.unsuback(packetId),
      published: (qos, packetId, how) => this.exchanges.published(qos, packetId, how),
      lost: (how) => {
        if (this.#connection === connection) this.#lost(how);
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

  /** Releases the connection; it is disposed of with the context, or immediately if it closes. */
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

import assert from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import type { PacketOf, PacketType } from "../mqtt/packet.ts";
import { SerialPort } from "../transport/serial.ts";
import { writeAll } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { fromBinary, toBinary } from "./binary.ts";
import { VirtualModule } from "./virtual_module.ts";

const WITHIN_MS = 5_000;

/** The options of a bench. */
export interface BenchOptions {
  readonly defects?: readonly string[];
  readonly quirks?: readonly string[];
  readonly consulted?: (point: string) => void;
  readonly behaviour?: Partial<ModuleBehaviour>;
  /** Whether to start with ATE0; default true. */
  readonly silent?: boolean;
}

/**
 * A module on a real pty with both of its ends in the test: the raw bytes of its serial line, and the broker
 * it connects to.
 */
export class Bench implements AsyncDisposable {
  readonly module: VirtualModule;
  /** The broker's host name in the commands. */
  readonly host = "broker.example";
  readonly #line: SerialPort;
  readonly #listener: Deno.TcpListener;
  readonly #links: MqttLink[] = [];
  readonly #reading: Promise<void>;
  /** The module's output, read by read. */
  readonly reads: string[] = [];
  #said = "";
  #wake: (() => void) | undefined;

  private constructor(module: VirtualModule, listener: Deno.TcpListener) {
    this.module = module;
    this.#listener = listener;
    this.#line = SerialPort.open(module.path);
    this.#reading = this.#read();
  }

  static async start(options: BenchOptions = {}): Promise<Bench> {
    const { silent = true, ...made } = options;
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const resolve = new Map([["broker.example:1883", `127.0.0.1:${listener.addr.port}`]]);
    const bench = new Bench(await VirtualModule.start({ ...made, resolve }), listener);
    if (silent) {
      await bench.type("ATE0\r");
      await bench.says("ATE0\r", "\r\nOK\r\n");
    }
    return bench;
  }

  /** Sends bytes, given as binary text. */
  async type(text: string): Promise<void> {
    await writeAll(this.#line, fromBinary(text));
  }

  /** Checks that the module sends exactly this next. */
  async says(...parts: readonly string[]): Promise<void> {
    const expected = parts.join("");
    const until = performance.now() + WITHIN_MS;
    while (this.#said.length < expected.length && performance.now() < until) {
      if (!expected.startsWith(this.#said)) break;
      await this.#more(until - performance.now());
    }
    const got = this.#said.slice(0, expected.length);
    this.#said = this.#said.slice(expected.length);
    assert.equal(JSON.stringify(got), JSON.stringify(expected));
  }

  /** Sends a command and checks that these lines follow, each framed, and nothing else before them. */
  async asks(command: string, ...lines: readonly string[]): Promise<void> {
    await this.type(`${command}\r`);
    await this.hears(...lines);
  }

  /** Sends a command and skips output up to this text. */
  async skipTo(command: string, expected: string): Promise<void> {
    await this.type(command);
    const until = performance.now() + WITHIN_MS;
    while (!this.#said.includes(expected) && performance.now() < until) {
      await this.#more(until - performance.now());
    }
    const at = this.#said.indexOf(expected);
    assert.ok(at >= 0, `expected ${JSON.stringify(expected)}, found ${JSON.stringify(this.#said)}`);
    this.#said = this.#said.slice(at + expected.length);
  }

  /** Checks that these lines come next, each with its own frame. */
  async hears(...lines: readonly string[]): Promise<void> {
    await this.says(...lines.map((line) => `\r\n${line}\r\n`));
  }

  /** Returns the module's next connection. */
  async connection(): Promise<MqttLink> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#listener.close();
      reject(new Error("The module opened no connection"));
    }, WITHIN_MS);
    try {
      const accepted = await Promise.race([this.#listener.accept(), promise]);
      const link = new MqttLink(accepted, { version: "3.1.1" });
      this.#links.push(link);
      return link;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends OPEN and returns its connection. */
  async open(): Promise<MqttLink> {
    await this.asks(`AT+ECMTOPEN=0,"${this.host}",1883`, "OK", "+ECMTOPEN: 0,0");
    return await this.connection();
  }

  /** Sends OPEN and CONN; the broker accepts. */
  async online(sessionPresent = false): Promise<MqttLink> {
    const link = await this.open();
    await this.asks('AT+ECMTCONN=0,"dev1"', "OK");
    await packet(link, "CONNECT");
    await link.send({ type: "CONNACK", reason: 0, sessionPresent });
    await this.hears("+ECMTCONN: 0,0,0");
    return link;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#line.close();
    await this.#reading;
    await this.module[Symbol.asyncDispose]();
    for (const link of this.#links) await link[Symbol.asyncDispose]();
    try {
      this.#listener.close();
    } catch {
      // A wait for a connection that never came has closed it.
    }
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    for (;;) {
      const size = await this.#line.read(buffer);
      if (size === null) return;
      const said = toBinary(buffer.subarray(0, size));
      this.reads.push(said);
      this.#said += said;
      this.#wake?.();
    }
  }

  #more(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Returns the next packet of a link, which must have this type and no violation. */
export async function packet<T extends PacketType>(link: MqttLink, type: T): Promise<PacketOf<T>> {
  const arrival = await link.receive(WITHIN_MS);
  if (arrival?.kind !== "packet") throw new Error(`expected ${type}, found ${arrival?.kind ?? "nothing"}`);
  assert.deepEqual(arrival.violations, []);
  const is = (packet: { readonly type: PacketType }): packet is PacketOf<T> => packet.type === type;
  if (is(arrival.packet)) return arrival.packet;
  throw new Error(`expected ${type}, found ${arrival.packet.type}`);
}

/** Checks that the link closes next. */
export async function closed(link: MqttLink): Promise<void> {
  assert.equal((await link.receive(WITHIN_MS))?.kind, "closed");
}

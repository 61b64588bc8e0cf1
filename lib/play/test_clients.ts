import assert from "node:assert/strict";
import { ScriptedBroker } from "../broker/scripted.ts";
import { MqttLink } from "../link/mqtt_link.ts";
import { describe } from "../mqtt/describe.ts";
import { Ledger } from "../mqtt/ledger/ledger.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import { stepsOf } from "../suite/test_suite.ts";
import { dial } from "../transport/dial.ts";
import type { DeclaredAuth } from "../target/target.ts";
import { CaseAuth } from "./auth/case_auth.ts";
import type { CaseContext } from "./case_context.ts";
import type { CaseTimeOptions } from "./case_time.ts";
import { ClientParty, type ClientsOfCase } from "./party/client.ts";
import { playStep } from "./play.ts";
import { TestCase } from "./test_case.ts";
import { Traffic } from "./traffic.ts";

/** The timeout of a test for an expected arrival, in ms. */
const PATIENCE = 5_000;

/** The options of a case's clients that a test may set. */
export type TestClientsOptions = Partial<Omit<CaseContext, "recorder" | "signal" | "time">> & {
  readonly times?: Partial<CaseTimeOptions> | undefined;
  /** The port of a broker; without it the test plays the broker itself, connection by connection. */
  readonly port?: number | undefined;
  readonly clients?: Partial<Omit<ClientsOfCase, "target">> | undefined;
  readonly target?: Partial<ClientsOfCase["target"]> | undefined;
  /** The exchange that the target declares. */
  readonly auth?: DeclaredAuth | undefined;
};

/** A case whose lanes are MQTT clients. */
export class TestClients extends TestCase implements AsyncDisposable {
  readonly traffic: Traffic;
  readonly #version: ClientsOfCase["version"];
  readonly #listener: ScriptedBroker;
  readonly #shared: ClientsOfCase;
  readonly #clients = new Map<string, ClientParty>();
  readonly #taken: PlayedConnection[] = [];
  readonly #auth: CaseAuth | undefined;
  #fences = 0;

  constructor({ port, clients, target, times, auth, ...more }: TestClientsOptions = {}) {
    super(times, more);
    const { protocol, topic, caseId } = this.context;
    assert.ok(isProtocolVersion(protocol));
    this.#version = protocol;
    this.#listener = ScriptedBroker.listen("127.0.0.1");
    this.traffic = new Traffic(topic, caseId);
    this.#auth = auth && new CaseAuth(auth, this.context.seed, this.context.id);
    const address = { kind: "mqtt", host: "127.0.0.1", port: port ?? this.#listener.port } as const;
    this.#shared = {
      version: this.#version,
      traffic: this.traffic,
      ledger: new Ledger({ at: "client", version: this.#version }),
      maximumQoS: 2,
      target: { connect: (signal) => dial(address, { signal }), auth, ...target },
      lane: (name) => this.#clients.get(name),
      nextFence: () => this.#fences++,
      ...clients,
    };
  }

  /** The port of the test's own broker. */
  get port(): number {
    return this.#listener.port;
  }

  /** Returns the client of a lane, created at its first use. */
  client(name: string): ClientParty {
    const known = this.#clients.get(name);
    if (known) return known;
    const made = new ClientParty(name, `id-${name}`, this.context, this.#shared);
    this.#clients.set(name, made);
    return made;
  }

  /** Plays steps as a suite writes them; `names` are variables that were captured before. */
  async play(lines: readonly string[], names: readonly string[] = []): Promise<void> {
    const client = (name: string) => this.client(name);
    for (const step of await stepsOf(lines, "mqtt", names)) {
      await playStep(step, { context: this.context, party: client, client, auth: this.#auth });
    }
  }

  /** Returns the broker's end of the next connection. */
  async taken(): Promise<PlayedConnection> {
    const transport = await this.#listener.accept(PATIENCE);
    assert.ok(transport, "no client connects");
    const connection = new PlayedConnection(transport, { version: this.#version });
    this.#taken.push(connection);
    return connection;
  }

  /** Connects a lane. Returns the broker's end of its connection if the test plays it. */
  async connected(name: string): Promise<PlayedConnection> {
    const [far] = await Promise.all([this.taken(), this.play([`${name} -> CONNECT`])]);
    assert.match(await far.next(), /^CONNECT /);
    await far.send({ type: "CONNACK", reason: 0 });
    await this.play([`${name} <- CONNACK: { reason: 0 }`]);
    return far;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients.values()].map((one) => one[Symbol.asyncDispose]()));
    await Promise.all(this.#taken.map((one) => one[Symbol.asyncDispose]()));
    await this.#listener.close();
  }
}

/** An end of a connection that a test plays. */
export class PlayedConnection extends MqttLink {
  /** Describes the next arrival: a packet, `closed end`, `closed reset`, or `nothing`. */
  async next(withinMs: number = PATIENCE): Promise<string> {
    const arrival = await this.receive(withinMs);
    if (!arrival) return "nothing";
    if (arrival.kind === "closed") return `closed ${arrival.how}`;
    return arrival.kind === "packet" ? describe(arrival.packet) : arrival.kind;
  }
}

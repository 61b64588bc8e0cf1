import { openPty } from "../transport/pty.ts";
import type { Transport } from "../transport/transport.ts";
import { MANUAL, type ModuleBehaviour } from "./behaviour.ts";
import { type Consulted, recordedBehaviour, recordedHooks } from "./consulted.ts";
import { CmqttClients } from "./simcom/clients.ts";
import { Console } from "./console.ts";
import { Contexts } from "./contexts.ts";
import { EspLink } from "./esp/link.ts";
import { hooksFor } from "./defects.ts";
import type { Urc } from "./hooks.ts";
import { Interpreter } from "./interpreter.ts";
import { Network } from "./network.ts";
import { type Ways, withQuirks } from "./quirks.ts";
import { Schedule } from "./schedule.ts";
import { SerialInput } from "./serial_input.ts";
import { ClientSessions } from "./client_session.ts";
import { Sleep } from "./sleep.ts";

/** Options of {@link VirtualModule.start}. */
export interface VirtualModuleOptions {
  /** The serial line; without it a pty is opened, and {@link VirtualModule.path} names its other end. */
  readonly transport?: Transport | undefined;
  /** Maps `host:port` as commands name it to the `address:port` to connect to. */
  readonly resolve?: ReadonlyMap<string, string> | undefined;
  /** Allows the module to connect to other machines; without it only to this one. */
  readonly allowRemote?: boolean | undefined;
  /** The ids of its defects; see `DEFECTS`. */
  readonly defects?: readonly string[] | undefined;
  /** The ids of its quirks; see `QUIRKS`. */
  readonly quirks?: readonly string[] | undefined;
  /** The points in which it differs from {@link MANUAL}. */
  readonly behaviour?: Partial<ModuleBehaviour> | undefined;
  /** Called with each hook and point of behaviour that is consulted; see `consulted.ts`. */
  readonly consulted?: Consulted | undefined;
}

/** Returns the behaviour and the hooks for the options. Throws a RangeError for an unknown defect or quirk. */
export function waysOf({ behaviour, defects = [], quirks = [], consulted }: VirtualModuleOptions): Ways {
  const ways = withQuirks(quirks, { behaviour: { ...MANUAL, ...behaviour }, hooks: hooksFor(defects) });
  if (!consulted) return ways;
  return {
    behaviour: recordedBehaviour(ways.behaviour, consulted),
    hooks: recordedHooks(ways.hooks, consulted),
  };
}

/** A module that speaks AT+ECMT on a serial line and MQTT on TCP. It owns its line and its connections. */
export class VirtualModule implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #schedule = new Schedule();
  readonly #console: Console;
  readonly #input: SerialInput;
  readonly #sessions = new ClientSessions();
  readonly #network: Network;
  readonly #contexts: Contexts;
  readonly #clients = new CmqttClients();
  readonly #esp = new EspLink();
  readonly #poweredOn: () => void;
  readonly #running: Promise<void>;
  #poweredAt = performance.now();

  private constructor(transport: Transport, path: string, options: VirtualModuleOptions) {
    const { behaviour, hooks } = waysOf(options);
    this.#transport = transport;
    this.#path = path;
    const takes = (urc: Urc) => behaviour.commands === "MQTT" && this.#esp.take(urc);
    this.#console = new Console(transport, behaviour, hooks, this.#schedule, takes);
    const sleep = new Sleep(behaviour, () => this.#console.greet());
    this.#input = new SerialInput(transport, (bytes) => this.#console.typed(bytes), sleep);
    const { resolve = new Map<string, string>(), allowRemote = false } = options;
    this.#network = new Network({ resolve, allowRemote }, behaviour);
    this.#contexts = new Contexts({
      behaviour,
      hooks,
      sessions: this.#sessions,
      urc: (urc) => this.#console.urc(urc),
      dial: (host, port, signal) => this.#network.dial(host, port, signal),
    });
    const desk = {
      behaviour,
      hooks,
      console: this.#console,
      contexts: this.#contexts,
      clients: this.#clients,
      esp: this.#esp,
      schedule: this.#schedule,
      registered: () => performance.now() - this.#poweredAt >= behaviour.registersAfterMs,
    };
    this.#poweredOn = hooks.poweredOn;
    this.#console.booted();
    this.#running = new Interpreter(desk, this.#input).run();
  }

  /**
   * Starts a module. Throws a RangeError with a sentence for an unknown defect or quirk, and what `openPty`
   * throws if no pty can be opened.
   */
  static start(options: VirtualModuleOptions = {}): Promise<VirtualModule> {
    // Defects and quirks first, so a wrong one leaves no pty open.
    waysOf(options);
    if (options.transport) return Promise.resolve(new VirtualModule(options.transport, "", options));
    const { master, path } = openPty();
    return Promise.resolve(new VirtualModule(master, path, options));
  }

  /** The path that a host opens as its serial port; empty if the module was given its line. */
  get path(): string {
    return this.#path;
  }

  /** Resolves when the serial line has ended. */
  get ended(): Promise<void> {
    return this.#running;
  }

  /** Power-cycles the module: closes connections, and clears contexts, sessions and settings. */
  async reset(): Promise<void> {
    this.#poweredAt = performance.now();
    this.#input.restart();
    this.#console.restart();
    this.#sessions.clear();
    this.#network.cut();
    this.#clients.clear();
    this.#esp.clear();
    await this.#contexts.clear();
    this.#poweredOn();
    this.#console.booted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#transport.close();
    this.#network.cut();
    this.#esp.clear();
    await this.#contexts[Symbol.asyncDispose]();
    await this.#network[Symbol.asyncDispose]();
    this.#schedule[Symbol.dispose]();
    await this.#running;
    await this.#console.drained();
  }
}

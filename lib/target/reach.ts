import type { Dialect } from "../at/dialect.ts";
import { Broker } from "../broker/broker.ts";
import type { Behaviour } from "../module/behaviour.ts";
import { behaviourOf } from "../module/variants.ts";
import { VirtualModule } from "../module/virtual_module.ts";
import { type Address, formatAddress, parseAddress } from "../transport/address.ts";
import { ResettableTcp } from "../transport/resettable_tcp.ts";
import { SerialPort } from "../transport/serial.ts";
import { connectTcp } from "../transport/tcp.ts";
import { connectTcpSerial } from "../transport/tcp_serial.ts";
import type { Transport } from "../transport/transport.ts";
import { behaviourProblem } from "./behaviour_check.ts";
import { StartedProcess } from "./process.ts";
import { type BrokerTarget, type ModulePort, type ModuleTarget, type Target, TargetError } from "./target.ts";
import { commandSet, DEFAULT_DIALECT, type Start, type TargetFile } from "./target_file.ts";

/** Where a virtual module, or one whose network ends on this machine, reaches the harness. */
const LOOPBACK = "127.0.0.1";
/** Milliseconds that a connection may take. */
const CONNECT_MS = 5_000;
/** How often a target that was lost is tried again before it counts as dead, and the pause between the tries. */
const TRIES = 3;
const PAUSE_MS = 100;

/** What every broker is taken to have that is known by its address alone: what the standards demand of all. */
const CLAIMED = ["qos1", "qos2", "retained", "wills", "sessions", "wildcards"];

export interface ReachOptions {
  /** The command set of a module, by the name in the target file. */
  readonly dialect: (name: string) => Dialect;
  /** Defects for an embedded implementation, besides those of the file. */
  readonly defects?: readonly string[];
  readonly signal: AbortSignal;
}

/** A target file for an address alone: a broker that claims what the standards demand of all, or a module. */
export function targetOfAddress(text: string): TargetFile {
  const address = parseAddress(text);
  const name = text.replace(/^[a-z-]+:(\/\/)?/, "").replace(/[?].*$/, "").replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .toLowerCase();
  const place = { file: "the command line", line: 1, column: 1, length: 1 };
  const broker = address.kind === "mqtt";
  return {
    name: name.replace(/^-+|-+$/g, "") || "target",
    title: text,
    tests: broker ? "broker" : "module",
    address: { text, place },
    protocols: broker ? ["3.1.1"] : [commandSet(DEFAULT_DIALECT), "3.1.1"],
    supports: broker ? CLAIMED : [],
    values: new Map(),
  };
}

/** Reaches or starts what a target file describes. Throws {@link TargetError} with a sentence when it is not there. */
export async function reach(file: TargetFile, options: ReachOptions): Promise<Target> {
  if (file.start) return await started(file, file.start, options);
  if (!file.address) throw new TargetError(`The target "${file.name}" has neither an address nor a start`);
  const address = parseAddress(file.address.text);
  if (address.kind === "mqtt") return await reachedBroker(file, address, options.signal);
  return await reachedModule(file, address, options);
}

async function started(file: TargetFile, start: Start, options: ReachOptions): Promise<Target> {
  const defects = [...(start.kind === "process" ? [] : start.defects), ...(options.defects ?? [])];
  switch (start.kind) {
    case "reference-broker": {
      const broker = await Broker.start({ defects });
      const { host, port } = broker.address;
      return brokerTarget(file, { kind: "mqtt", host, port }, undefined, () => broker[Symbol.asyncDispose]());
    }
    case "process": {
      const process = await StartedProcess.start(file.name, start, options.signal);
      const address: Address = { kind: "mqtt", host: "127.0.0.1", port: process.port };
      return brokerTarget(file, address, process.version, () => process[Symbol.asyncDispose]());
    }
    case "virtual-module": {
      const behaviour = behaviourOf(start.variant, checkedBehaviour(file, start.behaviour));
      return moduleTarget(file, "a pty of its own", options, 16, async () => {
        const module = await VirtualModule.start({ defects, behaviour });
        const port = SerialPort.open(module.path);
        return {
          transport: port,
          powerCycle: () => module.reset(),
          async [Symbol.asyncDispose]() {
            port.close();
            await module[Symbol.asyncDispose]();
          },
        };
      });
    }
  }
}

async function reachedBroker(
  file: TargetFile,
  address: Address & { kind: "mqtt" },
  signal: AbortSignal,
): Promise<BrokerTarget> {
  const target = brokerTarget(file, address, undefined, () => Promise.resolve());
  (await target.connect(signal)).close();
  return target;
}

async function reachedModule(
  file: TargetFile,
  address: Exclude<Address, { kind: "mqtt" }>,
  options: ReachOptions,
): Promise<ModuleTarget> {
  const open = async (signal: AbortSignal): Promise<Transport> =>
    address.kind === "serial"
      ? SerialPort.open(address.path, address.settings)
      : await connectTcpSerial(address.host, address.port, { withinMs: CONNECT_MS, signal });
  // So that a line that is not there is told before the first case. It is the first to be used: a device server may
  // refuse a second connection for a while after it was closed.
  let first: Transport | undefined = await open(options.signal);
  const target = moduleTarget(file, formatAddress(address), options, 1, async (signal) => {
    const transport = first ?? await open(signal);
    first = undefined;
    // Whoever holds a session on the line closes it with the session.
    return { transport, [Symbol.asyncDispose]: () => Promise.resolve() };
  });
  return {
    ...target,
    [Symbol.asyncDispose]() {
      first?.close();
      return target[Symbol.asyncDispose]();
    },
  };
}

function brokerTarget(
  file: TargetFile,
  address: Address & { kind: "mqtt" },
  version: string | undefined,
  end: () => Promise<void>,
): BrokerTarget {
  const connect = async (signal?: AbortSignal) => {
    const options = { withinMs: CONNECT_MS, ...(signal ? { signal } : {}) };
    return new ResettableTcp(await connectTcp(address.host, address.port, options));
  };
  return {
    ...claimed(file, formatAddress(address), 2_000, 20_000),
    kind: "broker",
    ...(version === undefined ? {} : { version }),
    connect,
    async alive() {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        try {
          (await connect()).close();
          return true;
        } catch {
          // Perhaps it is only busy: the next try tells.
        }
      }
      return false;
    },
    [Symbol.asyncDispose]: end,
  };
}

function moduleTarget(
  file: TargetFile,
  address: string,
  options: ReachOptions,
  mostPorts: number,
  openPort: (signal: AbortSignal) => Promise<ModulePort>,
): ModuleTarget {
  const { host = LOOPBACK, port = 0, listen } = file.broker ?? {};
  return {
    ...claimed(file, address, 3_000, 60_000),
    kind: "module",
    dialect: options.dialect(file.dialect ?? DEFAULT_DIALECT),
    // One port serves one module at a time.
    mostPorts: port === 0 ? mostPorts : 1,
    brokerHost: host,
    brokerPort: port,
    listenHost: listen ?? (/^(127\.|localhost$|::1$)/.test(host) ? host : "0.0.0.0"),
    openPort,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function claimed(file: TargetFile, address: string, withinMs: number, limitMs: number) {
  return {
    name: file.name,
    address,
    protocols: file.protocols,
    supports: file.supports,
    values: file.values,
    withinMs: file.withinMs ?? withinMs,
    limitMs: file.limitMs ?? limitMs,
  };
}

/** The behaviour of a virtual module as a target file gives it, held against the one it changes. */
function checkedBehaviour(file: TargetFile, given: Readonly<Record<string, unknown>>): Partial<Behaviour> {
  for (const [name, value] of Object.entries(given)) {
    const problem = behaviourProblem(name, value);
    if (problem) throw new TargetError(`The target "${file.name}" can't be started: ${problem}`);
  }
  return given;
}

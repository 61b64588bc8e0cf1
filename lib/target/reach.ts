import type { Dialect } from "../at/dialect.ts";
import type { ModuleBehaviour } from "../module/behaviour.ts";
import { PROTOCOL_VERSIONS } from "../mqtt/packet.ts";
import { behaviourOf } from "../module/variants.ts";
import { VirtualModule } from "../module/virtual_module.ts";
import { nameOfAddress } from "../ground/address_name.ts";
import { formatAddress, isBrokerAddress, type ModuleAddress, parseAddress } from "../transport/address.ts";
import { SerialPort } from "../transport/serial.ts";
import { connectTcpSerial } from "../transport/tcp_serial.ts";
import type { Transport } from "../transport/transport.ts";
import { behaviourProblem } from "./behaviour_check.ts";
import { claimedInTime } from "./claims.ts";
import { reachedClient, virtualClient } from "./reach_client.ts";
import { reachedBroker, startedProcess, startedReference } from "./reach_broker.ts";
import type { Start } from "./start_form.ts";
import { type ModulePort, type ModuleTarget, type Target, TargetError } from "./target.ts";
import { commandSet, DEFAULT_DIALECT, type TargetFile } from "./target_file.ts";

/** Where a virtual module, or one whose network ends on this machine, reaches the harness. */
const LOOPBACK = "127.0.0.1";
/** The timeout of a connection in milliseconds. */
const CONNECT_MS = 5_000;

/** What reaching or starting a target needs besides its file. */
export interface ReachOptions {
  /** Returns the command set of a module by its name in the target file. */
  readonly dialect: (name: string) => Dialect;
  /** Defects for an embedded implementation, in addition to those of the file. */
  readonly defects?: readonly string[];
  /** Quirks for an embedded implementation, in addition to those of the file. */
  readonly quirks?: readonly string[] | undefined;
  /** Called with each hook that an embedded implementation consults; see `lib/broker/recorded.ts` and `lib/module/consulted.ts`. */
  readonly consulted?: ((hook: string) => void) | undefined;
  /** Whether the cases have their own user names, so a broker may refuse the target's. */
  readonly ownLogins?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Returns a target file for an address alone: a broker that is asked what it supports, or a module. */
export function targetOfAddress(text: string): TargetFile {
  const address = parseAddress(text);
  const place = { file: "the command line", line: 1, column: 1, length: 1 };
  const broker = isBrokerAddress(address);
  return {
    name: nameOfAddress(text),
    title: text,
    tests: broker ? "broker" : "module",
    address: { text, place },
    protocols: broker ? PROTOCOL_VERSIONS : [commandSet(DEFAULT_DIALECT), "3.1.1"],
    asks: broker ? PROTOCOL_VERSIONS : undefined,
    supports: [],
    values: new Map(),
  };
}

/** Whether attest can restart a broker. */
export function canRestart(file: TargetFile): boolean {
  const kind = file.start?.kind;
  return kind === "process" || kind === "reference-broker" || file.restartCommand !== undefined;
}

/**
 * Reaches or starts what a target file describes. Throws {@link TargetError} with the reason if it is
 * unavailable.
 */
export async function reach(file: TargetFile, options: ReachOptions): Promise<Target> {
  if (file.start) return await started(file, file.start, options);
  if (!file.address) throw new TargetError(`The target "${file.name}" has neither an address nor a start`);
  const address = parseAddress(file.address.text);
  if (isBrokerAddress(address)) return await reachedBroker(file, address, options.signal, options);
  return await reachedModule(file, address, options);
}

async function started(file: TargetFile, start: Start, options: ReachOptions): Promise<Target> {
  const defects = [...(start.kind === "process" ? [] : start.defects), ...(options.defects ?? [])];
  switch (start.kind) {
    case "reference-broker": {
      const quirks = [...start.quirks ?? [], ...options.quirks ?? []];
      return await startedReference(file, start, { defects, quirks, consulted: options.consulted });
    }
    case "process":
      if (file.tests === "client") return await reachedClient(file, start, options.signal);
      return await startedProcess(file, start, options.signal, options);
    case "virtual-client": {
      const quirks = [...start.quirks ?? [], ...options.quirks ?? []];
      return await virtualClient(file, { defects, quirks, consulted: options.consulted });
    }
    case "virtual-module": {
      const { roundTripMs } = start;
      const quirks = [...start.quirks ?? [], ...options.quirks ?? []];
      const changed = checkedBehaviour(file, start.behaviour);
      const behaviour = behaviourOf(
        start.variant,
        roundTripMs === undefined ? changed : { ...changed, roundTripMs },
      );
      const { consulted } = options;
      return moduleTarget(file, "a pty of its own", options, 16, async () => {
        const module = await VirtualModule.start({ defects, quirks, behaviour, consulted });
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

async function reachedModule(
  file: TargetFile,
  address: ModuleAddress,
  options: ReachOptions,
): Promise<ModuleTarget> {
  const open = async (signal: AbortSignal): Promise<Transport> =>
    address.kind === "serial"
      ? SerialPort.open(address.path, address.settings)
      : await connectTcpSerial(address.host, address.port, { withinMs: CONNECT_MS, signal });
  // Opened now to report a missing line before the first case. It is used first, because a device server may
  // refuse a second connection for a while after a close.
  let first: Transport | undefined = await open(options.signal);
  const target = moduleTarget(file, formatAddress(address), options, 1, async (signal) => {
    const transport = first ?? await open(signal);
    first = undefined;
    // The owner of a session on the line closes the line with the session.
    const pulse = transport instanceof SerialPort ? { pulseDtr: (ms: number) => transport.pulseDtr(ms) } : {};
    return { transport, ...pulse, [Symbol.asyncDispose]: () => Promise.resolve() };
  });
  return {
    ...target,
    [Symbol.asyncDispose]() {
      first?.close();
      return target[Symbol.asyncDispose]();
    },
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
    ...claimedInTime(file, address, 3_000, 60_000),
    kind: "module",
    dialect: options.dialect(file.dialect ?? DEFAULT_DIALECT),
    // One port serves one module at a time.
    mostPorts: port === 0 ? mostPorts : 1,
    brokerHost: host,
    brokerPort: port,
    listenHost: listen ?? (/^(127\.|localhost$|::1$)/.test(host) ? host : "0.0.0.0"),
    line: file.line ?? {},
    setup: file.setup ?? [],
    teardown: file.teardown ?? [],
    openPort,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * Returns the behaviour that a target file sets for a virtual module. Throws {@link TargetError} if it is
 * invalid.
 */
function checkedBehaviour(
  file: TargetFile,
  given: Readonly<Record<string, unknown>>,
): Partial<ModuleBehaviour> {
  for (const [name, value] of Object.entries(given)) {
    const problem = behaviourProblem(name, value);
    if (problem) throw new TargetError(`Cannot start the target "${file.name}": ${problem}`);
  }
  return given;
}

import { Broker, type BrokerOptions } from "../broker/broker.ts";
import { MqttLink } from "../link/mqtt_link.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import { type BrokerAddress, formatAddress, isBrokerAddress, parseAddress } from "../transport/address.ts";
import { makeCertificates } from "../transport/certificates.ts";
import { dial, dialWebSocket } from "../transport/dial.ts";
import { type Access, readAccess } from "./access.ts";
import { claimedInTime } from "./claims.ts";
import { onceFree } from "./once_free.ts";
import { preflight, type PreflightOptions } from "./preflight/preflight.ts";
import { StartedProcess } from "./process.ts";
import { runToEnd } from "./program.ts";
import type { ProcessStart } from "./process_form.ts";
import type { Start } from "./start_form.ts";
import type { Transport } from "../transport/transport.ts";
import { type BrokerTarget, type Credentials, TargetError } from "./target.ts";
import type { TargetFile } from "./target_file.ts";
import { OwnFolder } from "./watch/own_folder.ts";

/** The timeout of a connection in milliseconds. */
const CONNECT_MS = 5_000;
/** How long to wait for an unresponsive broker that runs by itself, and for one that attest started, in ms. */
const BACK_MS = 60_000;
const STARTED_BACK_MS = 20_000;
/** The timeout in milliseconds of a user's restart command, and of the broker's return after it. */
const RESTART_MS = 60_000;
/** The timeout of the broker's first response in milliseconds. */
const ANSWER_MS = 2_000;
const LOOPBACK = "127.0.0.1";

/** The address of a broker, and what attest may do with it. */
interface Reached extends Access {
  readonly address: BrokerAddress;
  readonly websocket?: BrokerAddress | undefined;
  readonly version?: string | undefined;
  readonly restart?: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly revive?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
  /** How long to wait for an unresponsive broker if its file does not say, in ms. */
  readonly backMs: number;
  readonly end?: (() => Promise<void>) | undefined;
}

/**
 * Reaches a broker that runs by itself. Throws TransportError, or {@link TargetError} if it accepts no
 * client.
 */
export async function reachedBroker(
  file: TargetFile,
  address: BrokerAddress,
  signal: AbortSignal,
  options: PreflightOptions = {},
): Promise<BrokerTarget> {
  const access = await readAccess(file, (text) => text);
  const websocket = file.websocket ? parseAddress(file.websocket.text) : undefined;
  const { restartCommand } = file;
  const target = brokerTarget(file, {
    address,
    ...access,
    backMs: BACK_MS,
    restart: restartCommand && (async (signal) => {
      await runToEnd(file.name, "restarted", restartCommand, RESTART_MS, signal);
      if (await takesConnections(target, signal)) return;
      throw new TargetError(
        `The target "${file.name}" accepts no connections ${RESTART_MS / 1000} s after ` +
          `"${restartCommand[0]}" ended`,
      );
    }),
    websocket: websocket && isBrokerAddress(websocket) ? websocket : undefined,
  });
  const { protocols, withinMs } = file;
  await preflight({ address, protocols, withinMs, ...access }, signal, options);
  return target;
}

/** Starts a program that is a broker. Throws {@link TargetError}. */
export async function startedProcess(
  file: TargetFile,
  start: ProcessStart,
  signal: AbortSignal,
  options: PreflightOptions = {},
): Promise<BrokerTarget> {
  const process = await StartedProcess.start(file.name, start, signal);
  try {
    const { placeholders, address, websocket, version } = process;
    const access = await readAccess(file, (text) => placeholders.fill(text));
    const { protocols, withinMs } = file;
    await preflight({ address, protocols, withinMs, ...access }, signal, { ...options, started: true });
    return brokerTarget(file, {
      address,
      ...access,
      websocket,
      version,
      restart: (signal) => process.restart(signal),
      backMs: STARTED_BACK_MS,
      async revive(signal) {
        if (process.running) return false;
        return await process.restart(signal).then(() => true, () => false);
      },
      end: () => process[Symbol.asyncDispose](),
    });
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}

/** Starts the reference broker, which also accepts WebSocket, whatever its transport. */
export async function startedReference(
  file: TargetFile,
  start: Extract<Start, { kind: "reference-broker" }>,
  settings: Pick<BrokerOptions, "defects" | "quirks" | "consulted">,
): Promise<BrokerTarget> {
  const { over = "mqtt", deny, roundTripMs } = start;
  const access = await readAccess(file, (text) => text);
  const folder = over === "unix" ? await OwnFolder.make() : undefined;
  const secure = over === "mqtts" || over === "wss";
  const certificates = secure ? await makeCertificates() : undefined;
  const wanted: BrokerAddress[] = [{ kind: "ws", host: LOOPBACK, port: 0, path: "/mqtt" }];
  if (secure) wanted.push(over === "mqtts" ? { kind: over, host: LOOPBACK, port: 0 } : wss());
  if (folder !== undefined) wanted.push({ kind: "unix", path: `${folder.path}/broker.sock` });
  const options = { ...settings, deny, roundTripMs, tls: certificates?.server };
  let broker = await Broker.start({ ...options, also: wanted });
  const at = (kind: BrokerAddress["kind"]) => broker.addresses.find((one) => one.kind === kind);
  const address = at(over);
  if (!address) throw new TargetError(`The reference broker does not support ${over}`);
  const websocket = at("ws");
  return brokerTarget(file, {
    address,
    // It runs in this process: if it does not respond, it has a defect.
    backMs: 0,
    credentials: access.credentials,
    auth: access.auth,
    tls: certificates ? { ...access.tls, ca: access.tls?.ca ?? certificates.ca } : access.tls,
    websocket,
    async restart(signal) {
      const [tcp, ...also] = broker.addresses;
      await broker.stop();
      const { state } = broker;
      const port = tcp?.kind === "mqtt" ? tcp.port : 0;
      const next = { ...options, port, also, state };
      broker = await onceFree(() => Broker.start(next), RESTART_MS, signal);
    },
    async end() {
      await broker[Symbol.asyncDispose]();
      await folder?.[Symbol.asyncDispose]();
    },
  });
}

/** Waits until a restarted broker is back. */
async function takesConnections(target: BrokerTarget, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + RESTART_MS;
  while (performance.now() < until && !signal.aborted) {
    if (await target.alive()) return true;
  }
  return false;
}

function wss(): BrokerAddress {
  return { kind: "wss", host: LOOPBACK, port: 0, path: "/mqtt" };
}

function brokerTarget(file: TargetFile, reached: Reached): BrokerTarget {
  const { address, credentials, auth, version, restart, revive, tls, end } = reached;
  const options = (signal?: AbortSignal) => ({
    withinMs: CONNECT_MS,
    signal,
    tls,
  });
  const connect = (signal?: AbortSignal) => dial(address, options(signal));
  const websocket = isWebSocket(address) ? address : reached.websocket;
  return {
    ...claimedInTime(file, formatAddress(address), 2_000, 20_000),
    kind: "broker",
    version,
    credentials,
    auth,
    connect,
    upgrade: websocket && isWebSocket(websocket)
      ? (subprotocols, signal) => dialWebSocket(websocket, subprotocols, options(signal))
      : undefined,
    restart,
    revive,
    backMs: file.backMs ?? reached.backMs,
    async alive() {
      try {
        return await answers(await connect(), file, credentials);
      } catch {
        return false;
      }
    },
    [Symbol.asyncDispose]: end ?? (() => Promise.resolve()),
  };
}

/**
 * Whether a broker answers a client, or closes its connection. An accepted connection alone proves nothing:
 * the kernel of a stopped broker accepts one.
 */
async function answers(
  connection: Transport,
  file: TargetFile,
  credentials: Credentials | undefined,
): Promise<boolean> {
  const version = file.protocols.find(isProtocolVersion) ?? "3.1.1";
  await using link = new MqttLink(connection, { version });
  await link.send({
    type: "CONNECT",
    cleanStart: true,
    keepAlive: 10,
    clientId: `attest${crypto.randomUUID().slice(0, 8)}`,
    ...credentials,
  });
  // If only its CONNACK is broken, PINGRESP or the close shows that the broker runs.
  for (const type of ["PINGREQ", "DISCONNECT"] as const) {
    await link.send({ type }).catch(() => {
      // It has closed the connection, which counts as an answer.
    });
  }
  return await link.receive(ANSWER_MS) !== undefined;
}

function isWebSocket(address: BrokerAddress): address is Extract<BrokerAddress, { kind: "ws" | "wss" }> {
  return address.kind === "ws" || address.kind === "wss";
}

/**
 * Addresses of targets as a user types them: `mqtt://host:1883`, `wss://host/mqtt`, `unix:/run/broker.sock`,
 * `serial:/dev/ttyUSB0?baud=9600`, `tcp-serial://host:4001`.
 */
import { at } from "./tcp.ts";
import { DEFAULT_LINE, type LineSettings, SPEEDS } from "./termios.ts";

/** An MQTT broker over TCP. */
export interface MqttAddress {
  readonly kind: "mqtt";
  readonly host: string;
  readonly port: number;
}

/** An MQTT broker over TLS. */
export interface MqttsAddress {
  readonly kind: "mqtts";
  readonly host: string;
  readonly port: number;
}

/** An MQTT broker over WebSocket, with TLS if the kind is `wss`. */
export interface WebSocketAddress {
  readonly kind: "ws" | "wss";
  readonly host: string;
  readonly port: number;
  /** The resource path, starting with a slash. */
  readonly path: string;
}

/** An MQTT broker at a Unix socket of this machine. */
export interface UnixAddress {
  readonly kind: "unix";
  readonly path: string;
}

/** The address of a broker. */
export type BrokerAddress = MqttAddress | MqttsAddress | WebSocketAddress | UnixAddress;

/** A serial port of this machine. */
export interface SerialAddress {
  readonly kind: "serial";
  readonly path: string;
  readonly settings: LineSettings;
}

/** A serial line behind a device server's raw TCP port. */
export interface TcpSerialAddress {
  readonly kind: "tcp-serial";
  readonly host: string;
  readonly port: number;
}

/** The address of a module. */
export type ModuleAddress = SerialAddress | TcpSerialAddress;

/** The address of a target. */
export type Address = BrokerAddress | ModuleAddress;

/** Whether it is the address of a broker rather than a module. */
export function isBrokerAddress(address: Address): address is BrokerAddress {
  return address.kind !== "serial" && address.kind !== "tcp-serial";
}

/** An invalid address. `start` and `length` mark the wrong part of the text, in characters. */
export class AddressError extends Error {
  override readonly name = "AddressError";
  readonly start: number;
  readonly length: number;

  constructor(message: string, start: number, length: number) {
    super(message);
    this.start = start;
    this.length = Math.max(1, length);
  }
}

const SCHEMES =
  "mqtt://host:port, mqtts://, ws://, wss://, unix:/path, serial:/dev/ttyUSB0?baud=115200 or tcp-serial://host:port";

/** The schemes of other programs with the same meaning. */
const OTHER_SCHEMES: Readonly<Record<string, string>> = {
  "tcp": "mqtt",
  "ssl": "mqtts",
  "tls": "mqtts",
  "mqtt+ssl": "mqtts",
  "http": "ws",
  "https": "wss",
};

/** The ports that brokers commonly use for TLS. */
const TLS_PORTS = ["8883", "8884", "8886", "8887"];

/** Guesses the address that a word without a complete scheme stands for: a host with a port, or this machine. */
export function meantAddress(word: string): string | undefined {
  const slashes = /^(mqtts?|wss?|tcp-serial):\/?(?=[^/])(.+)$/i.exec(word);
  if (slashes) return `${slashes[1]?.toLowerCase()}://${slashes[2]}`;
  const [, host, port] =
    /^((?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*))(?::(\d{1,5}))?$/.exec(word) ?? [];
  if (host === undefined) return undefined;
  const isHost = port !== undefined ||
    /^localhost$|^\d+(\.\d+){3}$|\.(com|org|net|io|local|lan|example|de)$/i.test(host);
  if (!isHost) return undefined;
  return `${port !== undefined && TLS_PORTS.includes(port) ? "mqtts" : "mqtt"}://${word}`;
}

/** Whether `text` starts like an address rather than the name of a target or a file. */
export function looksLikeAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^(serial|unix):/i.test(text);
}

/**
 * Finds the part of a text that may contain a user name and a password before a host, or returns undefined. A
 * password may contain a slash by mistake, so everything up to the last `@` counts unless a host comes before
 * it.
 */
export function credentialsIn(text: string): { readonly start: number; readonly length: number } | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/{2}/i.exec(text)?.[0] ?? "";
  if (scheme === "" || /^(serial|unix):/i.test(scheme)) return undefined;
  const rest = text.slice(scheme.length);
  const last = rest.lastIndexOf("@");
  if (last < 0) return undefined;
  const isPath = /^wss?:/i.test(scheme) && /^(\[[^\]@]*\]|[^:/?#@\s]+)(:\d+)?\//.test(rest);
  return isPath ? undefined : { start: scheme.length, length: last };
}

/** Parses an address. Throws {@link AddressError}, which never shows a user name or a password. */
export function parseAddress(text: string): Address {
  const secret = credentialsIn(text);
  if (secret) {
    const sentence =
      "An address must not contain a user name or password, because reports show it; give --user NAME " +
      "and --password-file FILE, or credentials: in a target file";
    throw new AddressError(sentence, secret.start, secret.length);
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case "mqtt":
      return { kind: "mqtt", ...hostAndPort(text, 1883) };
    case "tcp-serial":
      return { kind: "tcp-serial", ...deviceServer(text) };
    case "serial":
      return serial(text);
    case "mqtts":
      return { kind: "mqtts", ...hostAndPort(text, 8883) };
    case "ws":
    case "wss":
      return webSocket(text, scheme);
    case "unix":
      return unix(text);
    default: {
      const own = scheme !== undefined && Object.hasOwn(OTHER_SCHEMES, scheme)
        ? `${OTHER_SCHEMES[scheme]}:${text.slice(scheme.length + 1)}`
        : meantAddress(text);
      const hint = own === undefined ? `write ${SCHEMES}` : `did you mean ${own}?`;
      throw new AddressError(`"${text}" is not an address; ${hint}`, 0, text.length);
    }
  }
}

/** Formats an address without default values. */
export function formatAddress(address: Address): string {
  if (address.kind === "unix") return `unix:${address.path.replaceAll("%", "%25")}`;
  if (address.kind === "ws" || address.kind === "wss") {
    return `${address.kind}://${at(address.host, address.port)}${address.path === "/" ? "" : address.path}`;
  }
  if (address.kind !== "serial") return `${address.kind}://${at(address.host, address.port)}`;
  const { settings } = address;
  const query = Object.entries(QUERY).flatMap(([name, field]) => {
    const value = settings[field];
    if (value === DEFAULT_LINE[field]) return [];
    return [`${name}=${typeof value === "boolean" ? (value ? "on" : "off") : value}`];
  });
  const path = address.path.replace(/[%?&#]/g, (c) => encodeURIComponent(c));
  return `serial:${path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

function hostAndPort(text: string, fallback?: number): { host: string; port: number } {
  const start = text.indexOf(":") + 1;
  const match = /^\/\/(?:\[([0-9a-fA-F:.%]+)\]|([^:/?#@\s[\]]+))(?::(\d+))?\/?$/.exec(text.slice(start));
  const host = match?.[1] ?? match?.[2];
  if (!match || host === undefined) {
    const wanted = `${text.slice(0, start)}//host${fallback === undefined ? ":port" : " or …//host:port"}`;
    throw new AddressError(
      `"${text.slice(start)}" is not a host and a port; write ${wanted}`,
      start,
      text.length - start,
    );
  }
  const digits = match[3];
  if (digits === undefined) {
    if (fallback !== undefined) return { host, port: fallback };
    throw new AddressError(
      `"${text}" has no port; write ${text}:4001, for example`,
      start,
      text.length - start,
    );
  }
  const port = Number(digits);
  if (port < 1 || port > 65535) {
    const place = text.lastIndexOf(digits);
    throw new AddressError(`"${digits}" is not a port; ports are 1 to 65535`, place, digits.length);
  }
  return { host, port };
}

function webSocket(text: string, kind: "ws" | "wss"): WebSocketAddress {
  const start = kind.length + 3;
  const slash = text.indexOf("/", start);
  const end = slash < 0 ? text.length : slash;
  const path = slash < 0 ? "/" : text.slice(slash);
  const wrong = /[^!-~]|#/.exec(path);
  if (wrong) {
    const fault = `"${wrong[0]}" is not allowed in the path of a WebSocket`;
    throw new AddressError(`${fault}; write it as %XX`, end + wrong.index, 1);
  }
  return { kind, ...hostAndPort(text.slice(0, end), kind === "ws" ? 80 : 443), path };
}

function unix(text: string): UnixAddress {
  const from = "unix:".length;
  // unix:/path and unix:///path are equivalent, as in file URLs.
  const path = decode(text.slice(from), from).replace(/^\/\/(?=\/)/, "");
  if (!/^\/[^/]/.test(path) || path.includes("\0")) {
    throw new AddressError(
      `"${text}" has no path of a socket; write unix:/run/broker.sock`,
      from,
      text.length - from,
    );
  }
  return { kind: "unix", path };
}

function deviceServer(text: string): { host: string; port: number } {
  const mark = text.indexOf("?");
  if (mark < 0) return hostAndPort(text);
  const message =
    "Set the speed and framing of a line behind a device server at the server, not in the address";
  throw new AddressError(message, mark, text.length - mark);
}

const QUERY = {
  baud: "baud",
  data: "dataBits",
  parity: "parity",
  stop: "stopBits",
  rtscts: "rtscts",
  xonxoff: "xonxoff",
  dtr: "dtr",
  rts: "rts",
} as const satisfies Record<string, keyof LineSettings>;

const CHOICES = {
  baud: Object.fromEntries(SPEEDS.map((speed) => [String(speed), speed])),
  data: { "5": 5, "6": 6, "7": 7, "8": 8 },
  parity: { none: "none", odd: "odd", even: "even" },
  stop: { "1": 1, "2": 2 },
  rtscts: { on: true, off: false },
  xonxoff: { on: true, off: false },
  dtr: { on: true, off: false },
  rts: { on: true, off: false },
} as const;

function serial(text: string): SerialAddress {
  const mark = text.indexOf("?");
  const from = "serial:".length;
  const end = mark < 0 ? text.length : mark;
  const path = decode(text.slice(from, end), from);
  if (path === "" || path.startsWith("//")) {
    const fault = path === "" ? "has no device" : "has two extra slashes";
    throw new AddressError(`"${text}" ${fault}; write serial:/dev/ttyUSB0`, from, end - from);
  }
  let settings = DEFAULT_LINE;
  let start = end + 1;
  for (const part of mark < 0 ? [] : text.slice(mark + 1).split("&")) {
    settings = { ...settings, ...setting(part, start) };
    start += part.length + 1;
  }
  if (settings.rtscts && !settings.rts) {
    const wrong = "rts=off";
    throw new AddressError(
      '"rts=off" contradicts rtscts=on, which lets the driver control RTS',
      text.lastIndexOf(wrong),
      wrong.length,
    );
  }
  return { kind: "serial", path, settings };
}

function setting(part: string, start: number): Partial<LineSettings> {
  const [name = "", value = ""] = part.split("=", 2);
  const valueStart = start + name.length + 1;
  switch (name) {
    case "baud":
      return { baud: choose(CHOICES.baud, name, value, valueStart) };
    case "data":
      return { dataBits: choose(CHOICES.data, name, value, valueStart) };
    case "parity":
      return { parity: choose(CHOICES.parity, name, value, valueStart) };
    case "stop":
      return { stopBits: choose(CHOICES.stop, name, value, valueStart) };
    case "rtscts":
      return { rtscts: choose(CHOICES.rtscts, name, value, valueStart) };
    case "xonxoff":
      return { xonxoff: choose(CHOICES.xonxoff, name, value, valueStart) };
    case "dtr":
      return { dtr: choose(CHOICES.dtr, name, value, valueStart) };
    case "rts":
      return { rts: choose(CHOICES.rts, name, value, valueStart) };
    default:
      throw new AddressError(
        `unknown serial setting "${name}"; the settings are ${Object.keys(QUERY).join(", ")}`,
        start,
        name.length,
      );
  }
}

function choose<T>(choices: Readonly<Record<string, T>>, name: string, value: string, start: number): T {
  const chosen = Object.hasOwn(choices, value) ? choices[value] : undefined;
  if (chosen !== undefined) return chosen;
  throw new AddressError(
    `"${value}" is not a value of ${name}; expected one of ${Object.keys(choices).join(", ")}`,
    start,
    value.length,
  );
}

function decode(text: string, start: number): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError(
      `"${text}" has a "%" without two hex digits after it; write "%25"`,
      start,
      text.length,
    );
  }
}

import { InvalidArgumentError } from "@commander-js/extra-typings";
import { FORMAT_NAMES, type FormatName } from "../../reports/format_name.ts";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../mqtt/packet.ts";
import { parseDuration } from "../spec/duration.ts";
import { nearest } from "../ground/nearest.ts";
import { evaluate } from "../spec/evaluate.ts";
import { Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import { behaviourProblem } from "../target/behaviour_check.ts";
import type { BrokerLane } from "../target/target_file.ts";
import { toValue } from "../spec/value.ts";
import { readYaml } from "../spec/yaml.ts";

/** Collects the values of a repeatable option. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...before ?? [], value];
}

/** Versions of MQTT by their numbers in CONNECT, by which they are also known. */
const SHORT_VERSIONS: Readonly<Record<string, ProtocolVersion>> = { "3": "3.1", "4": "3.1.1", "5": "5.0" };

/** Collects versions of MQTT: 3.1, 3.1.1, 5.0, or 3, 4 and 5 for these. */
export function protocolVersions(
  value: string,
  before: readonly ProtocolVersion[] | undefined,
): readonly ProtocolVersion[] {
  const short = Object.hasOwn(SHORT_VERSIONS, value) ? SHORT_VERSIONS[value] : undefined;
  const version = short ?? PROTOCOL_VERSIONS.find((one) => one === value);
  if (version !== undefined) return [...new Set([...before ?? [], version])];
  throw new InvalidArgumentError(
    `Expected a version of MQTT: ${PROTOCOL_VERSIONS.join(", ")}, or 3, 4, 5 for these.`,
  );
}

/** Reads a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(
      `Expected a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`}.`,
    );
  };
}

/** Reads a duration as milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError("Expected a duration such as 30s, 10m or 2h.");
}

/** Reads where metrics are served: a host and a port, with an IPv6 address in brackets. */
export function hostAndPort(text: string): { readonly hostname: string; readonly port: number } {
  const [, six, host, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const hostname = six ?? host;
  if (hostname !== undefined && port <= 65_535) return { hostname, port };
  throw new InvalidArgumentError("Expected an address of this machine and a port, such as 127.0.0.1:9464.");
}

/** Reads a list of report formats. */
export function formats(text: string): readonly FormatName[] {
  return text.split(",").map((name) => {
    const found = FORMAT_NAMES.find((one) => one === name.trim());
    if (found) return found;
    const near = nearest(name.trim(), FORMAT_NAMES);
    throw new InvalidArgumentError(
      near !== undefined
        ? `Unknown format "${name}"; did you mean ${near}?`
        : `Expected formats separated by single commas, of ${FORMAT_NAMES.join(", ")}; "${name}" is not one.`,
    );
  });
}

/** Reads `host` or `host:port`, the address at which a module reaches this machine. */
export function brokerLane(text: string): BrokerLane {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (port !== undefined && (Number(port) < 1 || Number(port) > 65535))) {
    throw new InvalidArgumentError("Expected a host, or a host and a port, such as 192.168.1.5:1884.");
  }
  return { host, port: port === undefined ? undefined : Number(port) };
}

/** Reads `name=value`, a deviation of a virtual module from the manual; the value is YAML. */
export function behaviour(
  text: string,
  before: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  const [[name, value] = ["", undefined]] = assignment(text, undefined);
  const data = value && evaluated(value);
  const problem = behaviourProblem(name, data);
  if (problem) throw new InvalidArgumentError(`${problem.charAt(0).toUpperCase()}${problem.slice(1)}`);
  return { ...before, [name]: data };
}

function evaluated(value: Value): unknown {
  try {
    return evaluate(value, new Scope());
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `There is an ${error.message}.` : String(error));
  }
}

/** Splits a command line at its spaces; no shell reads it. */
export function commandWords(text: string): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length > 0) return words;
  throw new InvalidArgumentError("Expected a program and its arguments, such as './reset.sh 3'.");
}

/** Reads `name=value`. The value is parsed as YAML, so 7 is a number and [1, 2] a list. */
export function assignment(
  text: string,
  before: ReadonlyMap<string, Value> | undefined,
): ReadonlyMap<string, Value> {
  const [, name, value] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("Expected a name and a value, such as openFailed=-1.");
  }
  const { root, problems } = readYaml(value === "" ? '""' : value, "--set");
  if (!root || problems.length > 0) throw new InvalidArgumentError(`The value "${value}" can't be read.`);
  return new Map([...before ?? [], [name, toValue(root, () => {})]]);
}

/** Reads `name=value` and keeps the value as written. */
export function setting(
  text: string,
  before: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const [, name, value] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("Expected a name and a value, such as clients=1000.");
  }
  return new Map([...before ?? [], [name, value]]);
}

/** Reads addresses of this machine, separated by commas. */
export function addresses(text: string): readonly string[] {
  return text.split(",").map((one) => {
    const address = one.trim();
    const four = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address);
    if (four || (/^[0-9A-Fa-f:]{2,39}$/.test(address) && address.includes(":"))) return address;
    throw new InvalidArgumentError(
      `Expected IP addresses such as 127.0.0.2,127.0.0.3; "${address}" is not one.`,
    );
  });
}

/** Reads a share such as `2/4`, the second of four. */
export function shard(text: string): { readonly index: number; readonly of: number } {
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const read = { index: Number(index), of: Number(of) };
  if (read.index >= 1 && read.index <= read.of) return read;
  throw new InvalidArgumentError("Expected a share, such as 2/4 for the second of four.");
}

/** Reads a moment of RFC 3339 as milliseconds since 1970. */
export function moment(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError("Expected a time with its date, such as 2026-01-31T12:00:00Z.");
}

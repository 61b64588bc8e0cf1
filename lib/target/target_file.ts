import {
  duration,
  fileSchema,
  type Form,
  integer,
  type JsonSchema,
  located,
  Report,
  text,
  word,
} from "../spec/form.ts";
import { type Keys, list, object } from "../spec/form_parts.ts";
import type { Place } from "../spec/place.ts";
import type { Problem } from "../spec/problem.ts";
import { readYaml } from "../spec/yaml.ts";
import { AddressError, isBrokerAddress, parseAddress } from "../transport/address.ts";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../mqtt/packet.ts";
import { TARGET_KINDS, type TargetKind } from "../run/event.ts";
import { type AllClaims, changedSupports } from "../suite/claim/claims.ts";
import { OWN_PACKET_IDS } from "../suite/claim/features.ts";
import { CREDENTIALS, type CredentialSources, TLS, type TlsFiles } from "./access_form.ts";
import { AUTH, type AuthSource } from "./auth_form.ts";
import { checkedClaims, supportsForm, valuesForm, withAuth } from "./claims_form.ts";
import { checkLine, lineKeys, type OnLine } from "./line_form.ts";
import { START, type Start } from "./start_form.ts";

/** The scripted broker as a module reaches it. */
export interface BrokerLane {
  /** The host that the module is given. */
  readonly host: string;
  /** The port; absent for a new one in each case. */
  readonly port?: number | undefined;
  /**
   * The address that the harness listens on; the default is the host if it is a loopback address, otherwise
   * all addresses.
   */
  readonly listen?: string | undefined;
}

/** A target file: how to reach or start an implementation, and its claims. */
export interface TargetFile extends OnLine, AllClaims {
  readonly name: string;
  readonly title: string;
  readonly tests: TargetKind;
  /** Where it is; exactly one of `address` and `start` is there. */
  readonly address?: { readonly text: string; readonly place: Place } | undefined;
  readonly start?: Start | undefined;
  /** Where it also accepts WebSocket, for one that runs by itself. */
  readonly websocket?: { readonly text: string; readonly place: Place } | undefined;
  readonly tls?: TlsFiles | undefined;
  readonly credentials?: CredentialSources | undefined;
  /** How a client authenticates itself by AUTH packets. */
  readonly auth?: AuthSource | undefined;
  /** The command line that restarts one that runs by itself; set by the user, never in the file. */
  readonly restartCommand?: readonly string[] | undefined;
  /** The folder of the file, which its paths are relative to; absent for an address. */
  readonly folder?: string | undefined;
  /** The MQTT versions that it speaks, and a module's command set. */
  readonly protocols: readonly string[];
  /** The versions in which attest asks a broker without claims; absent if the file has claims. */
  readonly asks?: readonly ProtocolVersion[] | undefined;
  readonly dialect?: string | undefined;
  /**
   * Where a module reaches the scripted broker; the default is the loopback address and a new port for each
   * case.
   */
  readonly broker?: BrokerLane | undefined;
  /** The path of its expectation file, relative to the target file's folder. */
  readonly expectations?: string | undefined;
  /** The places of the names of other files, for an error if one is missing. */
  readonly places?: { readonly [key in "dialect" | "expectations"]?: Place | undefined } | undefined;
  readonly withinMs?: number | undefined;
  readonly limitMs?: number | undefined;
  /** How long to wait for an unresponsive broker, in ms. */
  readonly backMs?: number | undefined;
}

/** The dialect of a module whose file names none. */
export const DEFAULT_DIALECT = "ecmt";

/** Returns the protocol of a dialect's own suites: its name in capitals. */
export function commandSet(dialect: string): string {
  return dialect.toUpperCase();
}

const NAME = /^[a-z0-9][a-z0-9._-]*$/;
const HOST = () => text({ what: "a host name or address", pattern: /^[A-Za-z0-9:._-]{1,253}$/ });

const BROKER: Form<BrokerLane> = object("where the module reaches the broker", (keys) => {
  const host = keys.required(
    "host",
    HOST(),
    "the host name or address at which the module reaches this machine",
  );
  const port = keys.optional(
    "port",
    integer({ least: 1, most: 65535, what: "a port" }),
    "one port for all cases, for example because of a firewall",
  );
  const listen = keys.optional(
    "listen",
    HOST(),
    "the address to listen on; default all, or the host if that is loopback",
  );
  return host === undefined ? undefined : { host, port, listen };
});

/** Reports an address that does not fit the kind of target. */
function checkAddress(address: string, place: Place, tests: TargetKind, report: Report): void {
  try {
    const kind = isBrokerAddress(parseAddress(address)) ? "broker" : "module";
    if (tests === "client") {
      report.add(
        "an address of a client, which attest starts",
        place,
        "write start: { process: { command: [ … ] } }",
      );
    } else if (kind !== tests) {
      report.add(
        `an address of a ${kind}, but the target is a ${tests}`,
        place,
        `write tests: ${kind}, or another address`,
      );
    }
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    // In a quoted text the offset in the source is not exact.
    const exact = place.length === address.length;
    report.add(
      error.message,
      exact ? { ...place, column: place.column + error.start, length: error.length } : place,
    );
  }
}

const LOGIN = "write credentials: { userName: { text: NAME }, password: { env: ATTEST_PASSWORD } }";
const WHERE = "write address: mqtt://HOST:PORT";

/** What to write instead of keys from other programs. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ...["user", "username", "login", "password", "passwd", "secret"].map((key) => [key, LOGIN] as const),
  ...["host", "hostname", "port", "url", "uri", "server"].map((key) => [key, WHERE] as const),
]);

function targetForm(source: string): Form<TargetFile> {
  const read = (keys: Keys, report: Report): TargetFile | undefined => build(keys, report, source);
  return object("a target file", read, undefined, (key) => INSTEAD.get(key.toLowerCase()));
}

function build(keys: Keys, report: Report, source: string): TargetFile | undefined {
  const name = keys.required(
    "target",
    text({ what: "a name of small letters, digits and dashes", pattern: NAME }),
    "its name on the command line",
  );
  const title = keys.required("title", text(), "what it is, for the reader");
  const tests = keys.required(
    "tests",
    word(TARGET_KINDS, "kind of target"),
    "what kind of implementation it is",
  );
  const address = keys.optional(
    "address",
    text({ what: "an address such as mqtt://127.0.0.1:1883 or serial:/dev/ttyUSB0" }),
    "its address, for one that runs by itself",
  );
  const start = keys.optional("start", START, "how attest starts it");
  const websocket = keys.optional(
    "websocket",
    located(text({ what: "an address such as ws://127.0.0.1:8080/mqtt" })),
    "where a broker also accepts WebSocket, for one that runs by itself",
  );
  const tls = keys.optional("tls", TLS, "how to reach a broker by mqtts and wss");
  const credentials = keys.optional(
    "credentials",
    CREDENTIALS,
    "the user name and password that a broker requires",
  );
  const auth = keys.optional("auth", AUTH, "how a client authenticates itself by AUTH packets of 5.0");
  const protocols = keys.optional(
    "protocols",
    list(word(PROTOCOL_VERSIONS, "protocol"), { least: 1 }),
    "the MQTT versions that it speaks; default 3.1.1, or those that a broker without supports: accepts",
  );
  const supports = keys.optional(
    "supports",
    supportsForm(),
    "its PICS: the features it claims, by protocol if they differ; without it attest asks the broker",
  );
  const values = keys.optional(
    "values",
    valuesForm(),
    "its PIXIT: values that cases need; those that differ by protocol below its name",
  ) ?? { all: [], byProtocol: [] };
  const dialect = keys.optional(
    "dialect",
    text({ what: "the name of a dialect", pattern: NAME }),
    "the command set of a module; default ecmt",
  );
  const broker = keys.optional("broker", BROKER, "where a module reaches the broker that the harness plays");
  const expectations = keys.optional(
    "expectations",
    text(),
    "the file of its known deviations, relative to this file's folder",
  );
  const onLine = lineKeys(keys, source, values.all.map(({ name }) => name), report);
  const withinMs = keys.optional("within", duration(), "the timeout of an expectation");
  const limitMs = keys.optional("limit", duration(), "the time limit of a case");
  const backMs = keys.optional(
    "back",
    duration(),
    "how long to wait for an unresponsive broker; default 60s, and 20s for one that attest started",
  );
  const place = keys.place("target");
  if (place && keys.has("address") === keys.has("start")) {
    report.add(
      "a target has either an address or a start",
      place,
      keys.has("start") ? "remove one of them" : "add address: or start:",
    );
  }
  if (!name || !title || !tests) return undefined;
  const addressPlace = keys.place("address");
  if (address && addressPlace) checkAddress(address, addressPlace, tests, report);
  if (websocket && !/^wss?:/.test(websocket.value)) {
    report.add(
      `expected the address of a WebSocket, found "${websocket.value}"`,
      websocket.place,
      "write ws://host:port/path",
    );
  } else if (websocket) checkAddress(websocket.value, websocket.place, tests, report);
  checkLine(onLine, keys, { tests, address }, report);
  const startPlace = keys.place("start");
  if (start && startPlace && !STARTS[tests].includes(start.kind)) {
    report.add(`a ${start.kind.replace("-", " ")}, but the target is a ${tests}`, startPlace);
  }
  if (tests === "client") checkClient(keys, report);
  else if (startPlace && start?.kind === "process" && start.over) {
    report.add("over: of a process that is not a client library", startPlace, "write at: with its address");
  }
  // A broker that claims nothing is asked; until then it may speak any version.
  const asked = tests === "broker" && !keys.has("supports") ? protocols ?? PROTOCOL_VERSIONS : undefined;
  const spoken = [
    ...(tests === "module" ? [commandSet(dialect ?? DEFAULT_DIALECT)] : []),
    ...(asked ?? protocols ?? ["3.1.1"]),
  ];
  return {
    name,
    title,
    tests,
    address: address && addressPlace ? { text: address, place: addressPlace } : undefined,
    start,
    websocket: websocket && { text: websocket.value, place: websocket.place },
    tls,
    credentials,
    auth,
    protocols: spoken,
    asks: asked,
    ...withAuth(
      ofItsKind(
        tests,
        checkedClaims({ supports: supports ?? [], values }, { tests, protocols: spoken }, report),
      ),
      { tests, protocols: spoken, auth, place: keys.place("supports"), declared: keys.has("auth") },
      report,
    ),
    dialect,
    broker,
    expectations,
    places: {
      dialect: keys.has("dialect") ? keys.place("dialect") : undefined,
      expectations: keys.has("expectations") ? keys.place("expectations") : undefined,
    },
    withinMs,
    limitMs,
    backMs,
    ...onLine,
  };
}

/** The claims with what every target of its kind has. */
function ofItsKind(tests: TargetKind, claims: AllClaims): AllClaims {
  if (tests !== "client") return claims;
  return {
    ...claims,
    supports: changedSupports(claims.supports, (own) => [...new Set([...own, OWN_PACKET_IDS])]),
  };
}

/** What can be started as each kind of target. */
const STARTS: Readonly<Record<TargetKind, readonly Start["kind"][]>> = {
  broker: ["reference-broker", "process"],
  module: ["virtual-module"],
  client: ["virtual-client", "process"],
};

/** The keys that only a broker's or a module's file can have. */
const NOT_OF_CLIENTS = ["websocket", "tls", "credentials", "auth", "dialect", "broker", "back"];

/** Reports keys that do not apply to a client library. */
function checkClient(keys: Keys, report: Report): void {
  for (const key of NOT_OF_CLIENTS) {
    const place = keys.place(key);
    if (keys.has(key) && place) report.add(`${key}: of a client library`, place, "take it out");
  }
}

/** Reads a target file. Never throws: what is wrong with it are problems. */
export function loadTarget(
  content: string,
  file: string,
): { readonly target?: TargetFile; readonly problems: readonly Problem[] } {
  const { root, problems } = readYaml(content, file);
  const report = new Report();
  report.problems.push(...problems);
  if (!root) {
    if (problems.length === 0) {
      report.add("expected a target file, found an empty file", { file, line: 1, column: 1, length: 1 });
    }
    return { problems: report.problems };
  }
  const target = targetForm(content).read(root, report);
  return report.problems.length === 0 && target ? { target, problems: [] } : { problems: report.problems };
}

/** Returns the JSON Schema of a target file, draft 2020-12. */
export function targetJsonSchema(): JsonSchema {
  return fileSchema(targetForm(""), "attest target file");
}

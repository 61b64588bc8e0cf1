import { DEFECTS as BROKER_DEFECTS } from "../broker/defects.ts";
import { DEFECTS as MODULE_DEFECTS } from "../module/defects.ts";
import { VARIANTS } from "../module/variants.ts";
import {
  duration,
  fileSchema,
  type Form,
  integer,
  type JsonSchema,
  located,
  Report,
  text,
  value,
  word,
} from "../spec/form.ts";
import { list, mapOf, type Named, object } from "../spec/form_parts.ts";
import { evaluate, ValueError } from "../spec/evaluate.ts";
import type { Place } from "../spec/place.ts";
import type { Problem } from "../spec/problem.ts";
import { Scope } from "../spec/scope.ts";
import { suggest } from "../spec/suggest.ts";
import type { Value } from "../spec/value.ts";
import { readYaml } from "../spec/yaml.ts";
import { AddressError, parseAddress } from "../transport/address.ts";
import { behaviourProblem } from "./behaviour_check.ts";

/** How the implementation of a target file comes to be there. */
export type Start =
  /** The reference broker, in this process. */
  | { readonly kind: "reference-broker"; readonly defects: readonly string[] }
  /** A virtual module behind a pty, one for each line that is opened. */
  | {
    readonly kind: "virtual-module";
    readonly defects: readonly string[];
    /** The kind of module, of those that `lib/module/variants.ts` has. */
    readonly variant?: string;
    readonly behaviour: Readonly<Record<string, unknown>>;
  }
  /** A program of this machine, on a free loopback port. */
  | {
    readonly kind: "process";
    /** The words of the command line; `{port}`, `{config}` and `{folder}` are filled in. */
    readonly command: readonly string[];
    /** The text of its configuration, filled in likewise. */
    readonly config?: string;
    /** A command whose output tells the version. */
    readonly version?: readonly string[];
  };

/** The scripted broker as a module sees it. */
export interface BrokerLane {
  /** The host that the module is told. */
  readonly host: string;
  /** The port; absent for a new one each case. */
  readonly port?: number;
  /** The address that the harness listens on; default the host where it is a loopback address, else all addresses. */
  readonly listen?: string;
}

/** A target file: how to reach or start an implementation, and what it claims. */
export interface TargetFile {
  readonly name: string;
  readonly title: string;
  readonly tests: "broker" | "module";
  /** Where it is; exactly one of `address` and `start` is there. */
  readonly address?: { readonly text: string; readonly place: Place };
  readonly start?: Start;
  readonly protocols: readonly string[];
  readonly supports: readonly string[];
  readonly values: ReadonlyMap<string, Value>;
  readonly dialect?: string;
  /** Where a module reaches the scripted broker; default the loopback address and a new port for each case. */
  readonly broker?: BrokerLane;
  /** Path of its expectation file, from the target file's folder. */
  readonly expectations?: string;
  readonly withinMs?: number;
  readonly limitMs?: number;
}

/** The dialect of a module whose file names none. */
export const DEFAULT_DIALECT = "ecmt";

/** The protocol of a dialect's own suites: its name in capitals. */
export function commandSet(dialect: string): string {
  return dialect.toUpperCase();
}

const NAME = /^[a-z0-9][a-z0-9._-]*$/;
const WORD = /^[A-Za-z][A-Za-z0-9-]*$/;
const words = () => list(text({ what: "a word", pattern: WORD }));
const command = () =>
  list(text({ what: "a word of a command line", longest: 1_000 }), {
    least: 1,
    most: 100,
    what: "a command as a list of words",
  });

const PROCESS = object("a program to start", (keys) => {
  const line = keys.required(
    "command",
    command(),
    "its command line, word by word; {port}, {config} and {folder} are filled in",
  );
  const config = keys.optional(
    "config",
    text({ longest: 100_000 }),
    "the text of its configuration, filled in likewise",
  );
  const version = keys.optional(
    "version",
    command(),
    "a command whose first line of output tells the version",
  );
  return line &&
    {
      kind: "process" as const,
      command: line,
      ...(config === undefined ? {} : { config }),
      ...(version ? { version } : {}),
    };
});

const HOST = () => text({ what: "a host name or address", pattern: /^[A-Za-z0-9:._-]{1,253}$/ });

const BROKER: Form<BrokerLane> = object("where the module reaches the broker", (keys) => {
  const host = keys.required(
    "host",
    HOST(),
    "the host name or address of this machine as the module reaches it",
  );
  const port = keys.optional(
    "port",
    integer({ least: 1, most: 65535, what: "a port" }),
    "one port for all cases, for a firewall's sake",
  );
  const listen = keys.optional(
    "listen",
    HOST(),
    "the address to listen on; default all, or the host where that is loopback",
  );
  return host === undefined
    ? undefined
    : { host, ...(port === undefined ? {} : { port }), ...(listen ? { listen } : {}) };
});

const START: Form<Start> = object("a start", (keys, report) => {
  const embedded = keys.optional(
    "embedded",
    word(["reference-broker", "virtual-module"], "embedded implementation"),
    "an implementation that attest brings",
  );
  const found = keys.optional(
    "defects",
    list(located(text({ what: "a word", pattern: WORD }))),
    "defects that the embedded implementation is to have",
  ) ?? [];
  if (embedded) checkDefects(embedded, found, report);
  const defects = found.map((one) => one.value);
  const variant = keys.optional(
    "variant",
    word(Object.keys(VARIANTS), "variant"),
    "the kind of module that a virtual one is; without it as the manual says",
  );
  const behaviour = keys.optional(
    "behaviour",
    mapOf({ what: "a behaviour", pattern: WORD }, value()),
    "where a virtual module differs from that",
  );
  const program = keys.optional(
    "process",
    PROCESS,
    "a program of this machine, started on a free loopback port and ended with the run",
  );
  if (program) return program;
  if (embedded === "reference-broker") return { kind: embedded, defects };
  if (embedded === "virtual-module") {
    return {
      kind: embedded,
      defects,
      ...(variant === undefined ? {} : { variant }),
      behaviour: chosenBehaviour(behaviour ?? [], report),
    };
  }
  const place = keys.place("embedded");
  if (place && !keys.has("embedded")) report.add("a start of nothing", place, "write embedded: or process:");
  return undefined;
});

function checkDefects(
  embedded: "reference-broker" | "virtual-module",
  defects: readonly { readonly value: string; readonly place: Place }[],
  report: Report,
): void {
  const known = (embedded === "reference-broker" ? BROKER_DEFECTS : MODULE_DEFECTS).map(({ id }) => id);
  for (const { value: id, place } of defects) {
    if (known.includes(id)) continue;
    report.add(`unknown defect "${id}" of the ${embedded.replace("-", " ")}`, place, suggest(id, known));
  }
}

function chosenBehaviour(
  given: readonly Named<Value>[],
  report: Report,
): Readonly<Record<string, unknown>> {
  const chosen: [string, unknown][] = [];
  for (const one of given) {
    try {
      const data = evaluate(one.value, new Scope());
      const problem = behaviourProblem(one.name, data);
      if (problem) report.add(problem, one.place);
      chosen.push([one.name, data]);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      report.add(error.message, error.place, error.hint);
    }
  }
  return Object.fromEntries(chosen);
}

/** What an address has to be where a target of this kind is behind it. */
function checkAddress(address: string, place: Place, tests: "broker" | "module", report: Report): void {
  try {
    const { kind } = parseAddress(address);
    if ((kind === "mqtt") !== (tests === "broker")) {
      report.add(
        `an address of a ${kind === "mqtt" ? "broker" : "module"} where the target is a ${tests}`,
        place,
        `write tests: ${kind === "mqtt" ? "broker" : "module"}, or another address`,
      );
    }
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    // In a quoted text the offset in the source is not known.
    const exact = place.length === address.length;
    report.add(
      error.message,
      exact ? { ...place, column: place.column + error.start, length: error.length } : place,
    );
  }
}

const FORM = object("a target file", (keys, report): TargetFile | undefined => {
  const name = keys.required(
    "target",
    text({ what: "a name of small letters, digits and dashes", pattern: NAME }),
    "its name on the command line",
  );
  const title = keys.required("title", text(), "what it is, for the reader");
  const tests = keys.required(
    "tests",
    word(["broker", "module"], "kind of target"),
    "what kind of implementation it is",
  );
  const address = keys.optional(
    "address",
    text({ what: "an address such as mqtt://127.0.0.1:1883 or serial:/dev/ttyUSB0" }),
    "where it is, for one that runs by itself",
  );
  const start = keys.optional("start", START, "how attest starts it");
  const protocols = keys.optional(
    "protocols",
    list(word(["3.1", "3.1.1", "5.0"], "protocol")),
    "the versions of MQTT that it speaks; default 3.1.1",
  );
  const supports = keys.optional("supports", words(), "its PICS: the features it claims") ?? [];
  const values = keys.optional(
    "values",
    mapOf({ what: "the name of a value", pattern: /^[A-Za-z][A-Za-z0-9]*$/ }, value()),
    "its PIXIT: values that cases need",
  ) ?? [];
  const dialect = keys.optional(
    "dialect",
    text({ what: "the name of a dialect", pattern: NAME }),
    "the command set of a module; default ecmt",
  );
  const broker = keys.optional("broker", BROKER, "where a module reaches the broker that the harness plays");
  const expectations = keys.optional(
    "expectations",
    text(),
    "the file of its known deviations, from this file's folder",
  );
  const withinMs = keys.optional("within", duration(), "how long an expectation waits");
  const limitMs = keys.optional("limit", duration(), "how long a case may take");
  const place = keys.place("target");
  if (place && keys.has("address") === keys.has("start")) {
    report.add(
      "a target has either an address or a start",
      place,
      keys.has("start") ? "take one of them out" : "add address: or start:",
    );
  }
  if (!name || !title || !tests) return undefined;
  const addressPlace = keys.place("address");
  if (address && addressPlace) checkAddress(address, addressPlace, tests, report);
  const startPlace = keys.place("start");
  if (start && startPlace && (start.kind === "virtual-module") !== (tests === "module")) {
    report.add(`a ${start.kind.replace("-", " ")} where the target is a ${tests}`, startPlace);
  }
  return {
    name,
    title,
    tests,
    ...(address && addressPlace ? { address: { text: address, place: addressPlace } } : {}),
    ...(start ? { start } : {}),
    protocols: [
      ...(tests === "module" ? [commandSet(dialect ?? DEFAULT_DIALECT)] : []),
      ...(protocols ?? ["3.1.1"]),
    ],
    supports,
    values: new Map(values.map((one) => [one.name, one.value])),
    ...(dialect ? { dialect } : {}),
    ...(broker ? { broker } : {}),
    ...(expectations ? { expectations } : {}),
    ...(withinMs === undefined ? {} : { withinMs }),
    ...(limitMs === undefined ? {} : { limitMs }),
  };
});

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
      report.add("an empty file where a target file is due", { file, line: 1, column: 1, length: 1 });
    }
    return { problems: report.problems };
  }
  const target = FORM.read(root, report);
  return report.problems.length === 0 && target ? { target, problems: [] } : { problems: report.problems };
}

/** The JSON Schema of a target file, draft 2020-12. */
export function targetJsonSchema(): JsonSchema {
  return fileSchema(FORM, "attest target file");
}

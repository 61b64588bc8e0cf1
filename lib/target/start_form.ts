import type { Denied } from "../broker/denied.ts";
import { DEFECTS as BROKER_DEFECTS } from "../broker/defects.ts";
import { QUIRKS as BROKER_QUIRKS } from "../broker/quirks.ts";
import { DEFECTS as MODULE_DEFECTS } from "../module/defects.ts";
import { QUIRKS as MODULE_QUIRKS } from "../module/quirks.ts";
import { VARIANTS } from "../module/variants.ts";
import { evaluate, ValueError } from "../spec/evaluate.ts";
import { duration, flag, type Form, located, type Report, text, value, word } from "../spec/form.ts";
import { list, mapOf, type Named, object } from "../spec/form_parts.ts";
import type { Place } from "../spec/place.ts";
import { Scope } from "../spec/scope.ts";
import { suggest } from "../ground/nearest.ts";
import type { Value } from "../spec/value.ts";
import type { BrokerAddress } from "../transport/address.ts";
import { behaviourProblem } from "./behaviour_check.ts";

/** How attest starts the implementation of a target file. */
export type Start =
  /** The reference broker, in this process; `over` is how it is reached, TCP where nothing is said. */
  | {
    readonly kind: "reference-broker";
    readonly defects: readonly string[];
    readonly quirks?: readonly string[] | undefined;
    /** The topics at which clients may not do something. */
    readonly deny?: Denied | undefined;
    /** The time in ms that bytes take to it and back. */
    readonly roundTripMs?: number | undefined;
    readonly over?: BrokerAddress["kind"] | undefined;
  }
  /** A virtual module behind a pty, one for each line that is opened. */
  | {
    readonly kind: "virtual-module";
    readonly defects: readonly string[];
    readonly quirks?: readonly string[] | undefined;
    readonly roundTripMs?: number | undefined;
    /** The kind of module, of those that `lib/module/variants.ts` has. */
    readonly variant?: string | undefined;
    readonly behaviour: Readonly<Record<string, unknown>>;
  }
  | ProcessStart;

/** A program of this machine, on free loopback ports. The texts have placeholders; see `placeholders.ts`. */
export interface ProcessStart {
  readonly kind: "process";
  /** The words of the command line. */
  readonly command: readonly string[];
  /** The text of its configuration. */
  readonly config?: string | undefined;
  /** More files in its folder, by their names. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The command lines of programs that it needs beside it, started before it. */
  readonly beside?: readonly (readonly string[])[] | undefined;
  /** Whether certificates are made into its folder. */
  readonly certificates?: boolean | undefined;
  /** A command whose output tells the version. */
  readonly version?: readonly string[] | undefined;
  /** Where it listens; default `mqtt://127.0.0.1:{port}`. */
  readonly at?: string | undefined;
  /** Where it listens for WebSocket besides. */
  readonly websocket?: string | undefined;
  /** How long it may take to listen, and to end; ms. */
  readonly startMs?: number | undefined;
  readonly stopMs?: number | undefined;
}

/** A word of a target file: a defect, a feature, a behaviour. */
export const WORD = /^[A-Za-z][A-Za-z0-9-]*$/;

const command = () =>
  list(text({ what: "a word of a command line", longest: 1_000 }), {
    least: 1,
    most: 100,
    what: "a command as a list of words",
  });

const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const contents = () => text({ longest: 100_000 });

const PROCESS = object("a program to start", (keys): ProcessStart | undefined => {
  const line = keys.required(
    "command",
    command(),
    "its command line, word by word; {port}, {config}, {folder} and the like are filled in",
  );
  const config = keys.optional("config", contents(), "the text of its configuration, filled in likewise");
  const files = keys.optional(
    "files",
    mapOf({ what: "the name of a file", pattern: FILE_NAME }, contents()),
    "more files in its folder, filled in likewise",
  );
  const env = keys.optional(
    "env",
    mapOf({ what: "the name of a variable", pattern: VARIABLE }, text({ longest: 10_000, empty: true })),
    "variables of its environment, filled in likewise",
  );
  const beside = keys.optional(
    "beside",
    list(command(), { most: 10 }),
    "command lines of programs that it needs, started before it and ended after it",
  );
  const certificates = keys.optional(
    "certificates",
    flag(),
    "whether ca.pem, server.pem, server.key, client.pem and client.key are made into its folder",
  );
  const version = keys.optional(
    "version",
    command(),
    "a command whose first line of output tells the version",
  );
  const at = keys.optional(
    "at",
    text({ what: "an address", longest: 1_000 }),
    "where it listens; default mqtt://127.0.0.1:{port}",
  );
  const websocket = keys.optional(
    "websocket",
    text({ what: "an address", longest: 1_000 }),
    "where it listens for WebSocket besides: ws://127.0.0.1:{port.ws}/mqtt",
  );
  const startMs = keys.optional("start", duration(), "how long it may take to listen; default 8s");
  const stopMs = keys.optional(
    "stop",
    duration(),
    "how long it may take to end before it is killed; default 3s",
  );
  return line &&
    {
      kind: "process" as const,
      command: line,
      config,
      files: files && byName(files),
      env: env && byName(env),
      beside,
      certificates,
      version,
      at,
      websocket,
      startMs,
      stopMs,
    };
});

function byName<T>(entries: readonly Named<T>[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

const filters = () => list(text({ what: "a topic filter", longest: 1_000 }), { most: 100 });

const DENIED = object("what is denied", (keys): Denied => {
  const publish = keys.optional("publish", filters(), "filters of the topics at which messages go nowhere");
  const subscribe = keys.optional("subscribe", filters(), "filters of the subscriptions that are refused");
  return { publish: publish ?? [], subscribe: subscribe ?? [] };
}, "deny: { publish: [filter], subscribe: [filter] }");

/** `start:` of a target file. */
export const START: Form<Start> = object("a start", (keys, report) => {
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
  const unusual = keys.optional(
    "quirks",
    list(located(text({ what: "a word", pattern: WORD }))),
    "lawful peculiarities that the embedded implementation is to have",
  ) ?? [];
  const quirks = unusual.map((one) => one.value);
  const deny = keys.optional(
    "deny",
    DENIED,
    "the topics at which the reference broker lets no client do something",
  );
  const roundTripMs = keys.optional(
    "roundTrip",
    duration(),
    "how long the embedded implementation's network takes there and back; default no time",
  );
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
  const over = keys.optional(
    "over",
    word(["mqtt", "mqtts", "ws", "wss", "unix"], "transport"),
    "how the reference broker is reached; default mqtt",
  );
  const program = keys.optional(
    "process",
    PROCESS,
    "a program of this machine, started on a free loopback port and ended with the run",
  );
  if (program) return program;
  if (embedded) checkQuirks(embedded, variant, unusual, report);
  if (embedded === "reference-broker") return { kind: embedded, defects, quirks, deny, roundTripMs, over };
  if (embedded === "virtual-module") {
    return {
      kind: embedded,
      defects,
      quirks,
      roundTripMs,
      variant,
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

function checkQuirks(
  embedded: "reference-broker" | "virtual-module",
  variant: string | undefined,
  quirks: readonly { readonly value: string; readonly place: Place }[],
  report: Report,
): void {
  const known = embedded === "virtual-module" ? MODULE_QUIRKS : BROKER_QUIRKS;
  const commands = VARIANTS[variant ?? ""]?.commands ?? "ECMT";
  for (const { value: id, place } of quirks) {
    const quirk = known.find((one) => one.id === id);
    if (!quirk) {
      const hint = suggest(id, known.map((one) => one.id));
      report.add(`unknown quirk "${id}" of the ${embedded.replace("-", " ")}`, place, hint);
    } else if ("commands" in quirk && quirk.commands && quirk.commands !== commands) {
      report.add(`the quirk "${id}" is one of modules with AT+${quirk.commands} commands`, place);
    }
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

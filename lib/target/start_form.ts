import type { Denied } from "../broker/denied.ts";
import { DEFECTS as BROKER_DEFECTS } from "../broker/defects.ts";
import { QUIRKS as BROKER_QUIRKS } from "../broker/quirks.ts";
import { CLIENT_DEFECTS } from "../client/virtual/defects.ts";
import { CLIENT_QUIRKS } from "../client/virtual/quirks.ts";
import { DEFECTS as MODULE_DEFECTS } from "../module/defects.ts";
import { QUIRKS as MODULE_QUIRKS } from "../module/quirks.ts";
import { VARIANTS } from "../module/variants.ts";
import { evaluate, ValueError } from "../spec/evaluate.ts";
import { duration, type Form, located, type Report, text, value, word } from "../spec/form.ts";
import { type Keys, list, mapOf, type Named, object } from "../spec/form_parts.ts";
import { quote } from "../spec/problem.ts";
import type { Place } from "../spec/place.ts";
import { Scope } from "../spec/scope.ts";
import { suggest } from "../ground/nearest.ts";
import type { Value } from "../spec/value.ts";
import type { BrokerAddress } from "../transport/address.ts";
import { AEDES } from "./aedes.ts";
import { behaviourProblem } from "./behaviour_check.ts";
import { MOSQUITTO } from "./mosquitto/start.ts";
import { PROCESS, type ProcessStart } from "./process_form.ts";

/** How attest starts the implementation in a target file. */
export type Start =
  /** The reference broker, in this process; `over` is its transport, by default TCP. */
  | {
    readonly kind: "reference-broker";
    readonly defects: readonly string[];
    readonly quirks?: readonly string[] | undefined;
    /** The topics at which clients may not do something. */
    readonly deny?: Denied | undefined;
    /** The simulated round trip in ms. */
    readonly roundTripMs?: number | undefined;
    readonly over?: BrokerAddress["kind"] | undefined;
  }
  /** A virtual module behind a pty, one for each line that is opened. */
  | {
    readonly kind: "virtual-module";
    readonly defects: readonly string[];
    readonly quirks?: readonly string[] | undefined;
    readonly roundTripMs?: number | undefined;
    /** The kind of module, a key of the table in `lib/module/variants.ts`. */
    readonly variant?: string | undefined;
    readonly behaviour: Readonly<Record<string, unknown>>;
  }
  /** The virtual client behind an adapter, in this process. */
  | {
    readonly kind: "virtual-client";
    readonly defects: readonly string[];
    readonly quirks?: readonly string[] | undefined;
  }
  | ProcessStart;

/** A word in a target file: a defect, a feature, a behaviour. */
export const WORD = /^[A-Za-z][A-Za-z0-9-]*$/;

/** The keys that apply only to an embedded implementation. */
const OF_EMBEDDED = ["defects", "quirks", "deny", "roundTrip", "variant", "behaviour", "over"];

/** The defects of the embedded implementations that have some. */
const DEFECTS = {
  "reference-broker": BROKER_DEFECTS,
  "virtual-module": MODULE_DEFECTS,
  "virtual-client": CLIENT_DEFECTS,
} as const;

/** The quirks of the embedded implementations that have some. */
const QUIRKS = {
  "reference-broker": BROKER_QUIRKS,
  "virtual-module": MODULE_QUIRKS,
  "virtual-client": CLIENT_QUIRKS,
} as const;

const filters = () => list(text({ what: "a topic filter", longest: 1_000 }), { most: 100 });

const DENIED = object("what is denied", (keys): Denied => {
  const publish = keys.optional("publish", filters(), "filters of the topics whose messages are discarded");
  const subscribe = keys.optional("subscribe", filters(), "filters of the subscriptions that are refused");
  return { publish: publish ?? [], subscribe: subscribe ?? [] };
}, "deny: { publish: [filter], subscribe: [filter] }");

/** `start:` of a target file. */
export const START: Form<Start> = object("a start", (keys, report) => {
  const embedded = keys.optional(
    "embedded",
    word(["reference-broker", "virtual-module", "virtual-client", "aedes"], "embedded implementation"),
    "an implementation that attest brings",
  );
  const found = keys.optional(
    "defects",
    list(located(text({ what: "a word", pattern: WORD }))),
    "defects of the embedded implementation",
  ) ?? [];
  if (embedded && embedded !== "aedes") checkDefects(embedded, found, report);
  const defects = found.map((one) => one.value);
  const unusual = keys.optional(
    "quirks",
    list(located(text({ what: "a word", pattern: WORD }))),
    "lawful peculiarities of the embedded implementation",
  ) ?? [];
  const quirks = unusual.map((one) => one.value);
  const deny = keys.optional(
    "deny",
    DENIED,
    "the topics at which the reference broker denies clients something",
  );
  const roundTripMs = keys.optional(
    "roundTrip",
    duration(),
    "the simulated round trip to the embedded implementation; default none",
  );
  const variant = keys.optional(
    "variant",
    word(Object.keys(VARIANTS), "variant"),
    "the kind of the virtual module; default: as in the manual",
  );
  const behaviour = keys.optional(
    "behaviour",
    mapOf({ what: "a behaviour", pattern: WORD }, value()),
    "how a virtual module differs from that",
  );
  const over = keys.optional(
    "over",
    word(["mqtt", "mqtts", "ws", "wss", "unix"], "transport"),
    "the transport of the reference broker; default mqtt",
  );
  const program = keys.optional(
    "process",
    PROCESS,
    "a program of this machine, started on a free loopback port and stopped with the run; the user " +
      "must allow it with --allow-start",
  );
  const mosquitto = keys.optional(
    "mosquitto",
    MOSQUITTO,
    "Mosquitto, with a configuration that attest writes",
  );
  checkOneOnly(keys, report);
  if (program) return program;
  if (mosquitto) return mosquitto;
  if (embedded === "aedes") {
    for (const name of OF_EMBEDDED) {
      const place = keys.place(name);
      if (keys.has(name) && place) report.add(`${quote(name)} of aedes, which has no such option`, place);
    }
    return AEDES;
  }
  if (embedded === "virtual-client") {
    for (const name of OF_EMBEDDED.filter((one) => one !== "defects" && one !== "quirks")) {
      const place = keys.place(name);
      if (keys.has(name) && place) {
        report.add(`${quote(name)} of the virtual client, which has no such choice`, place);
      }
    }
    checkQuirks(embedded, variant, unusual, report);
    return { kind: embedded, defects, quirks };
  }
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
  if (place && !keys.has("embedded")) {
    report.add("a start of nothing", place, "write embedded:, mosquitto: or process:");
  }
  return undefined;
});

/** Reports a start of several things, only one of which would be started. */
function checkOneOnly(keys: Keys, report: Report): void {
  const [first, second] = ["embedded", "mosquitto", "process"].filter((name) => keys.has(name));
  const place = second === undefined ? undefined : keys.place(second);
  if (place) report.add(`a start of ${first} and ${second}`, place, "remove one of them");
}

function checkDefects(
  embedded: keyof typeof DEFECTS,
  defects: readonly { readonly value: string; readonly place: Place }[],
  report: Report,
): void {
  const known = DEFECTS[embedded].map(({ id }) => id);
  for (const { value: id, place } of defects) {
    if (known.includes(id)) continue;
    report.add(`unknown defect "${id}" of the ${embedded.replace("-", " ")}`, place, suggest(id, known));
  }
}

function checkQuirks(
  embedded: keyof typeof QUIRKS,
  variant: string | undefined,
  quirks: readonly { readonly value: string; readonly place: Place }[],
  report: Report,
): void {
  const known: readonly { readonly id: string }[] = QUIRKS[embedded];
  const commands = VARIANTS[variant ?? ""]?.commands ?? "ECMT";
  for (const { value: id, place } of quirks) {
    const quirk = known.find((one) => one.id === id);
    if (!quirk) {
      const hint = suggest(id, known.map((one) => one.id));
      report.add(`unknown quirk "${id}" of the ${embedded.replace("-", " ")}`, place, hint);
    } else if ("commands" in quirk && quirk.commands && quirk.commands !== commands) {
      report.add(`the quirk "${id}" is only for modules with AT+${quirk.commands} commands`, place);
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

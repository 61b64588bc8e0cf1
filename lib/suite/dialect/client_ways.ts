import { type Form, integer, value, word } from "../../spec/form.ts";
import { list, mapForm, mapOf, object } from "../../spec/form_parts.ts";
import type { Node } from "../../spec/node.ts";
import type { Value } from "../../spec/value.ts";
import { REQUESTS } from "../step/operation.ts";
import type { Operations } from "./dialect_operations.ts";

/** The lowest and the highest value of a number, or of a text's length in bytes. */
export type Taken = readonly [low: number, high: number];

/** How a command set does what the suites of operations assume. */
export interface ClientWays {
  /** The operations of the file, with those in them that are put off. */
  readonly operations: Operations;
  /** The request that opens the network connection. */
  readonly opensAt: "open" | "connect";
  /** Who chooses the packet identifiers. */
  readonly packetIds: "host" | "module";
  /** Which filters can be unsubscribed from: any, or those that the case has subscribed to. */
  readonly unsubscribes: "anything" | "subscribed";
  /** The allowed values of a request's field, by `request.field`; a case that needs others is skipped. */
  readonly takes: ReadonlyMap<string, Taken>;
  /** The default fields of a request that a case has not made, by request and field. */
  readonly presets: ReadonlyMap<string, ReadonlyMap<string, Value>>;
}

/** What a dialect file says about these ways under `client:`. */
export type ClientPart = Omit<ClientWays, "operations">;

/**
 * The ways of a command set that opens the connection with a separate request and lets the host choose packet
 * identifiers.
 */
export const PLAIN_WAYS: ClientPart = {
  opensAt: "open",
  packetIds: "host",
  unsubscribes: "anything",
  takes: new Map(),
  presets: new Map(),
};

const REQUEST = { what: "a request", pattern: /^[a-z][A-Za-z]*$/ } as const;
const FIELD = { what: "a field", pattern: /^[a-z][A-Za-z]*$/ } as const;

const RANGE: Form<Taken> = {
  read(node, report) {
    const found = list(integer({ least: 0, most: 0xffff_ffff }), { least: 2, most: 2 }).read(node, report);
    const [low, high] = found ?? [];
    if (low === undefined || high === undefined) return undefined;
    if (low > high) report.add("a range that ends before it begins", node.place, "write [lowest, highest]");
    return [low, high];
  },
  schema: (definitions) =>
    list(integer({ least: 0, most: 0xffff_ffff }), { least: 2, most: 2 }).schema(definitions),
};

/** A map by request and, in it, by field of that request. */
function byField<T>(item: Form<T>): Form<ReadonlyMap<string, ReadonlyMap<string, T>>> {
  const form = mapOf(REQUEST, mapOf(FIELD, item));
  return {
    read(node, report) {
      const found = form.read(node, report);
      for (const { name, place, value: fields } of found ?? []) {
        const spec = REQUESTS.get(name);
        if (!spec) {
          report.add(`"${name}" is not a request`, place, `one of ${[...REQUESTS.keys()].join(", ")}`);
          continue;
        }
        for (const { name: field, place } of fields) {
          if (spec.fields.has(field)) continue;
          report.add(
            `"${name}" has no field "${field}"`,
            place,
            `one of ${[...spec.fields.keys()].join(", ")}`,
          );
        }
      }
      return found && new Map(
        found.map(({ name, value: fields }) =>
          [name, new Map(fields.map((each) => [each.name, each.value] as const))] as const
        ),
      );
    },
    schema: (definitions) => form.schema(definitions),
  };
}

const FORM: Form<ClientPart> = object("client", (keys) => {
  const opensAt = keys.optional(
    "opensAt",
    word(["open", "connect"], "a request"),
    "the request that opens the network connection; default open",
  );
  const packetIds = keys.optional(
    "packetIds",
    word(["host", "module"], "who chooses"),
    "who chooses the packet identifiers; default host",
  );
  const unsubscribes = keys.optional(
    "unsubscribes",
    word(["anything", "subscribed"], "which filters can be unsubscribed from"),
    "which filters can be unsubscribed from: anything (default), or subscribed: only those subscribed to",
  );
  const takes = keys.optional(
    "takes",
    mapForm(byField(RANGE), (found) =>
      new Map(
        [...found].flatMap(([name, fields]) =>
          [...fields].map(([field, range]) => [`${name}.${field}`, range] as const)
        ),
      )),
    "by request and field, the lowest and the highest number, or length in bytes, that the commands can express",
  );
  const presets = keys.optional(
    "presets",
    byField(value()),
    "by request and field, what later requests type if a case has not made this one",
  );
  return {
    opensAt: opensAt ?? "open",
    packetIds: packetIds ?? "host",
    unsubscribes: unsubscribes ?? "anything",
    takes: takes ?? new Map(),
    presets: presets ?? new Map(),
  };
});

/** Reads the `client:` of a dialect file. */
export function readClientPart(node: Node | undefined, report: Parameters<typeof FORM.read>[1]): ClientPart {
  return (node && FORM.read(node, report)) ?? PLAIN_WAYS;
}

import { PROTOCOL_VERSIONS } from "../mqtt/packet.ts";
import type { TargetKind } from "../run/event.ts";
import { byShape, type Form, located, type Report, text, value } from "../spec/form.ts";
import { list, mapForm, mapOf, type Named } from "../spec/form_parts.ts";
import { describeNode } from "../spec/node.ts";
import type { Place } from "../spec/place.ts";
import { quote } from "../spec/problem.ts";
import type { Value } from "../spec/value.ts";
import { suggest } from "../ground/nearest.ts";
import { capacityOf } from "../suite/claim/capacities.ts";
import {
  type AllClaims,
  amountOf,
  changedSupports,
  type Supports,
  supportsAtAll,
} from "../suite/claim/claims.ts";
import { FEATURE_NAMES, featureHint, FEATURES, isFeature } from "../suite/claim/features.ts";

/** A word with its place. */
interface Written {
  readonly value: string;
  readonly place: Place;
}

/** `supports:` as written: one list, or one per protocol. */
export type WrittenSupports = readonly Written[] | ReadonlyMap<string, Named<readonly Written[]>>;

/** `values:` as written: those of every protocol, and those of single protocols. */
export interface WrittenValues {
  readonly all: readonly Named<Value>[];
  readonly byProtocol: readonly Named<readonly Named<Value>[]>[];
}

const PROTOCOL = { what: "a protocol", pattern: /^(3\.1|3\.1\.1|5\.0)$/ } as const;
const NAME = { what: "the name of a value", pattern: /^[A-Za-z][A-Za-z0-9]*$/ } as const;
const FEATURE = /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/;

/** `supports: [qos1, retained]`, or `supports: { "3.1.1": [qos1], "5.0": [qos1, retained] }`. */
export function supportsForm(): Form<WrittenSupports> {
  const words = list(located(text({ what: "a feature", pattern: FEATURE })));
  const features: Form<readonly Written[]> = {
    read: (node, report) => words.read(node, report),
    schema: () => ({
      type: "array",
      items: { anyOf: [{ enum: [...FEATURE_NAMES] }, { type: "string", pattern: "^x-." }] },
    }),
  };
  return byShape<WrittenSupports>("a list of features", {
    list: features,
    map: mapForm(mapOf(PROTOCOL, features), (found) => new Map(found.map((one) => [one.name, one]))),
  }, "write [qos1, retained]");
}

/** `values: { largest: 8000, "5.0": { queued: 100 } }` */
export function valuesForm(): Form<WrittenValues> {
  const all = mapOf(NAME, value());
  const byProtocol = mapOf(PROTOCOL, all);
  return {
    read(node, report) {
      if (node.kind !== "map") {
        report.add(`expected a map by the name of a value, found ${describeNode(node)}`, node.place);
        return undefined;
      }
      const [own, of] = [false, true].map((wanted) => ({
        ...node,
        entries: node.entries.filter(({ key }) => PROTOCOL.pattern.test(key) === wanted),
      }));
      return {
        all: own && all.read(own, report) || [],
        byProtocol: of && byProtocol.read(of, report) || [],
      };
    },
    schema: (definitions) => ({
      type: "object",
      patternProperties: {
        [NAME.pattern.source]: value().schema(definitions),
        [PROTOCOL.pattern.source]: all.schema(definitions),
      },
      additionalProperties: false,
    }),
  };
}

/** Returns the claims of a target file and reports their mistakes. */
export function checkedClaims(
  written: { readonly supports: WrittenSupports; readonly values: WrittenValues },
  target: { readonly tests: TargetKind; readonly protocols: readonly string[] },
  report: Report,
): AllClaims {
  const { all, byProtocol } = written.values;
  for (const { name, value } of [...all, ...byProtocol.flatMap(({ value }) => value)]) {
    if (!capacityOf(name) || amountOf(value)) continue;
    report.add(
      `expected an amount for ${quote(name)}`,
      value.place,
      "write a whole number, or at least 1000 if no limit is known",
    );
  }
  for (const { name, place } of byProtocol) checkSpoken(name, place, target.protocols, report);
  return {
    supports: checkedSupports(written.supports, target, report),
    values: new Map(all.map(({ name, value }) => [name, value])),
    valuesIn: byProtocol.length === 0 ? undefined : new Map(
      byProtocol.map(({ name, value }) => [name, new Map(value.map((one) => [one.name, one.value]))]),
    ),
  };
}

function checkedSupports(
  written: WrittenSupports,
  { tests, protocols }: { readonly tests: TargetKind; readonly protocols: readonly string[] },
  report: Report,
): Supports {
  const names = (words: readonly Written[]) => {
    for (const { value, place } of words) checkFeature(value, place, tests, report);
    return words.map(({ value }) => value);
  };
  if (!(written instanceof Map)) return names([...written as readonly Written[]]);
  const [first] = written.values();
  for (const { name, place } of written.values()) checkSpoken(name, place, protocols, report);
  for (const protocol of protocols.filter((one) => PROTOCOL.pattern.test(one) && !written.has(one))) {
    if (first) {
      report.add(`no claims in ${protocol}, which the target speaks`, first.place, `add "${protocol}": []`);
    }
  }
  return new Map([...written].map(([protocol, { value }]) => [protocol, names(value)]));
}

function checkFeature(name: string, place: Place, tests: TargetKind, report: Report): void {
  if (!isFeature(name)) return report.add(`unknown feature ${quote(name)}`, place, featureHint(name));
  const feature = FEATURES.find((one) => one.name === name);
  if (!feature || feature.tests === tests) return;
  report.add(`${quote(name)} is a feature of a ${feature.tests}, but the target is a ${tests}`, place);
}

function checkSpoken(protocol: string, place: Place, protocols: readonly string[], report: Report): void {
  if (protocols.includes(protocol)) return;
  const spoken = protocols.filter((one) => PROTOCOL_VERSIONS.some((version) => version === one));
  report.add(
    `claims in ${protocol}, which the target does not speak`,
    place,
    suggest(protocol, spoken) ?? "name it under protocols:",
  );
}

/** The features that depend on `auth:` of the target file. */
const BY_AUTH = ["enhanced-auth", "re-authentication"];

/**
 * Adjusts the claims of a target for `auth:`: with it the target has the feature `enhanced-auth` in 5.0 and
 * the value `authMethod`. Reports contradictions.
 */
export function withAuth(
  claims: AllClaims,
  target: {
    readonly tests: TargetKind;
    readonly protocols: readonly string[];
    readonly auth: { readonly method: string; readonly place: Place } | undefined;
    /** Whether the file has `auth:`. */
    readonly declared: boolean;
    readonly place: Place | undefined;
  },
  report: Report,
): AllClaims {
  const { tests, protocols, auth, declared, place } = target;
  if (!declared) {
    const claimed = supportsAtAll(claims).find((name) => BY_AUTH.includes(name));
    if (claimed && place) {
      report.add(
        `${quote(claimed)} without an exchange`,
        place,
        "declare under auth: how a client authenticates",
      );
    }
    return claims;
  }
  if (!auth) return claims;
  if (tests === "module") report.add("auth: of a module", auth.place, "it is only for brokers; remove it");
  if (!protocols.includes("5.0")) {
    report.add("auth: of a target that does not speak 5.0", auth.place, "name 5.0 under protocols:");
  }
  const { method } = auth;
  return {
    ...claims,
    supports: withEnhancedAuth(claims.supports),
    values: new Map([
      ...claims.values,
      ["authMethod", { kind: "literal", value: method, source: method, place: auth.place }],
    ]),
  };
}

/** Adds `enhanced-auth` to the features of 5.0. */
export function withEnhancedAuth(supports: Supports): Supports {
  const more = (features: readonly string[]) => [...new Set([...features, "enhanced-auth"])];
  if (!(supports instanceof Map)) return changedSupports(supports, more);
  return new Map(
    [...supports].map(([protocol, features]) => [protocol, protocol === "5.0" ? more(features) : features]),
  );
}

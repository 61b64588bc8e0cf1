import { type Document, parseDocument, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { capacityOf } from "../../suite/claim/capacities.ts";
import { amountText } from "../../suite/claim/claims.ts";
import { FEATURE_NAMES } from "../../suite/claim/features.ts";
import type { CapacityFinding, Finding, Remark } from "./finding.ts";
import type { Probed, ProtocolFindings } from "./probe.ts";

/** What the target file of a probed broker begins with. */
export interface Probing {
  /** The name of the target. */
  readonly name: string;
  /** The address that was probed, or the text of the target file that was, with its expectation file from the new place. */
  readonly of: { readonly address: string } | {
    readonly file: string;
    readonly expectations?: string | undefined;
  };
  /** When, as a date for the reader. */
  readonly date: string;
  /** What the broker says that it is, where that is known. */
  readonly version?: string | undefined;
  readonly remarks?: readonly Remark[] | undefined;
}

/** The keys of a target file that is made for an address; a target file that was probed keeps its own keys. */
const KEYS = ["target", "title", "tests", "address"];

/**
 * A target file as text, with the claims and the amounts that a probe found, by protocol where they differ, and with the
 * reasons of what is not claimed in its head. `loadTarget` accepts it.
 */
export function targetText(probed: Probed, probing: Probing): string {
  const document = "file" in probing.of
    ? parseDocument(probing.of.file)
    : fresh(probing.name, probing.of.address, probing.version);
  if ("file" in probing.of && probing.of.expectations !== undefined) {
    document.set("expectations", probing.of.expectations);
  }
  const { protocols } = probed;
  const kept = keptClaims(document);
  const claims = protocols.map((one): readonly [string, readonly string[]] => [one.protocol, [
    ...one.findings.flatMap((finding) => finding.kind === "feature" && finding.claimed ? [finding.name] : []),
    ...kept(one.protocol),
  ]]);
  const values = keptValues(document);
  document.set("protocols", flow(document, protocols.map(({ protocol }) => protocol), Scalar.QUOTE_DOUBLE));
  document.set("supports", byProtocol(document, claims));
  // An exchange of AUTH packets, which no version before 5.0 has.
  if (!protocols.some(({ protocol }) => protocol === "5.0")) document.delete("auth");
  for (const [key, value] of amounts(document, protocols)) values.set(key, value);
  if (values.items.length > 0) document.set("values", values);
  else document.delete("values");
  document.commentBefore = head(probed, probing).map((line) => ` ${oneLine(line)}`).join("\n");
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** What the file says of when it was made, and of what stands in no key. */
function head({ protocols }: Probed, { date, version, remarks = [] }: Probing): readonly string[] {
  const lacking = (finding: Finding) => finding.kind === "feature" && !finding.claimed;
  const lines = protocols.flatMap(({ protocol, findings }) =>
    findings.filter(lacking).map(({ name, how }) => `not claimed in ${protocol}: ${name}, since ${how}`)
  );
  return [
    `Probed on ${date}${version === undefined ? "" : `: ${version}`}`,
    ...lines,
    ...remarks.map(({ about, found }) => `${about} ${found}`),
  ];
}

function fresh(name: string, address: string, version: string | undefined): Document {
  const document = parseDocument("{}");
  document.contents = document.createNode({}) as typeof document.contents;
  const values = [name, version ?? `The broker at ${address}`, "broker", address];
  for (const [index, key] of KEYS.entries()) document.set(key, values[index]);
  return document;
}

/** The claims of the file that no question is about, such as what outlives a restart. */
function keptClaims(document: Document): (protocol: string) => readonly string[] {
  const before: unknown = document.toJS()?.supports;
  const unasked = (claims: unknown) =>
    Array.isArray(claims)
      ? claims.filter((one): one is string => typeof one === "string" && !ASKED.includes(one))
      : [];
  return (protocol) =>
    Array.isArray(before)
      ? unasked(before)
      : unasked((before as Record<string, unknown> | undefined)?.[protocol]);
}

/** The features that questions are about. */
const ASKED = FEATURE_NAMES.filter((name) => name !== "persistence");

/** The values of the file that are no amounts. */
function keptValues(document: Document): YAMLMap {
  const values = document.get("values");
  const kept = new YAMLMap(document.schema);
  if (!(values instanceof YAMLMap)) return kept;
  for (const { key, value } of values.items) if (!capacityOf(String(key))) kept.set(key, value);
  return kept;
}

function byProtocol(
  document: Document,
  claims: readonly (readonly [string, readonly string[]])[],
): YAMLSeq | YAMLMap {
  const [first] = claims;
  if (!first || claims.every(([, names]) => names.join() === first[1].join())) {
    return flow(document, first?.[1] ?? []);
  }
  const map = new YAMLMap(document.schema);
  for (const [protocol, names] of claims) map.set(quoted(protocol), flow(document, names));
  return map;
}

/** The amounts, first those that are the same in every protocol, then those of each. */
function amounts(document: Document, protocols: readonly ProtocolFindings[]): readonly [Scalar, unknown][] {
  const found = protocols.map(({ protocol, findings }) => ({
    protocol,
    known: findings.filter((one): one is CapacityFinding =>
      one.kind === "capacity" && one.amount !== undefined
    ),
  }));
  const same = (one: CapacityFinding) =>
    found.every(({ known }) =>
      known.some((other) => other.name === one.name && textOf(other) === textOf(one))
    );
  const common = (found[0]?.known ?? []).filter(same);
  const own = found.flatMap(({ protocol, known }): [Scalar, unknown][] => {
    const rest = known.filter((one) => !common.some(({ name }) => name === one.name));
    if (rest.length === 0) return [];
    const map = new YAMLMap(document.schema);
    for (const one of rest) map.set(one.name, remarked(one));
    return [[quoted(protocol), map]];
  });
  return [...common.map((one): [Scalar, unknown] => [new Scalar(one.name), remarked(one)]), ...own];
}

function textOf({ amount }: CapacityFinding): string {
  return amount ? amountText(amount) : "";
}

function remarked(finding: CapacityFinding): Scalar {
  const { amount, how } = finding;
  const scalar = new Scalar(amount?.atLeast ? amountText(amount) : amount?.most);
  scalar.comment = ` ${oneLine(how)}`;
  return scalar;
}

function flow(document: Document, items: readonly string[], type?: Scalar.Type): YAMLSeq {
  const sequence = new YAMLSeq<Scalar<string>>(document.schema);
  sequence.flow = true;
  for (const item of items) {
    const scalar = new Scalar(item);
    if (type) scalar.type = type;
    sequence.add(scalar);
  }
  return sequence;
}

function quoted(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** Text of a broker on one line, so that none of it is read as YAML. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").slice(0, 2_000).trim();
}

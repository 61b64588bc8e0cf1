import { type Document, parseDocument, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { capacityOf } from "../../suite/claim/capacities.ts";
import { amountText } from "../../suite/claim/claims.ts";
import { FEATURE_NAMES } from "../../suite/claim/features.ts";
import type { CapacityFinding, Finding, Remark } from "./finding.ts";
import type { Probed, ProtocolFindings } from "./probe.ts";

/** The data for the head of a probed broker's target file. */
export interface Probing {
  /** The name of the target. */
  readonly name: string;
  /**
   * The probed address, or the text of the probed target file with the path of its expectation file relative
   * to the new place.
   */
  readonly of: { readonly address: string } | {
    readonly file: string;
    readonly expectations?: string | undefined;
  };
  /** The date of the probe, for the reader. */
  readonly date: string;
  /** The broker's own name and version, if known. */
  readonly version?: string | undefined;
  readonly remarks?: readonly Remark[] | undefined;
}

/** The keys of a target file for an address; a probed target file keeps its own keys. */
const KEYS = ["target", "title", "tests", "address"];

/**
 * Writes a target file with the claims and capacities that a probe found, by protocol if they differ.
 * Comments at the top give the reasons for features that are not claimed. `loadTarget` accepts it.
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
  // An AUTH exchange, which no version before 5.0 has.
  if (!protocols.some(({ protocol }) => protocol === "5.0")) document.delete("auth");
  for (const [key, value] of amounts(document, protocols)) values.set(key, value);
  if (values.items.length > 0) document.set("values", values);
  else document.delete("values");
  document.commentBefore = head(probed, probing).map((line) => ` ${oneLine(line)}`).join("\n");
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Returns the comment at the top of the file: when it was made, and what no key contains. */
function head({ protocols }: Probed, { date, version, remarks = [] }: Probing): readonly string[] {
  const lacking = (finding: Finding) => finding.kind === "feature" && !finding.claimed;
  const lines = protocols.flatMap(({ protocol, findings }) =>
    findings.filter(lacking).map(({ name, how }) => `not claimed in ${protocol}: ${name}, because ${how}`)
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

/** Returns the claims of the file that no question is about, such as persistence across a restart. */
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

/** Returns the values of the file that are not capacities. */
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

/** Returns the capacities, first those that are the same in every protocol, then those of each protocol. */
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

/** Puts text from a broker on one line, so none of it is read as YAML. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").slice(0, 2_000).trim();
}

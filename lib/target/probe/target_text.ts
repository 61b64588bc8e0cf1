import { type Document, parseDocument, Scalar, YAMLSeq } from "yaml";
import type { Probed } from "./probe.ts";

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
}

/** The keys of a target file that is made for an address; a target file that was probed keeps its own keys. */
const KEYS = ["target", "title", "tests", "address"];

/**
 * A target file as text: the claims that a probe confirmed, and behind each, or in the head of the file, what was
 * observed. `loadTarget` accepts it.
 */
export function targetText(probed: Probed, probing: Probing): string {
  const document = "file" in probing.of
    ? parseDocument(probing.of.file)
    : fresh(probing.name, probing.of.address, probing.version);
  if ("file" in probing.of && probing.of.expectations !== undefined) {
    document.set("expectations", probing.of.expectations);
  }
  const features = probed.observations.flatMap((one) =>
    one.feature ? [{ ...one, feature: one.feature }] : []
  );
  document.set("protocols", flow(document, probed.protocols));
  const before = document.get("supports");
  const supports = new YAMLSeq<Scalar<string>>(document.schema);
  for (const { feature, found } of features) {
    if (feature.there) supports.add(remarked(feature.name, found));
  }
  // What a probe can't ask, such as what outlives a restart, stays as the file had it.
  const asked = new Set(features.map(({ feature }) => feature.name));
  for (const claim of before instanceof YAMLSeq ? before.toJSON() as readonly unknown[] : []) {
    if (typeof claim === "string" && !asked.has(claim)) {
      supports.add(remarked(claim, "as claimed; a probe can't tell"));
    }
  }
  document.set("supports", supports);
  const absent = features.filter(({ feature }) => !feature.there);
  const others = probed.observations.filter((one) => !one.feature);
  const head = [
    ` Probed on ${probing.date}${probing.version === undefined ? "" : `: ${oneLine(probing.version)}`}`,
    ...absent.map(({ feature, about, found }) => ` not claimed: ${feature.name}, since ${about} ${found}`),
    ...others.map(({ about, found }) => ` ${about}: ${found}`),
  ];
  document.commentBefore = head.map((line) => ` ${oneLine(line).trim()}`).join("\n");
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function fresh(name: string, address: string, version: string | undefined): Document {
  const document = parseDocument("{}");
  document.contents = document.createNode({}) as typeof document.contents;
  const values = [name, version ?? `The broker at ${address}`, "broker", address];
  for (const [index, key] of KEYS.entries()) document.set(key, values[index]);
  return document;
}

function flow(document: Document, items: readonly string[]): YAMLSeq {
  const sequence = new YAMLSeq<Scalar<string>>(document.schema);
  sequence.flow = true;
  for (const item of items) {
    const scalar = new Scalar(item);
    scalar.type = Scalar.QUOTE_DOUBLE;
    sequence.add(scalar);
  }
  return sequence;
}

function remarked(item: string, remark: string): Scalar<string> {
  const scalar = new Scalar(item);
  scalar.comment = ` ${oneLine(remark)}`;
  return scalar;
}

/** Text of a broker on one line, so that none of it is read as YAML. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").slice(0, 2_000);
}

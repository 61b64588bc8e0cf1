import { formatLine } from "../../../lib/run/journal.ts";
import { loadEvents, type LoadSample } from "../../../reports/testdata/load_sample.ts";
import { journalData, yamlData } from "./document.ts";

/** The kinds of input that a user can pass to attest. */
export const KINDS = [
  "suite",
  "openings",
  "target",
  "profile",
  "dialect",
  "expectations",
  "proof",
  "points",
  "uncovered",
  "journal",
  "shards",
  "result",
  "secret",
  "args",
] as const;
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** A file to mutate, which is valid or wrong in a known way. */
export interface Sample {
  /** Its place in the project, for the reader of a finding. */
  readonly name: string;
  readonly text: string;
  /** The notation of its data; absent for plain text. */
  readonly language?: "yaml" | "json" | "lines" | undefined;
  /** Its data; undefined if its form is invalid. */
  readonly data?: unknown;
}

/** The samples of each kind of file. */
export type Corpus = ReadonlyMap<Kind, readonly Sample[]>;

const ROOT = new URL("../../../", import.meta.url);

/** Reads the shipped files and the test data. */
export async function readCorpus(): Promise<Corpus> {
  const suites = await yamlBelow("suites/");
  const named = (pattern: RegExp) => suites.filter(({ name }) => pattern.test(name));
  const isNoSuite = /\/(targets|load|dialects)\/|openings\.yaml$|uncovered\.yaml$/;
  const own = await yamlBelow("examples/own-suite/");
  const ownNamed = (pattern: RegExp) => own.filter(({ name }) => pattern.test(name));
  const proofs = await yamlBelow("proofs/");
  return new Map<Kind, readonly Sample[]>([
    ["suite", [
      ...suites.filter(({ name }) => !isNoSuite.test(name)),
      ...ownNamed(/hello/),
      ...await yamlBelow("lib/suite/file/testdata/bad/"),
      ...(await yamlBelow("lib/cli/testdata/")).filter(({ name }) => name.includes("ten_mistakes")),
    ]],
    ["openings", [...named(/openings\.yaml$/), ...ownNamed(/openings/)]],
    ["target", [
      ...named(/\/targets\//),
      ...(await yamlBelow("lib/cli/testdata/")).filter(({ name }) => name.includes("bare_address")),
      ...ownNamed(/(office|faulty)\.yaml$/),
    ]],
    ["profile", named(/\/load\//)],
    ["dialect", [...named(/\/dialects\//), ...await yamlBelow("lib/suite/dialect/testdata/bad_dialects/")]],
    ["expectations", [
      ...(await yamlBelow("expectations/")).filter(({ name }) => !name.includes("/faults/")),
      ...ownNamed(/expect\.yaml$/),
    ]],
    ["proof", proofs.filter(({ name }) => !name.includes("/points/"))],
    ["points", proofs.filter(({ name }) => name.includes("/points/"))],
    ["uncovered", named(/uncovered\.yaml$/)],
    ["journal", await journals()],
    ["shards", [shard()]],
    ["result", [await json("reports/testdata/golden/result.json")]],
    ["secret", SECRETS],
  ]);
}

const SECRETS: readonly Sample[] = [
  { name: "a password", text: "correct horse battery staple\n" },
  {
    name: "a certificate",
    text: `-----BEGIN CERTIFICATE-----\n${"MIIB".repeat(40)}\n-----END CERTIFICATE-----\n`,
  },
];

async function journals(): Promise<readonly Sample[]> {
  const made: readonly (readonly [string, LoadSample])[] = [
    ["a load", { seconds: 3 }],
    ["a search", { seconds: 2, tried: [100, 200, 400] }],
    ["a load that was cut off", { seconds: 2, ended: false }],
  ];
  const name = "reports/testdata/sample.ndjson";
  const text = await Deno.readTextFile(new URL(name, ROOT));
  return [
    { name, text, language: "lines", data: journalData(text) },
    ...made.map(([name, sample]) => lines(name, loadEvents(sample))),
    lines("a proof by quirks", QUIRKS),
    // Files that a user may mistake for a journal.
    { ...await json("reports/testdata/golden/result.json"), language: undefined },
  ];
}

/** The events that no journal of the test data has. */
const QUIRKS = [
  {
    kind: "run-started",
    format: 1,
    attest: "0.1.0",
    what: "prove",
    seed: 1,
    startedAt: "2026-11-25T12:00:00.000Z",
    command: ["attest", "prove"],
    environment: {},
    planned: 1,
  },
  {
    kind: "quirks",
    t: 1,
    target: "reference",
    name: "one",
    quirks: [{ id: "one", about: "x" }],
    cases: 3,
    skipped: 1,
    undecided: 0,
    failing: [{ id: "mqtt/a/b", protocol: "5.0" }],
    durationMs: 10,
  },
  { kind: "defect", t: 2, target: "reference", defect: "d", description: "x", noticedBy: ["mqtt/a/b"] },
  { kind: "run-ended", t: 3, interrupted: false, exit: 1 },
];

function lines(name: string, events: readonly unknown[]): Sample {
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  return { name, text, language: "lines", data: journalData(text) };
}

/** The first of two shards of a load; the second one differs only in its number. */
export function shard(index = 1): Sample {
  const events = loadEvents({ seconds: 2 }).map((event) =>
    event.kind === "load-started" ? { ...event, shard: { index, of: 2 } } : event
  );
  const text = events.map(formatLine).join("");
  return { name: `shard ${index} of 2`, text, language: "lines", data: journalData(text) };
}

async function json(name: string): Promise<Sample> {
  const text = await Deno.readTextFile(new URL(name, ROOT));
  return { name, text, language: "json", data: JSON.parse(text) };
}

async function yamlBelow(folder: string): Promise<readonly Sample[]> {
  const entries = (await Array.fromAsync(Deno.readDir(new URL(folder, ROOT))))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const found = await Promise.all(entries.map(async (entry) => {
    const name = `${folder}${entry.name}`;
    if (entry.isDirectory) return await yamlBelow(`${name}/`);
    if (!name.endsWith(".yaml")) return [];
    const text = await Deno.readTextFile(new URL(name, ROOT));
    return [{ name, text, language: "yaml" as const, data: yamlData(text) }];
  }));
  return found.flat();
}

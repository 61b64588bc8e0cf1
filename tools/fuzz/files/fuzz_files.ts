/**
 * Mutates files and command lines that a user could pass to attest, and feeds each to the code of the
 * command. A finding is a stack trace, an internal error, a message without a place, a hang, or excessive
 * memory; its text is saved, and its number reproduces it.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Mutation, mutationOf } from "./mutation.ts";
import type { Outcome } from "./outcome.ts";
import { type Corpus, type Kind, KINDS, readCorpus } from "./sample.ts";
import { Watched } from "./watched.ts";

const BOUNDS = { cpuMs: 5_000, ms: 60_000, memory: 512 * 1024 * 1024 };
const FINDINGS_SHOWN = 20;
const FOLDER = "results/fuzz";
const ROOT = new URL("../../../", import.meta.url);

const USAGE = `Usage: deno task fuzz files [--times N] [--seed N] [--kind KIND] [--only K]

Mutates files and command lines that a user could pass to attest, and feeds each to the code of the command.

  --times N    how many inputs; default 20000
  --seed N     the seed of every change; default a new one each time
  --kind KIND  only this kind; repeatable: ${KINDS.join(", ")}
  --only K     only the input with this number
  --help       this text

A finding is saved below ${FOLDER}; --seed and --only reproduce it.`;

interface Options {
  readonly times: number;
  readonly seed: number;
  readonly kinds: readonly Kind[];
  readonly only: number | undefined;
}

/** Thrown for a wrong option; the message says what is right. */
class OptionError extends Error {}

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value <= 0xffff_ffff) return value;
  throw new OptionError(`expected --${name} as a whole number from 0 to 4294967295, found "${text}"`);
}

function kindsOf(names: readonly string[]): readonly Kind[] {
  return names.map((name) => {
    const kind = KINDS.find((one) => one === name);
    if (kind) return kind;
    throw new OptionError(`unknown kind "${name}"; expected one of ${KINDS.join(", ")}`);
  });
}

function optionsOf(args: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      times: { type: "string" },
      seed: { type: "string" },
      kind: { type: "string", multiple: true },
      only: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return "help";
  return {
    times: numberOf(values.times, "times") ?? 20_000,
    seed: numberOf(values.seed, "seed") ?? Math.floor(Math.random() * 0x1_0000_0000),
    kinds: values.kind ? kindsOf(values.kind) : KINDS,
    only: numberOf(values.only, "only"),
  };
}

/** Runs `deno task fuzz files` and returns its exit status: 1 for findings, 2 for wrong options. */
export async function fuzzFiles(args: readonly string[]): Promise<number> {
  let options: Options | "help";
  try {
    options = optionsOf(args);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  if (options === "help") {
    console.log(USAGE);
    return 0;
  }
  const corpus = await readCorpus();
  await Deno.mkdir(new URL(`${FOLDER}/`, ROOT), { recursive: true });
  const folder = await Deno.makeTempDir({
    dir: fileURLToPath(new URL(`${FOLDER}/`, ROOT)),
    prefix: "inputs-",
  });
  try {
    await furnish(folder, corpus);
    return await fuzz(corpus, options, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Puts the files that files of one kind refer to where they are looked for. */
async function furnish(folder: string, corpus: Corpus): Promise<void> {
  for (const { name, text } of [...corpus.get("expectations") ?? [], ...corpus.get("openings") ?? []]) {
    const path = `${folder}/${name.replace(/^(suites|examples)\//, "own/")}`;
    await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}

/** Returns the path of a mutation's file: beside the files that it refers to. */
function pathOf(folder: string, { kind, from }: Mutation): string {
  const [, beside] = /^(?:suites|examples)\/(.*)\/[^/]*\.yaml/.exec(from) ?? [];
  switch (kind) {
    case "journal":
    case "shards":
      return `${folder}/own/journal.ndjson`;
    case "result":
      return `${folder}/own/result.json`;
    case "proof":
    case "points": {
      const [, target] = /([^/]*)\.yaml/.exec(from) ?? [];
      return `${folder}/own/proofs/${kind === "points" ? "points/" : ""}${target}.yaml`;
    }
    default:
      return `${folder}/own/${beside ?? "other"}/input.yaml`;
  }
}

function* numbersOf({ times, kinds, only }: Options): Generator<number> {
  if (only !== undefined) return yield only;
  const wanted = kinds.map((kind) => KINDS.indexOf(kind)).sort((a, b) => a - b);
  for (let n = 0; n < times; n++) {
    yield Math.floor(n / wanted.length) * KINDS.length + (wanted[n % wanted.length] ?? 0);
  }
}

/** The results of the inputs of one kind. */
interface Tally {
  accepted: number;
  refused: number;
  finding: number;
  /** The processor time of all of them together, and of the longest one. */
  ms: number;
  longestMs: number;
}

async function fuzz(corpus: Corpus, options: Options, folder: string): Promise<number> {
  const { seed, only, times } = options;
  console.log(
    `seed ${seed}, ${only === undefined ? `${times.toLocaleString("en")} inputs` : `input ${only}`}`,
  );
  const tallies = new Map<Kind, Tally>();
  const seen = new Map<string, number>();
  const begin = performance.now();
  using watched = new Watched(BOUNDS);
  for (const number of numbersOf(options)) {
    const mutation = mutationOf(corpus, seed, number);
    const path = pathOf(folder, mutation);
    await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(path, mutation.bytes);
    const { outcome, cpuMs } = await watched.feed({ kind: mutation.kind, path, args: mutation.args });
    const tally = tallies.get(mutation.kind) ?? { accepted: 0, refused: 0, finding: 0, ms: 0, longestMs: 0 };
    tallies.set(mutation.kind, tally);
    tally[outcome.kind]++;
    tally.ms += cpuMs;
    tally.longestMs = Math.max(tally.longestMs, cpuMs);
    if (outcome.kind === "finding") await tell(mutation, outcome, { seed, folder, seen });
    if (only !== undefined) console.log(only, mutation.kind, `(${mutation.from})`, described(outcome));
    // The next input may have another place, and this one must not stay beside it.
    await Deno.remove(path);
  }
  printTallies(tallies, (performance.now() - begin) / 1000);
  return seen.size === 0 ? 0 : 1;
}

function described(outcome: Outcome): string {
  if (outcome.kind === "refused") return `is refused:\n${outcome.message}`;
  return outcome.kind === "accepted" ? "is accepted" : `is a finding: ${outcome.what}`;
}

async function tell(
  { number, kind, from, bytes }: Mutation,
  { what, detail }: Extract<Outcome, { kind: "finding" }>,
  { seed, folder, seen }: {
    readonly seed: number;
    readonly folder: string;
    readonly seen: Map<string, number>;
  },
): Promise<void> {
  // Findings that differ only in words of the input are one fault, and are reported once.
  const same = `${kind} ${what} ${detail.replaceAll(folder, "").replace(/"[^"]*"|\d+/g, "").slice(0, 600)}`;
  const before = seen.get(same) ?? 0;
  seen.set(same, before + 1);
  if (before > 0 || seen.size > FINDINGS_SHOWN) return;
  const saved = `${FOLDER}/${seed}-${number}-${kind}.txt`;
  await Deno.writeFile(new URL(saved, ROOT), bytes);
  console.error(
    `\ninput ${number}, ${kind} (${from}): ${what}\n${detail.slice(0, 2_000)}\n` +
      `saved as ${saved}; again: deno task fuzz files --seed ${seed} --only ${number}`,
  );
}

function printTallies(tallies: ReadonlyMap<Kind, Tally>, seconds: number): void {
  const columns = ["accepted", "refused", "findings", "mean", "longest"];
  console.log(`${"kind".padEnd(14)}${columns.map((name) => name.padStart(10)).join("")}`);
  let inputs = 0;
  let findings = 0;
  for (const [kind, { accepted, refused, finding, ms, longestMs }] of tallies) {
    const times = [ms / (accepted + refused + finding), longestMs].map((one) => `${one.toFixed(0)} ms`);
    const cells = [accepted, refused, finding, ...times].map((cell) => String(cell).padStart(10));
    console.log(`${kind.padEnd(14)}${cells.join("")}`);
    inputs += accepted + refused + finding;
    findings += finding;
  }
  console.log(
    `${inputs.toLocaleString("en")} inputs, ${findings} findings, ${
      seconds.toFixed(1)
    } s; mean and longest are processor time`,
  );
}

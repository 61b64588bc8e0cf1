import { UsageError } from "../../catalog/usage_error.ts";
import type { SourceKind } from "../../run/event.ts";
import type { Standing } from "../../run/standing.ts";
import { STANDINGS } from "../../run/standing.ts";
import { readRunFile } from "./journal_file.ts";
import { caseList, caseText, field, readResultFile, type ResultFile } from "./result_file.ts";

/** The recorded data of one case run of an earlier run. */
export interface EarlierCase {
  readonly id: string;
  readonly suite: string;
  readonly target: string;
  readonly protocol: string;
  readonly standing: Standing;
}

/** The parts of a recorded run that are needed to run its cases again. */
export interface EarlierRun {
  /** `conform`, `load` or `prove`. */
  readonly kind: string;
  readonly seed: number;
  /** The words of its command line, starting with `attest`, with secrets masked. */
  readonly command: readonly string[];
  /** How many of its case runs never started. */
  readonly notRun: number;
  /** Why it did not run or stopped early, if it did. */
  readonly reason?: string | undefined;
  readonly cases: readonly EarlierCase[];
  /** The files of its suites and of its targets, as paths from the folder in which it was run. */
  readonly suiteFiles: readonly string[];
  readonly targetFiles: readonly string[];
  readonly targets: readonly { readonly name: string; readonly address: string }[];
}

/**
 * Reads a run from its folder, its `journal.ndjson` or its `result.json`. In a folder the journal comes first.
 * Throws {@link UsageError} for a path with no run.
 */
export async function readEarlierRun(path: string): Promise<EarlierRun> {
  const found = path === "" ? undefined : await Deno.stat(path).catch(() => undefined);
  if (!found) {
    throw new UsageError(
      `There is no run at "${path}"; expected the folder of a run, its journal.ndjson or its result.json`,
    );
  }
  const folder = path.replace(/\/+$/, "");
  const read = found.isDirectory
    ? await fromJournal(`${folder}/journal.ndjson`) ?? await fromResult(`${folder}/result.json`)
    : /\.json$/.test(path)
    ? await fromResult(path)
    : await fromJournal(path);
  if (read) return read;
  throw new UsageError(
    found.isDirectory
      ? `The folder "${path}" has no journal.ndjson and no result.json; expected the folder of a run`
      : `"${path}" has no event of a run; expected the folder of a run, its journal.ndjson or its result.json`,
  );
}

async function fromJournal(path: string): Promise<EarlierRun | undefined> {
  const read = await readRunFile(path);
  if (!read || read.events === 0) return undefined;
  const { result } = read;
  const files = (kind: SourceKind) =>
    result.sources.filter(({ what }) => what === kind).map(({ file }) => file);
  return { ...result, suiteFiles: files("suite"), targetFiles: files("target") };
}

async function fromResult(path: string): Promise<EarlierRun | undefined> {
  const isFile = await Deno.stat(path).then((found) => found.isFile, () => false);
  if (!isFile) return undefined;
  const read = await readResultFile(path);
  const { result } = read;
  const number = (name: string) => {
    const value = field(result, name);
    return typeof value === "number" ? value : 0;
  };
  const reason = field(result, "reason");
  const kind = field(result, "kind");
  return {
    kind: typeof kind === "string" ? kind : "conform",
    seed: number("seed"),
    command: listIn(result, "command").filter((word) => typeof word === "string"),
    notRun: number("notRun"),
    reason: typeof reason === "string" ? reason : undefined,
    cases: caseList(read).map((one, index) => earlierCase(read, one, index)),
    suiteFiles: sourcesIn(result, "suite"),
    targetFiles: sourcesIn(result, "target"),
    targets: listIn(result, "targets").flatMap((target) => {
      const [name, address] = [field(target, "name"), field(target, "address")];
      return typeof name === "string" && typeof address === "string" ? [{ name, address }] : [];
    }),
  };
}

function earlierCase({ file }: ResultFile, one: unknown, index: number): EarlierCase {
  const text = (name: string) => caseText(file, one, index, name);
  const standing = STANDINGS.find((word) => word === text("standing"));
  if (!standing) {
    throw new UsageError(
      `${file}: cases[${index}] has the standing "${text("standing")}"; expected one of ${
        STANDINGS.join(", ")
      }`,
    );
  }
  const [id, suite, target, protocol] = [text("id"), text("suite"), text("target"), text("protocol")];
  return { id, suite, target, protocol, standing };
}

function sourcesIn(result: unknown, kind: SourceKind): readonly string[] {
  return listIn(result, "sources").flatMap((source) => {
    const file = field(source, "file");
    return field(source, "what") === kind && typeof file === "string" ? [file] : [];
  });
}

function listIn(result: unknown, name: string): readonly unknown[] {
  const value = field(result, name);
  return Array.isArray(value) ? value : [];
}

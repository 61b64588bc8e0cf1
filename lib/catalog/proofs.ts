import { formatProof, loadProof, type ProofRecord } from "../conform/prove/proof_record.ts";
import { formatPoints, loadPoints, type PointRecord } from "../conform/prove/quirk/points.ts";
import type { Problem } from "../spec/problem.ts";
import { HOME, shownPath } from "./home.ts";
import { readText } from "./text_file.ts";
import { refuseProblems } from "./usage_error.ts";
import { writeWhole } from "./whole_file.ts";
import { fileURLToPath } from "node:url";

/** The folder of the shipped recorded proofs. */
export const PROOFS = new URL("proofs/", HOME);

/**
 * Reads the recorded proofs of targets; a target without a file has an empty proof. Throws UsageError for a
 * file with mistakes.
 */
export async function readProofs(
  folder: URL,
  targets: readonly string[],
): Promise<ReadonlyMap<string, ProofRecord>> {
  return await readRecords(folder, targets, loadProof, new Map());
}

/** Writes the recorded proof of a target and returns its path. */
export async function writeProof(folder: URL, target: string, record: ProofRecord): Promise<string> {
  return await writeRecord(folder, target, formatProof(target, record));
}

/**
 * Reads the decisions that the cases ask of targets, from a folder `points` in the folder of the proofs.
 * Throws UsageError for a file with mistakes.
 */
export async function readPoints(
  folder: URL,
  targets: readonly string[],
): Promise<ReadonlyMap<string, PointRecord>> {
  const none: PointRecord = { common: new Set(), cases: new Map() };
  return await readRecords(new URL("points/", folder), targets, loadPoints, none);
}

/** Writes the decisions that the cases ask of a target and returns the path. */
export async function writePoints(folder: URL, target: string, record: PointRecord): Promise<string> {
  return await writeRecord(new URL("points/", folder), target, formatPoints(target, record));
}

async function readRecords<T>(
  folder: URL,
  targets: readonly string[],
  load: (content: string, file: string, target: string) => {
    readonly record: T;
    readonly problems: readonly Problem[];
  },
  none: T,
): Promise<ReadonlyMap<string, T>> {
  const records = new Map<string, T>();
  for (const target of targets) {
    const url = new URL(`${target}.yaml`, folder);
    if (!await Deno.stat(url).then(() => true, () => false)) {
      records.set(target, none);
      continue;
    }
    const [content, file] = [await readText(url), shownPath(url)];
    const { record, problems } = load(content, file, target);
    refuseProblems(problems, new Map([[file, content]]));
    records.set(target, record);
  }
  return records;
}

async function writeRecord(folder: URL, target: string, content: string): Promise<string> {
  const url = new URL(`${target}.yaml`, folder);
  await Deno.mkdir(folder, { recursive: true });
  await writeWhole(fileURLToPath(url), content);
  return shownPath(url);
}

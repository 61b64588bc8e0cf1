import { formatProof, loadProof, type ProofRecord } from "../conform/prove/proof_record.ts";
import { HOME, shownPath } from "./home.ts";
import { readText } from "./text_file.ts";
import { refuseProblems } from "./usage_error.ts";
import { writeWhole } from "./whole_file.ts";
import { fileURLToPath } from "node:url";

/** The folder of the recorded proofs that ship. */
export const PROOFS = new URL("proofs/", HOME);

/** Reads the recorded proofs of targets; a target without a file has an empty one. Throws UsageError for a wrong file. */
export async function readProofs(
  folder: URL,
  targets: readonly string[],
): Promise<ReadonlyMap<string, ProofRecord>> {
  const records = new Map<string, ProofRecord>();
  for (const target of targets) {
    const url = new URL(`${target}.yaml`, folder);
    if (!await Deno.stat(url).then(() => true, () => false)) {
      records.set(target, new Map());
      continue;
    }
    const [content, file] = [await readText(url), shownPath(url)];
    const { record, problems } = loadProof(content, file, target);
    refuseProblems(problems, new Map([[file, content]]));
    records.set(target, record);
  }
  return records;
}

/** Writes the recorded proof of a target, and gives its path. */
export async function writeProof(folder: URL, target: string, record: ProofRecord): Promise<string> {
  const url = new URL(`${target}.yaml`, folder);
  await Deno.mkdir(folder, { recursive: true });
  await writeWhole(fileURLToPath(url), formatProof(target, record));
  return shownPath(url);
}

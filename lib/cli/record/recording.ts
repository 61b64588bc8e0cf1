import { writeWhole } from "../../catalog/whole_file.ts";
import type { FormatName } from "../../../reports/format_name.ts";
import type { RunEvent } from "../../run/event.ts";
import { formatLine } from "../../run/journal.ts";
import { Folding, type RunResult } from "../../run/result.ts";
import { makeResultsFolder, unwritable } from "./results_folder.ts";

/** How many characters of the journal are kept in memory before they are written. */
const BATCH = 16 * 1024;

/**
 * Records a run on disk: the journal as it grows, the reports at the end. Disposing it closes the journal, and removes the
 * folder if it was made for a run that was refused.
 */
export class Recording implements Disposable {
  /** The folder, as the user gave it. */
  readonly folder: string;
  readonly #journal: Deno.FsFile;
  readonly #ownFolder: boolean;
  readonly #folding = new Folding();
  #batch = "";
  #empty = true;

  private constructor(folder: string, journal: Deno.FsFile, ownFolder: boolean) {
    this.folder = folder;
    this.#journal = journal;
    this.#ownFolder = ownFolder;
  }

  /**
   * Makes the folder and begins its journal, which replaces the journal of an earlier run there. Throws
   * UsageError if the folder can't be written.
   */
  static async begin(folder: string): Promise<Recording> {
    try {
      const ownFolder = await Deno.stat(folder).then(() => false, () => true);
      await Deno.mkdir(folder, { recursive: true });
      const options = { create: true, write: true, truncate: true };
      return new Recording(folder, await Deno.open(`${folder}/journal.ndjson`, options), ownFolder);
    } catch (error) {
      throw await unwritable(folder, error);
    }
  }

  /** Records an event. When this returns for the end of a case, the case is on disk. */
  readonly emit = (event: RunEvent): void => {
    this.#empty = false;
    this.#folding.see(event);
    this.#batch += formatLine(event);
    const important = event.kind === "case-ended" || event.kind === "run-ended" ||
      event.kind === "target-started";
    if (important || this.#batch.length > BATCH) this.#flush();
  };

  /** The result so far. */
  result(): RunResult {
    return this.#folding.result();
  }

  /** Writes the reports, each whole or not at all, and returns their paths. */
  async report(result: RunResult, formats: readonly FormatName[]): Promise<readonly string[]> {
    this.#flush();
    return [`${this.folder}/journal.ndjson`, ...await writeReports(this.folder, result, formats)];
  }

  [Symbol.dispose](): void {
    this.#flush();
    this.#journal.close();
    // A refused run leaves no files.
    if (this.#empty && this.#ownFolder) Deno.removeSync(this.folder, { recursive: true });
  }

  #flush(): void {
    let bytes = new TextEncoder().encode(this.#batch);
    this.#batch = "";
    while (bytes.length > 0) bytes = bytes.subarray(this.#journal.writeSync(bytes));
  }
}

/** Writes reports of a run into a folder, each whole or not at all, and returns their paths. */
export async function writeReports(
  folder: string,
  result: RunResult,
  formats: readonly FormatName[],
): Promise<readonly string[]> {
  // The code that renders pages is large, and a run needs it only at its end.
  const { FORMATS } = await import("../../../reports/mod.ts");
  await makeResultsFolder(folder);
  const paths: string[] = [];
  for (const name of formats) {
    const { file, render } = FORMATS[name];
    const path = `${folder}/${file}`;
    await writeWhole(path, render(result));
    paths.push(path);
  }
  return paths;
}

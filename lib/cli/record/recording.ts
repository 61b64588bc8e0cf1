import { writeWhole } from "../../catalog/whole_file.ts";
import { messageOf } from "../../ground/error_message.ts";
import type { FormatName } from "../../../reports/format_name.ts";
import type { RunEvent } from "../../run/event.ts";
import { formatLine } from "../../run/journal.ts";
import { Folding, type RunResult } from "../../run/result.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** How much of the journal waits in memory, in characters, before it is written. */
const BATCH = 16 * 1024;

/**
 * The record of a run on disk: the journal as it grows, the reports at the end. Disposing it closes the journal,
 * and takes a folder away that it made and no run was recorded in.
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
   * Makes the folder and begins its journal; one of an earlier run there is replaced. Throws {@link UsageError} where
   * that can't be.
   */
  static async begin(folder: string): Promise<Recording> {
    try {
      const ownFolder = await Deno.stat(folder).then(() => false, () => true);
      await Deno.mkdir(folder, { recursive: true });
      const options = { create: true, write: true, truncate: true };
      return new Recording(folder, await Deno.open(`${folder}/journal.ndjson`, options), ownFolder);
    } catch (error) {
      const reason = messageOf(error);
      throw new UsageError(`The results can't be written to "${folder}": ${reason}`);
    }
  }

  /** Takes an event; a case that ends is on disk when this returns. */
  readonly emit = (event: RunEvent): void => {
    this.#empty = false;
    this.#folding.see(event);
    this.#batch += formatLine(event);
    const weighty = event.kind === "case-ended" || event.kind === "run-ended" ||
      event.kind === "target-started";
    if (weighty || this.#batch.length > BATCH) this.#flush();
  };

  /** The run so far. */
  result(): RunResult {
    return this.#folding.result();
  }

  /** Writes the reports, each whole or not at all, and gives their paths. */
  async report(result: RunResult, formats: readonly FormatName[]): Promise<readonly string[]> {
    this.#flush();
    return [`${this.folder}/journal.ndjson`, ...await writeReports(this.folder, result, formats)];
  }

  [Symbol.dispose](): void {
    this.#flush();
    this.#journal.close();
    // A run that was refused leaves nothing behind.
    if (this.#empty && this.#ownFolder) Deno.removeSync(this.folder, { recursive: true });
  }

  #flush(): void {
    let bytes = new TextEncoder().encode(this.#batch);
    this.#batch = "";
    while (bytes.length > 0) bytes = bytes.subarray(this.#journal.writeSync(bytes));
  }
}

/** Renders a run into files of a folder, each written whole or not at all, and gives their paths. */
export async function writeReports(
  folder: string,
  result: RunResult,
  formats: readonly FormatName[],
): Promise<readonly string[]> {
  // All that draws pages comes with it, and is not wanted before a run has ended.
  const { FORMATS } = await import("../../../reports/mod.ts");
  await Deno.mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const name of formats) {
    const { file, render } = FORMATS[name];
    const path = `${folder}/${file}`;
    await writeWhole(path, render(result));
    paths.push(path);
  }
  return paths;
}

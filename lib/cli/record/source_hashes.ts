import { createHash } from "node:crypto";
import type { SourceKind } from "../../run/event.ts";
import type { Source } from "../../run/result.ts";
import type { Suite } from "../../suite/file/model.ts";
import { DEFAULT_DIALECT } from "../../target/target_file.ts";
import { dialectFile } from "../../catalog/dialects.ts";
import { shownPath } from "../../catalog/home.ts";
import type { NamedTarget } from "../../catalog/targets.ts";
import { pathToFileURL } from "node:url";

/**
 * The source files of a run, each with the SHA-256 of its bytes: suites and their openings, dialects, targets and
 * expectations. A file that can no longer be read is left out.
 */
export async function sourceHashes(
  suites: readonly Suite[],
  targets: readonly NamedTarget[],
  expectations: Iterable<URL>,
): Promise<readonly Source[]> {
  const files = new Map<string, { readonly what: SourceKind; readonly url: URL }>();
  const add = (what: SourceKind, url: URL) => {
    if (!files.has(url.href)) files.set(url.href, { what, url });
  };
  for (const { file, url } of targets) {
    if (url) add("target", url);
    if (file.tests === "module") {
      add("dialect", dialectFile(file.dialect ?? DEFAULT_DIALECT));
    }
  }
  for (const url of expectations) add("expectations", url);
  for (const { file } of suites) {
    const url = pathToFileURL(file);
    add("suite", url);
    add("openings", new URL("openings.yaml", url));
  }
  const read = await Promise.all([...files.values()].map(({ what, url }) => hashed(what, url)));
  return read.flat().sort((a, b) => a.file < b.file ? -1 : 1);
}

async function hashed(what: SourceKind, url: URL): Promise<readonly Source[]> {
  const bytes = await Deno.readFile(url).catch(() => undefined);
  if (!bytes) return [];
  return [{ what, file: shownPath(url), sha256: createHash("sha256").update(bytes).digest("hex") }];
}

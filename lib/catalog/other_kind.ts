import { yamlNamesIn } from "./yaml_files.ts";
import { PROFILES, TARGETS } from "./folders.ts";
import { DIALECTS, shippedSuiteFiles } from "./suite_files.ts";

/** The kinds of names on a command line. */
export type NameKind = "suite" | "target" | "profile";

/**
 * Says what a word names if it is not of the `wanted` kind, and which command uses it: `expected a suite,
 * found "soak", which is a load profile; run it: deno task load soak`. Returns undefined for a word that
 * names nothing shipped.
 */
export async function otherKind(word: string, wanted: NameKind): Promise<string | undefined> {
  const named = async (folder: URL) => (await yamlNamesIn(folder)).includes(word);
  const told = (found: string, help: string) =>
    `expected a ${wanted}, found "${word}", which is ${found}; ${help}`;
  if (wanted !== "target" && await named(TARGETS)) {
    return told("a target", `conform, load and probe accept it as --target ${word}`);
  }
  if (wanted !== "profile" && await named(PROFILES)) {
    return told("a load profile", `run it: deno task load ${word}`);
  }
  if (wanted !== "suite") {
    const plain = word.replace(/\/+$/, "");
    const suites = (await shippedSuiteFiles()).map(({ name }) => name);
    if (plain !== "" && suites.includes(plain)) return told("a suite", `run it: deno task conform ${plain}`);
    if (plain !== "" && suites.some((name) => name.startsWith(`${plain}/`))) {
      return told("a folder of suites", `run them: deno task conform ${plain}`);
    }
  }
  if (await named(DIALECTS)) return told("a dialect of modules", "a target file refers to it with dialect:");
  return undefined;
}

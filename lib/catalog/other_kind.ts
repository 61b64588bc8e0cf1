import { yamlNamesIn } from "./yaml_files.ts";
import { PROFILES, TARGETS } from "./folders.ts";
import { DIALECTS, shippedSuiteFiles } from "./suite_files.ts";

/** The kinds of names that a command line takes. */
export type NameKind = "suite" | "target" | "profile";

/**
 * What a word names that is none of the `wanted` kind, and which command takes it: `"soak" is a load profile, where a suite is
 * expected; run it: deno task load soak`. Undefined for a word that names nothing that ships.
 */
export async function otherKind(word: string, wanted: NameKind): Promise<string | undefined> {
  const named = async (folder: URL) => (await yamlNamesIn(folder)).includes(word);
  const told = (found: string, help: string) =>
    `"${word}" is ${found}, where a ${wanted} is expected; ${help}`;
  if (wanted !== "target" && await named(TARGETS)) {
    return told("a target", `conform, load and probe take it as --target ${word}`);
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
  if (await named(DIALECTS)) return told("a dialect of modules", "a target file names it by dialect:");
  return undefined;
}

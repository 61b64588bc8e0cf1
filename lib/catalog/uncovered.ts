import { type Account, loadUncovered } from "../suite/file/uncovered.ts";
import { HOME, shownPath } from "./home.ts";
import { readText } from "./text_file.ts";
import { refuseProblems } from "./usage_error.ts";

const UNCOVERED = new URL("suites/uncovered.yaml", HOME);

/**
 * Reads why no case of the shipped suites covers some clauses, by kind of target and protocol. Throws
 * UsageError for a file with mistakes.
 */
export async function readUncovered(): Promise<readonly Account[]> {
  const file = shownPath(UNCOVERED);
  const text = await readText(UNCOVERED);
  const { accounts, problems } = loadUncovered(text, file);
  refuseProblems(problems, new Map([[file, text]]));
  return accounts;
}

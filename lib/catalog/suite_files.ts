import { HOME } from "./home.ts";
import { readText } from "./text_file.ts";
import { yamlFilesBelow, yamlFilesIn } from "./yaml_files.ts";

/** A suite that ships, as it is found without being parsed. */
export interface SuiteFile {
  readonly name: string;
  readonly url: URL;
  /** Whether the file is a dialect, whose grammar makes the suite. */
  readonly ofDialect: boolean;
}

/** The folder of what ships; a suite in it is named for its path. */
export const SUITES = new URL("suites/", HOME);
/** The folder of the dialects that ship. */
export const DIALECTS = new URL("at/dialects/", SUITES);

/** Folders and files of {@link SUITES} that hold other things than suites. */
const NO_SUITES: readonly string[] = ["targets", "load", "dialects", "openings.yaml", "uncovered.yaml"];

/** Finds the suites that ship: those with a file of their own by name, then those of dialects. */
export async function shippedSuiteFiles(): Promise<readonly SuiteFile[]> {
  const own = (await yamlFilesBelow(SUITES, NO_SUITES)).map((url): SuiteFile => ({
    name: url.href.slice(SUITES.href.length, -".yaml".length),
    url,
    ofDialect: false,
  }));
  return [...own.sort((a, b) => a.url.href < b.url.href ? -1 : 1), ...await suitesOfDialects()];
}

/** How a dialect names the suite of its limits: a line of its own below `limits:`. */
const LIMIT_SUITE = /^limits:.*\n(?:(?:[ #].*)?\n)*? +suite: *([a-z0-9/-]+)/m;

/** The suites of boundary cases that dialects make; a dialect without `limits:` makes none. */
async function suitesOfDialects(): Promise<readonly SuiteFile[]> {
  const files = await yamlFilesIn(DIALECTS);
  const texts = await Promise.all(files.map(readText));
  return files.flatMap((url, at) => {
    const [, name] = LIMIT_SUITE.exec(texts[at] ?? "") ?? [];
    return name === undefined ? [] : [{ name, url, ofDialect: true }];
  });
}

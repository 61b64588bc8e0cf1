import { HOME } from "./home.ts";
import { readText } from "./text_file.ts";
import { yamlFilesBelow, yamlFilesIn } from "./yaml_files.ts";

/** A shipped suite, found without parsing its file. */
export interface SuiteFile {
  readonly name: string;
  readonly url: URL;
  /** Whether the file is a dialect, from whose grammar the suite is generated. */
  readonly ofDialect: boolean;
}

/** The folder of the shipped suites, each named for its path in it. */
export const SUITES = new URL("suites/", HOME);
/** The folder of the shipped dialects. */
export const DIALECTS = new URL("at/dialects/", SUITES);

/** Folders and files of {@link SUITES} that are not suites. */
const NO_SUITES: readonly string[] = ["targets", "load", "dialects", "openings.yaml", "uncovered.yaml"];

/** Finds the shipped suites: those with their own file by name, then those of dialects. */
export async function shippedSuiteFiles(): Promise<readonly SuiteFile[]> {
  const own = (await yamlFilesBelow(SUITES, NO_SUITES)).map((url): SuiteFile => ({
    name: url.href.slice(SUITES.href.length, -".yaml".length),
    url,
    ofDialect: false,
  }));
  return [...own.sort((a, b) => a.url.href < b.url.href ? -1 : 1), ...await suitesOfDialects()];
}

/** The line below `limits:` that names the suite of a dialect's limits. */
const LIMIT_SUITE = /^limits:.*\n(?:(?:[ #].*)?\n)*? +suite: *([a-z0-9/-]+)/m;

/** Finds the suites of boundary cases, which are generated from dialects with `limits:`. */
async function suitesOfDialects(): Promise<readonly SuiteFile[]> {
  const files = await yamlFilesIn(DIALECTS);
  const texts = await Promise.all(files.map(readText));
  return files.flatMap((url, at) => {
    const [, name] = LIMIT_SUITE.exec(texts[at] ?? "") ?? [];
    return name === undefined ? [] : [{ name, url, ofDialect: true }];
  });
}

import { HOME } from "./home.ts";
import { readText } from "./text_file.ts";
import { yamlFilesBelow, yamlFilesIn } from "./yaml_files.ts";

/** A suite that ships, found without parsing its file. */
export interface SuiteFile {
  readonly name: string;
  readonly url: URL;
  /** Whether the file is a dialect, from whose grammar the suite is made. */
  readonly ofDialect: boolean;
}

/** The folder of the suites that ship, each named for its path in it. */
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

/** The line below `limits:` in which a dialect names the suite of its limits. */
const LIMIT_SUITE = /^limits:.*\n(?:(?:[ #].*)?\n)*? +suite: *([a-z0-9/-]+)/m;

/** Finds the suites of boundary cases, which are made from dialects with `limits:`. */
async function suitesOfDialects(): Promise<readonly SuiteFile[]> {
  const files = await yamlFilesIn(DIALECTS);
  const texts = await Promise.all(files.map(readText));
  return files.flatMap((url, at) => {
    const [, name] = LIMIT_SUITE.exec(texts[at] ?? "") ?? [];
    return name === undefined ? [] : [{ name, url, ofDialect: true }];
  });
}

import { loadProfile } from "../load/profile/load_profile.ts";
import type { Profile } from "../load/profile/profile.ts";
import { formatProblems } from "../spec/problem.ts";
import { suggest } from "../ground/nearest.ts";
import { HOME, shownPath } from "./home.ts";
import { readText } from "./text_file.ts";
import { UsageError } from "./usage_error.ts";
import { yamlNamesIn } from "./yaml_files.ts";
import { pathToFileURL } from "node:url";

/** The folder of the profiles that ship. */
const PROFILES = new URL("suites/load/", HOME);

/** The names of the profiles that ship. */
export async function profileNames(): Promise<readonly string[]> {
  return await yamlNamesIn(PROFILES);
}

/**
 * Finds a profile by its name or its file. `set` are values in the place of those that it declares, `lastStageMs` is the
 * length of its last stage in the place of its own. Throws {@link UsageError} for an unknown name and a wrong file.
 */
export async function findProfile(
  named: string,
  set: ReadonlyMap<string, string>,
  lastStageMs?: number,
): Promise<Profile> {
  const names = await profileNames();
  if (names.includes(named)) {
    return await readProfile(new URL(`${named}.yaml`, PROFILES), set, lastStageMs);
  }
  if (/[/.]/.test(named)) return await readProfile(pathToFileURL(named), set, lastStageMs);
  const near = suggest(named, names);
  throw new UsageError(
    `There is no profile "${named}"; ${
      near ?? `those that ship are ${names.join(", ")}, and a file will do too`
    }`,
  );
}

async function readProfile(
  url: URL,
  set: ReadonlyMap<string, string>,
  lastStageMs: number | undefined,
): Promise<Profile> {
  const file = shownPath(url);
  const text = await readText(url);
  const { profile, problems } = loadProfile(text, file, set, lastStageMs);
  if (profile && lastStageMs !== undefined && profile.stages.length === 0) {
    throw new UsageError(`The profile "${profile.name}" has no stages that could last for a time`);
  }
  if (!profile) throw new UsageError(`${formatProblems(problems, new Map([[file, text]]))}\nNothing was run`);
  return profile;
}

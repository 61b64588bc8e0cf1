import { loadProfile } from "../load/profile/load_profile.ts";
import type { Profile } from "../load/profile/profile.ts";
import { formatDuration } from "../spec/duration.ts";
import { formatProblems } from "../spec/problem.ts";
import { suggest } from "../ground/nearest.ts";
import { readDataFile } from "./data_file.ts";
import { wrongKind } from "./file_kind.ts";
import { PROFILES } from "./folders.ts";
import { shownPath } from "./home.ts";
import { otherKind } from "./other_kind.ts";
import { readText } from "./text_file.ts";
import { UsageError } from "./usage_error.ts";
import { yamlNamesIn } from "./yaml_files.ts";
import { pathToFileURL } from "node:url";

/** Returns the names of the shipped profiles. */
export async function profileNames(): Promise<readonly string[]> {
  return await yamlNamesIn(PROFILES);
}

/**
 * Finds a profile by its name or its file. `set` overrides values that it declares, `lastStageMs` overrides
 * the length of its last stage. Throws {@link UsageError} for an unknown name and a file with mistakes.
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
  const other = await otherKind(named, "profile");
  if (other) throw new UsageError(other);
  if (/[/.]/.test(named)) return await readProfile(pathToFileURL(named), set, lastStageMs);
  const near = suggest(named, names);
  throw new UsageError(
    `Unknown profile "${named}"; ` +
      `${near ?? '"deno task list --profiles" shows the shipped ones; the path of a file is allowed too'}`,
  );
}

async function readProfile(
  url: URL,
  set: ReadonlyMap<string, string>,
  lastStageMs: number | undefined,
): Promise<Profile> {
  const file = shownPath(url);
  const text = await readText(url);
  const wrong = wrongKind("profile", text, file);
  if (wrong) throw new UsageError(`${formatProblems([wrong], new Map([[file, text]]))}\nNothing was run`);
  const { profile, problems } = loadProfile(
    text,
    file,
    set,
    lastStageMs,
    (path) => readDataFile(path, url),
  );
  if (profile && lastStageMs !== undefined && profile.stages.length === 0) {
    throw new UsageError(`The profile "${profile.name}" has no stages to extend`);
  }
  if (!profile) {
    const last = lastStageMs === undefined ? "" : ` --for ${formatDuration(lastStageMs)}`;
    const given = [...set].map(([name, value]) => ` --set ${name}=${value}`).join("") + last;
    const told = given === "" ? "" : `The values are as given by${given}\n`;
    throw new UsageError(`${formatProblems(problems, new Map([[file, text]]))}\n${told}Nothing was run`);
  }
  return profile;
}

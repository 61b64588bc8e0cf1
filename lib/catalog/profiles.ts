import { loadProfile } from "../load/profile/load_profile.ts";
import type { Profile } from "../load/profile/profile.ts";
import { formatProblems } from "../spec/problem.ts";
import { suggest } from "../ground/nearest.ts";
import { HOME, shownPath } from "./home.ts";
import { readText } from "./suites.ts";
import { UsageError } from "./usage_error.ts";
import { pathToFileURL } from "node:url";

/** The names of the profiles that ship. */
export async function profileNames(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("suites/load/", HOME))) {
    if (name.endsWith(".yaml")) names.push(name.slice(0, -".yaml".length));
  }
  return names.sort();
}

/**
 * Finds a profile by its name or its file, with values of the command line, and the length of its last stage in
 * milliseconds, in the place of its own. Throws {@link UsageError}: there is none, or it has mistakes.
 */
export async function findProfile(
  named: string,
  set: ReadonlyMap<string, string>,
  lastStageMs?: number,
): Promise<Profile> {
  const names = await profileNames();
  if (names.includes(named)) {
    return await readProfile(new URL(`suites/load/${named}.yaml`, HOME), set, lastStageMs);
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

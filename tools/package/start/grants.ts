/**
 * Converts a named permission set of `deno.json` to flags of `deno run`. Deno itself resolves the relative
 * paths of a set from the folder of `deno.json`, which in an installed package is not the folder in which the
 * user works.
 */
import { resolve } from "node:path";

/** The permission of one kind: everything, a list, or lists by operation. */
export type Grant = boolean | readonly string[] | {
  readonly allow?: boolean | readonly string[];
  readonly deny?: boolean | readonly string[];
  readonly ignore?: boolean | readonly string[];
};

/** A permission set by kind: `read`, `write`, `net`, … */
export type PermissionSet = Readonly<Record<string, Grant>>;

/**
 * Returns the flags of `deno run` for a set. A path `.` means the folder in which the user works; for
 * reading, it includes the package's folder `home`. Any other relative path is relative to `home`. `programs`
 * may be run in addition to those of the set. Throws for a value with a comma, which the flags cannot
 * express.
 */
export function grantFlags(set: PermissionSet, home: string, programs: readonly string[] = []): string[] {
  const own = set.run === undefined ? set : { ...set, run: atHome(set.run, home) };
  const all = programs.length === 0 ? own : { ...own, run: withPrograms(own.run, programs) };
  return Object.entries(all).flatMap(([kind, grant]) => {
    const ways = Array.isArray(grant) || typeof grant === "boolean" ? { allow: grant } : grant;
    return Object.entries(ways).flatMap(([way, what]) => flag(way, kind, what, home));
  });
}

/** The programs of a set: a path is one of the package, a name is one of the system. */
function atHome(grant: Grant, home: string): Grant {
  if (!Array.isArray(grant)) return grant;
  return grant.map((program) => program.includes("/") ? resolve(home, program) : program);
}

function withPrograms(grant: Grant | undefined, programs: readonly string[]): Grant {
  if (grant === true) return true;
  return [...(Array.isArray(grant) ? grant : []), ...programs];
}

function flag(way: string, kind: string, what: boolean | readonly string[], home: string): string[] {
  if (typeof what === "boolean") return what ? [`--${way}-${kind}`] : [];
  // An empty list would mean everything.
  if (what.length === 0) return [];
  const values = kind === "read" || kind === "write"
    ? what.flatMap((path) => placesOf(path, kind, home))
    : what;
  const bad = values.find((value) => value.includes(","));
  if (bad !== undefined) {
    throw new Error(
      `"${bad}" has a comma, which Deno's --${way}-${kind} does not support; install attest in another folder`,
    );
  }
  return [`--${way}-${kind}=${values.join(",")}`];
}

function placesOf(path: string, kind: "read" | "write", home: string): string[] {
  if (path === ".") return kind === "read" ? [path, resolve(home)] : [path];
  return [resolve(home, path)];
}

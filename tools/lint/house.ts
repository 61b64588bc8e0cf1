/**
 * The floors of the project: a folder imports from itself and from floors below its own, never from one
 * beside or above.
 */
const FLOORS: readonly (readonly string[])[] = [
  ["lib/ground"],
  ["lib/mqtt", "lib/at", "lib/spec", "lib/transport", "lib/run"],
  ["lib/link"],
  ["lib/broker", "lib/module", "lib/client", "lib/suite"],
  ["lib/target"],
  ["lib/play"],
  ["lib/conform", "lib/load", "reports"],
  ["lib/catalog"],
  ["lib/cli"],
  ["tools", "examples"],
];

/** Folders that may import less than their floor allows, and why. */
const LESS: ReadonlyMap<string, readonly string[]> = new Map([
  // The embedded targets share no code with what tests them, so a mistake in one is seen by the other.
  ["lib/module", ["lib/ground", "lib/mqtt", "lib/transport", "lib/link"]],
  ["lib/broker", ["lib/ground", "lib/mqtt", "lib/transport", "lib/link"]],
  // A suite is data and knows no connection.
  ["lib/suite", ["lib/ground", "lib/mqtt", "lib/at", "lib/spec"]],
  // A journal from last year renders today, whatever engine wrote it.
  ["reports", ["lib/ground", "lib/run", "lib/mqtt", "lib/at"]],
]);

/** The library's public module, which may import everything except the command line. */
const FACE = "mod.ts";

/**
 * Returns what is wrong with the import `specifier` in `file` (paths below the project's folder, with
 * slashes), or undefined.
 */
export function floorProblem(file: string, specifier: string): string | undefined {
  // Data files may be anywhere, and packages are outside.
  if (!/^\..*\.tsx?$/.test(specifier)) return undefined;
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  const from = folderOf(file);
  const to = folderOf(target);
  if (file === FACE && to === "lib/cli") {
    return `"${FACE}" must not import from "lib/cli"; move it to lib/catalog`;
  }
  if (from === to || from === "") return undefined;
  if (to === "") return `"${from}" is below "${target}", the public module`;
  const own = floorOf(from);
  if (own < 0) return `"${from}" is on no floor; name it in tools/lint/house.ts`;
  const allowed = LESS.get(from) ?? FLOORS.slice(0, own).flat();
  if (allowed.includes(to)) return undefined;
  const rest = allowed.length === 0 ? "nothing" : allowed.join(", ");
  return `"${from}" must not import from "${to}"; it may import ${rest}`;
}

function floorOf(folder: string): number {
  return FLOORS.findIndex((floor) => floor.includes(folder));
}

/** Returns the folder of the plan that contains a file; empty for top-level files. */
function folderOf(file: string): string {
  const known = FLOORS.flat().find((folder) => file.startsWith(`${folder}/`));
  return known ?? file.split("/").slice(0, -1).join("/");
}

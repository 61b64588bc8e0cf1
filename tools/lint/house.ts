/**
 * The house: which folder stands on which floor. A folder imports from itself and from floors below its own, never from
 * one beside or above.
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

/** Folders that may rest on less than their floor allows, and why. */
const LESS: ReadonlyMap<string, readonly string[]> = new Map([
  // The embedded targets share no code with what tests them, so that a mistake in one is seen by the other.
  ["lib/module", ["lib/ground", "lib/mqtt", "lib/transport", "lib/link"]],
  ["lib/broker", ["lib/ground", "lib/mqtt", "lib/transport", "lib/link"]],
  // A suite is data: it knows of no connection.
  ["lib/suite", ["lib/ground", "lib/mqtt", "lib/at", "lib/spec"]],
  // A journal of last year renders today, whatever engine has written it.
  ["reports", ["lib/ground", "lib/run", "lib/mqtt", "lib/at"]],
]);

/** What the library's face may rest on: everything but the command line. */
const FACE = "mod.ts";

/** What is wrong with the import `specifier` in `file` (paths below the project's folder, with slashes), or undefined. */
export function floorProblem(file: string, specifier: string): string | undefined {
  // Data files may lie anywhere, and packages are outside.
  if (!/^\..*\.tsx?$/.test(specifier)) return undefined;
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  const from = folderOf(file);
  const to = folderOf(target);
  if (file === FACE && to === "lib/cli") {
    return `"${FACE}" must not import from "lib/cli"; move it to lib/catalog`;
  }
  if (from === to || from === "") return undefined;
  if (to === "") return `"${from}" lies below "${target}", the face of the house`;
  const own = floorOf(from);
  if (own < 0) return `"${from}" stands on no floor; name it in tools/lint/house.ts`;
  const allowed = LESS.get(from) ?? FLOORS.slice(0, own).flat();
  if (allowed.includes(to)) return undefined;
  const rest = allowed.length === 0 ? "nothing" : allowed.join(", ");
  return `"${from}" must not import from "${to}"; it may rest on ${rest}`;
}

function floorOf(folder: string): number {
  return FLOORS.findIndex((floor) => floor.includes(folder));
}

/** The folder of the plan that a file belongs to; empty for the files at the top. */
function folderOf(file: string): string {
  const known = FLOORS.flat().find((folder) => file.startsWith(`${folder}/`));
  return known ?? file.split("/").slice(0, -1).join("/");
}

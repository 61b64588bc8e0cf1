/**
 * The house: which folder stands on which floor, and what it may rest on. A folder imports from itself and from the
 * folders named for it, never from one beside or above.
 */
const REST: Readonly<Record<string, readonly string[]>> = {
  "lib/mqtt": [],
  "lib/at": [],
  "lib/spec": [],
  "lib/transport": [],
  "lib/run": [],
  "lib/link": ["lib/mqtt", "lib/at", "lib/transport"],
  "lib/broker": ["lib/mqtt", "lib/transport", "lib/link"],
  "lib/module": ["lib/mqtt", "lib/transport", "lib/link"],
  "lib/suite": ["lib/mqtt", "lib/at", "lib/spec"],
  "lib/target": [
    "lib/mqtt",
    "lib/at",
    "lib/spec",
    "lib/transport",
    "lib/suite",
    "lib/link",
    "lib/broker",
    "lib/module",
  ],
  "lib/conform": [
    "lib/mqtt",
    "lib/at",
    "lib/spec",
    "lib/transport",
    "lib/run",
    "lib/link",
    "lib/broker",
    "lib/module",
    "lib/suite",
    "lib/target",
  ],
  "lib/probe": ["lib/mqtt", "lib/transport", "lib/link"],
  "lib/load": [
    "lib/mqtt",
    "lib/at",
    "lib/spec",
    "lib/transport",
    "lib/run",
    "lib/link",
    "lib/broker",
    "lib/module",
    "lib/suite",
    "lib/target",
  ],
  "reports": ["lib/run", "lib/mqtt", "lib/at"],
};

/** Folders whose files may import anything below the face of the library; tests may too. */
const ABOVE_ALL = ["lib/cli", "tools", "examples"];

/** What is wrong with the import `specifier` in `file` (paths below the project's folder, with slashes), or undefined. */
export function floorProblem(file: string, specifier: string): string | undefined {
  // Data lies where it likes, and packages are outside.
  if (!/^\..*\.tsx?$/.test(specifier)) return undefined;
  const from = folderOf(file);
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  const to = folderOf(target);
  if (from === to) return undefined;
  if (to === "" && from !== "") return `"${from}" lies below "${target}", the face of the house`;
  const rest = REST[from];
  if (rest === undefined) return undefined;
  if (rest.includes(to)) return undefined;
  const allowed = rest.length === 0 ? "nothing" : rest.join(", ");
  return `"${from}" must not import from "${to}"; it may rest on ${allowed}`;
}

/** The folder of the plan that a file belongs to; empty for the files at the top. */
function folderOf(file: string): string {
  const known = [...Object.keys(REST), ...ABOVE_ALL].find((folder) => file.startsWith(`${folder}/`));
  return known ?? file.split("/").slice(0, -1).join("/");
}

import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { denoJson, packageJson } from "./manifests.ts";
import { DENO_VERSION } from "./naming.ts";
import { invocation, type Manifest, readWords } from "./start/invocation.ts";

const USED = new Set(["yaml", "@commander-js/extra-typings"]);

/** The package's deno.json if only the two scripts for users ship. */
function made(): Manifest {
  const ships = (script: string) => ["main.ts", "tools/compare/verdicts.ts"].includes(script);
  return JSON.parse(JSON.stringify(denoJson(project, USED, ships)));
}

Deno.test("the package has the tasks that serve a user, and each is granted what its set in deno.json says", () => {
  const manifest = made();
  assert.deepEqual(
    Object.keys(manifest.tasks).sort(),
    [
      "broker",
      "compare",
      "completions",
      "conform",
      "lint",
      "list",
      "load",
      "module",
      "ports",
      "probe",
      "prove",
    ]
      .concat("report"),
  );
  const sets: Readonly<Record<string, unknown>> = project.permissions;
  for (const [name, set] of Object.entries(manifest.permissions)) assert.deepEqual(set, sets[name], name);
  for (const name of Object.keys(manifest.tasks)) {
    const { permissions, args } = invocation(manifest, "/opt/attest", readWords([name, "x"]));
    assert.ok(permissions.includes("--ignore-env"), name);
    assert.ok(!args.some((word) => word === "-A" || word === "--allow-all" || word === "--allow-run"), name);
    assert.equal(args.at(-1), "x");
  }
});

Deno.test("the package depends on pinned versions of what its modules import, its peers, and Deno", () => {
  const { dependencies } = packageJson(project, USED) as { dependencies: Record<string, string> };
  assert.deepEqual(Object.keys(dependencies), ["@commander-js/extra-typings", "commander", "deno", "yaml"]);
  assert.equal(dependencies.deno, DENO_VERSION);
  for (const version of Object.values(dependencies)) assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.equal(project.imports.yaml, `npm:yaml@${dependencies.yaml}`);
});

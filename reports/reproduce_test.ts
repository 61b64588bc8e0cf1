import assert from "node:assert/strict";
import type { RunResult, TargetResult } from "../lib/run/result.ts";
import { conformCommand } from "./reproduce.ts";
import { failingResult } from "./testdata/sample.ts";

/** The command for the first case of a run with these files. */
function commandFor(
  sources: readonly (readonly ["suite" | "target", string])[],
  more: Partial<RunResult> = {},
): string {
  const result = failingResult(1);
  const [one] = result.cases;
  assert.ok(one !== undefined);
  const files = sources.map(([what, file]) => ({ what, file, sha256: "" }));
  return conformCommand({ ...one, id: "own/hello/a[b c]", suite: "own/hello", target: "office" }, {
    ...result,
    seed: 7,
    targets: result.targets.slice(0, 1).map((target) => ({
      ...target,
      name: "office",
      address: "mqtt://10.0.0.7:1883",
    })),
    sources: files,
    ...more,
  });
}

function conformOn(name: string, target: TargetResult): string {
  const result = failingResult(1);
  const [one] = result.cases;
  assert.ok(one !== undefined);
  return conformCommand({ ...one, target: name }, { ...result, targets: [target], sources: [] });
}

Deno.test("conformCommand() names a shipped suite and target, and the files of those that are not", () => {
  const shipped = [["suite", "/lib/suites/own/hello.yaml"], [
    "target",
    "/lib/suites/targets/office.yaml",
  ]] as const;
  assert.equal(
    commandFor(shipped),
    "deno task conform 'own/hello/a[b c]' --target office --protocol 5.0 --seed 7",
  );
  assert.equal(
    commandFor([["suite", "lab/hello.yaml"], ["target", "lab.yaml"]]),
    "deno task conform lab/hello.yaml --filter 'own/hello/a[b c]' --target ./lab.yaml --protocol 5.0 --seed 7",
  );
});

Deno.test("conformCommand() gives the address of a target without a file", () => {
  const [target] = failingResult(1).targets;
  assert.ok(target !== undefined);
  const at = (name: string, address: string) => conformOn(name, { ...target, name, address });
  assert.match(at("10.0.0.7", "mqtt://10.0.0.7:1883"), / --target mqtt:\/\/10\.0\.0\.7:1883 /);
  assert.match(
    at("dev-ttyusb0", "serial:/dev/ttyUSB0?baud=9600"),
    / --target 'serial:\/dev\/ttyUSB0\?baud=9600' /,
  );
  // A target that attest has started itself is gone from its address.
  assert.match(at("virtual-module", "serial:/dev/pts/4"), / --target virtual-module /);
});

Deno.test("conformCommand() keeps the options that change how a case ends, and no others", () => {
  const command = [
    "attest",
    "conform",
    "mqtt/*",
    "--jobs",
    "4",
    "--set",
    "a=1 2",
    "--no-expect",
    "--out=x",
    "--ca=ca.pem",
  ];
  assert.match(commandFor([], { command }), / --seed 7 --set 'a=1 2' --no-expect --ca=ca\.pem$/);
});

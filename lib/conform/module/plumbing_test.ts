import assert from "node:assert/strict";
import type { ModuleBehaviour } from "../../module/behaviour.ts";
import type { Node } from "../../spec/node.ts";
import { toValue } from "../../spec/value.ts";
import { readYaml } from "../../spec/yaml.ts";
import type { Suite } from "../../suite/file/model.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { judge, moduleTarget, verdicts } from "../test_bench.ts";
import { installed, lineTarget, SER2NET, Ser2net, Served, shipped, Socat } from "./test_lines.ts";

const hasSocat = await installed("socat", "-V");
const hasSer2net = await installed(SER2NET, "-v");

/** The times that the shipped target shortens, so a run need not wait for them. */
const SHORTENED: Partial<ModuleBehaviour> = { openTimeoutMs: 1_000, dataGuardMs: 1_000 };
const VALUES = new Map([["dataGuard", toValue(yaml("4s"), () => {})]]);

function yaml(text: string): Node {
  const { root } = readYaml(text, "test");
  assert.ok(root);
  return root;
}

function started(behaviour: Partial<ModuleBehaviour>, withinMs: number): TargetFile {
  const start = { kind: "virtual-module", defects: [], behaviour: { ...SHORTENED, ...behaviour } } as const;
  return moduleTarget([], { start, withinMs, values: VALUES });
}

/** A sample of cases of many suites, every `one`th, which includes all kinds of commands and packets. */
async function some(one: number): Promise<readonly Suite[]> {
  const names = [
    "at/open",
    "at/conn",
    "at/pub",
    "at/sub",
    "at/uns",
    "at/recv",
    "at/disc",
    "at/close",
    "at/state",
  ];
  const clients = ["client/connect", "client/publish", "client/receive", "client/subscribe", "client/cuts"];
  const suites = await Promise.all([...names, ...clients].map(shipped));
  return suites.map((suite) => ({ ...suite, cases: suite.cases.filter((_, index) => index % one === 0) }));
}

/** Returns the result of the cases on a module that is power-cycled between them. */
async function directly(suites: readonly Suite[]): Promise<Readonly<Record<string, string>>> {
  const found = verdicts(await judge(suites, started({}, 5_000)));
  assert.ok(Object.keys(found).length > 25);
  assert.deepEqual(Object.values(found).filter((one) => one !== "pass" && !one.startsWith("skip")), []);
  return found;
}

Deno.test("a pair of ptys made by socat changes no verdict", { ignore: !hasSocat }, async () => {
  const suites = await some(12);
  await using served = new Served("pty", SHORTENED);
  await using socat = await Socat.start(await served.address());
  const led = await judge(suites, lineTarget(`serial:${socat.path}`, { withinMs: 5_000, values: VALUES }));
  assert.deepEqual(verdicts(led), await directly(suites));
});

Deno.test("ser2net changes no verdict", { ignore: !hasSer2net }, async () => {
  const suites = await some(12);
  await using served = new Served("pty", SHORTENED);
  await using server = await Ser2net.start(await served.address());
  const led = await judge(suites, lineTarget(server.address, { withinMs: 5_000, values: VALUES }));
  assert.deepEqual(verdicts(led), await directly(suites));
});

const LINES: readonly (readonly [what: string, behaviour: Partial<ModuleBehaviour>])[] = [
  ["single bytes with pauses", { pieceBytes: 1, pieceGapMs: 1 }],
  ["garbage between the lines", { noise: "fe00ff80" }],
  ["pieces, and garbage with line ends in it", { pieceBytes: 7, noise: "ff0d0a00fe" }],
  ["all that is said in bursts", { burstMs: 15 }],
];

for (const [what, behaviour] of LINES) {
  Deno.test(`a line with ${what} changes no verdict`, async () => {
    const suites = await some(8);
    const judged = await judge(suites, started(behaviour, 10_000));
    assert.deepEqual(verdicts(judged), await directly(suites));
  });
}

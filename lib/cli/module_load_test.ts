import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { ended, spawned } from "./test_screen.ts";

const target = (defects: string) =>
  `target: own\ntitle: A module of a test\ntests: module\nstart: { embedded: virtual-module, defects: [${defects}] }\n`;

interface Run {
  readonly status: number;
  readonly text: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly load: {
    readonly timings: Readonly<Record<string, { readonly count: number }>>;
    readonly faults: readonly {
      readonly fault: string;
      readonly chart: readonly string[];
      readonly hex: string;
    }[];
    readonly generatorLimited?: string;
  };
}

/** 20 messages to the module and 8 from it. */
async function soaked(folder: TestFolder, args: readonly string[]): Promise<Run> {
  const out = `${folder.path}/out`;
  const child = spawned(
    ["load", "module-soak", "--set", "deliver=5", "--for", "4s", "--format", "json", ...args, "--out", out],
    { permissions: "load" },
  );
  const { status, out: printed, err } = await ended(child);
  const { load } = JSON.parse(folder.read("out/result.json"));
  return { status, text: printed + err, counts: load.counts, load };
}

Deno.test("a correct module passes a soak, and each message is counted and timed", async () => {
  await using folder = new TestFolder();
  const { status, text, counts, load } = await soaked(folder, []);
  // On a machine that is too busy the run is inconclusive, and says so.
  assert.equal(status, load.generatorLimited === undefined ? 0 : 1, text);
  assert.deepEqual(counts, {
    "planned": 28,
    "sent": 28,
    "unconfirmed": 10,
    "acknowledged": 18,
    "due": 28,
    "received": 28,
    "connect.attempted": 1,
    "connect.succeeded": 1,
    "subscribed": 1,
  });
  assert.equal(load.timings["latency"]?.count, 28);
  assert.equal((load.timings["puback"]?.count ?? 0) + (load.timings["pubcomp"]?.count ?? 0), 18);
});

Deno.test("a module that reports each message twice is counted exactly, with evidence", async () => {
  await using folder = new TestFolder();
  const { status, counts, load } = await soaked(folder, [
    "--target",
    folder.write("t.yaml", target("recv-twice")),
  ]);
  assert.equal(status, 1);
  assert.equal(counts["received"], 28);
  assert.equal(counts["duplicated"], 20);
  assert.equal(counts["lost"], undefined);
  assert.equal(load.faults.length, 10);
  const [fault] = load.faults;
  assert.equal(fault?.fault, "duplicated");
  assert.match(fault?.chart.at(-1) ?? "", /^host <- \+ECMTRECV: 0,/);
});

Deno.test("a module that reports no message has lost them all, those of QoS 1 and 2 against their promise", async () => {
  await using folder = new TestFolder();
  const { status, counts } = await soaked(folder, [
    "--target",
    folder.write("t.yaml", target("recv-missing")),
  ]);
  assert.equal(status, 1);
  assert.equal(counts["received"], 8);
  assert.equal(counts["lost"], 20);
  // Deliveries 1, 2, 4, 5, … of 20.
  assert.equal(counts["lost.promised"], 13);
});

Deno.test("deliveries of QoS 1 that a module does not acknowledge are unanswered", async () => {
  await using folder = new TestFolder();
  const { status, counts } = await soaked(folder, [
    "--target",
    folder.write("t.yaml", target("puback-missing")),
  ]);
  assert.equal(status, 1);
  assert.equal(counts["received"], 28);
  assert.equal(counts["unanswered"], 7);
  assert.equal(counts["acknowledged"], 11);
});

Deno.test("a module is not driven with the options of a broker, nor with an incomplete profile", async () => {
  await using folder = new TestFolder();
  const wrong = folder.write("own.yaml", "profile: own\ntitle: T\nstages: [{ hold: 1s }]\n");
  const cases: readonly (readonly [args: readonly string[], told: RegExp])[] = [
    [
      ["module-soak", "--target", "reference"],
      /drives one module; expected one module as its target, found reference \(a broker\); give one, such as --target virtual-module/,
    ],
    [
      ["module-soak", "--shard", "1/2"],
      /--shard does not apply to a profile that drives a module; leave it out/,
    ],
    [["module-soak", "--for", "soon"], /Expected a duration such as/],
    [[wrong], /own\.yaml:1:10\n[^]*add groups:, or module:/],
  ];
  for (const [args, told] of cases) {
    const child = spawned(["load", ...args, "--out", `${folder.path}/out`], { permissions: "load" });
    const { status, err } = await ended(child);
    assert.equal(status, 2, err);
    assert.match(err, told);
  }
  // The reports contain the reason, because --out requests them.
  assert.deepEqual(folder.names(), ["out", "own.yaml"]);
});

import assert from "node:assert/strict";
import { golden } from "../../../tools/golden.ts";
import { clause, clauses } from "../../mqtt/clauses.ts";
import { isProtocolVersion } from "../../mqtt/packet.ts";
import { formatProblems } from "../../spec/problem.ts";
import { loadOpenings, loadSuite } from "./load.ts";
import type { LoadOptions } from "./options.ts";

const BAD = new URL("./testdata/bad/", import.meta.url);

const OPENINGS = {
  file: "openings.yaml",
  text: `openings:
  connected:
    lanes: [lane]
    with: { lane: client, clean: true }
    steps:
      - $lane -> CONNECT: { cleanStart: $clean }
      - $lane <- CONNACK: { reason: 0 }
`,
};

const OPTIONS: LoadOptions = {
  openings: OPENINGS,
  clauses: (protocol, id) =>
    isProtocolVersion(protocol) ? clause(protocol, id) !== undefined : id === "ECMT-OPEN-W1",
  clauseIds: (protocol) =>
    isProtocolVersion(protocol) ? clauses(protocol).map(({ id }) => id) : ["ECMT-OPEN-W1"],
};

const names = [...Deno.readDirSync(BAD)].map(({ name }) => name).filter((name) => name.endsWith(".yaml"))
  .sort();

for (const name of names) {
  Deno.test(`loadSuite() reports what is wrong in ${name}`, async () => {
    const text = await Deno.readTextFile(new URL(name, BAD));
    const { suite, problems } = loadSuite(text, name, OPTIONS);
    assert.equal(suite, undefined);
    assert.ok(problems.length > 0);
    const sources = new Map([[name, text], [OPENINGS.file, OPENINGS.text]]);
    await golden(new URL(name.replace(/yaml$/, "txt"), BAD), formatProblems(problems, sources));
  });
}

Deno.test("loadSuite() takes openings that were loaded for several suites, with their mistakes", () => {
  const suite = (name: string) =>
    `suite: ${name}\ntitle: T\nprotocols: ["5.0"]\ncases:\n  - { case: c, purpose: p, use: { connected: {} }, steps: [client -> PINGREQ] }\n`;
  const openings = loadOpenings(OPENINGS.text, OPENINGS.file);
  for (const name of ["a", "b"]) {
    const loaded = loadSuite(suite(name), `${name}.yaml`, { ...OPTIONS, openings });
    assert.deepEqual(loaded, loadSuite(suite(name), `${name}.yaml`, OPTIONS));
    assert.equal(loaded.suite?.cases[0]?.steps.length, 3);
  }
  const wrong = loadOpenings("openings: { connected: { stepz: [] } }\n", "openings.yaml");
  const { suite: none, problems } = loadSuite(suite("a"), "a.yaml", { ...OPTIONS, openings: wrong });
  assert.equal(none, undefined);
  assert.deepEqual(problems.slice(0, wrong.problems.length), wrong.problems);
});

Deno.test("loadSuite() reports ten different mistakes of one file at once, each at its place", async () => {
  const text = await Deno.readTextFile(new URL("ten_mistakes.yaml", BAD));
  const { problems } = loadSuite(text, "ten_mistakes.yaml", OPTIONS);
  assert.equal(problems.length, 10);
  assert.deepEqual(problems.map(({ place }) => place.line).sort((a, b) => a - b), [
    3,
    8,
    9,
    11,
    12,
    13,
    14,
    15,
    18,
    20,
  ]);
});

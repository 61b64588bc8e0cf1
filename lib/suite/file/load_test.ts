import assert from "node:assert/strict";
import { golden } from "../../../tools/golden.ts";
import { clause, clauses } from "../../mqtt/clauses.ts";
import { isProtocolVersion } from "../../mqtt/packet.ts";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "./load.ts";
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
  Deno.test(`loadSuite() tells what is wrong in ${name}`, async () => {
    const text = await Deno.readTextFile(new URL(name, BAD));
    const { suite, problems } = loadSuite(text, name, OPTIONS);
    assert.equal(suite, undefined);
    assert.ok(problems.length > 0);
    const sources = new Map([[name, text], [OPENINGS.file, OPENINGS.text]]);
    await golden(new URL(name.replace(/yaml$/, "txt"), BAD), formatProblems(problems, sources));
  });
}

Deno.test("loadSuite() tells ten different mistakes of one file at once, each at its place", async () => {
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

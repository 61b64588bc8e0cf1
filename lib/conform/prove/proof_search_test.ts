import assert from "node:assert/strict";
import { covers, doubt, type Findings, note, pairOf, search } from "./proof_search.ts";
import { CASES, namesOf, PING_LOST, proofOf, PUBACK_LOST, WILL_LOST } from "./test_proof.ts";

const BOTH = ["demo/pinged", "demo/acknowledged"];
const nothing = (): Findings => ({ witnesses: new Map(), open: new Set(BOTH), doubtful: new Set() });

/** Returns for each defect the cases that notice it. */
function noticed({ witnesses }: Findings): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...witnesses].map(([id, found]) => [id, namesOf(found)]));
}

Deno.test("a witness closes its case, and one that is doubted opens it again", () => {
  const findings = nothing();
  note(findings, "d", [{ id: "demo/pinged", ms: 5 }]);
  note(findings, "e", [{ id: "demo/pinged", ms: 7 }, { id: "demo/acknowledged", ms: 7 }]);
  note(findings, "f", []);
  assert.deepEqual(noticed(findings), { d: ["pinged"], e: ["acknowledged", "pinged"] });
  assert.deepEqual([...findings.open], []);
  doubt(findings, "e", "demo/pinged");
  assert.deepEqual([...findings.open], []);
  doubt(findings, "d", "demo/pinged");
  assert.deepEqual([...findings.open], ["demo/pinged"]);
  assert.deepEqual(noticed(findings), { e: ["acknowledged"] });
  assert.deepEqual([...findings.doubtful], [pairOf("e", "demo/pinged"), pairOf("d", "demo/pinged")]);
});

Deno.test("a case covers a defect by a clause of the protocol that it runs in", async () => {
  const { cases } = await proofOf(CASES);
  const [pinged, acknowledged] = cases;
  assert.ok(pinged && acknowledged);
  assert.deepEqual([covers(pinged, PING_LOST), covers(acknowledged, PING_LOST)], [true, false]);
  assert.equal(covers({ ...pinged, protocol: "5.0" }, PING_LOST), false);
  assert.equal(covers(pinged, { id: "d", description: "" }), false);
});

Deno.test("search() finds a case for each defect and a defect for each case, if there is one", async () => {
  const { bench, cases } = await proofOf(CASES);
  const findings = nothing();
  await search(bench, [PING_LOST, PUBACK_LOST, WILL_LOST], cases, findings, [
    PING_LOST,
    PUBACK_LOST,
    WILL_LOST,
  ]);
  assert.deepEqual(noticed(findings), { "pingresp-lost": ["pinged"], "puback-lost": ["acknowledged"] });
  assert.deepEqual([...findings.open], []);
});

Deno.test("search() looks only at open cases where that is asked for", async () => {
  const { bench, cases } = await proofOf(CASES);
  const findings = nothing();
  findings.open.delete("demo/acknowledged");
  await search(bench, [PING_LOST, PUBACK_LOST], cases, findings, []);
  assert.deepEqual(noticed(findings), { "pingresp-lost": ["pinged"] });
});

Deno.test("search() tries each case against each defect for the whole matrix", async () => {
  const { bench, cases } = await proofOf(`${CASES}
  - case: pinged-too
    purpose: it MUST answer
    use: { connected: { lane: c } }
    steps: [c -> PINGREQ, c <- PINGRESP]
`);
  const findings = nothing();
  await search(bench, [PING_LOST], cases, findings, "all");
  assert.deepEqual(noticed(findings), { "pingresp-lost": ["pinged", "pinged-too"] });
  const some = nothing();
  await search(bench, [PING_LOST], cases, some, [PING_LOST]);
  assert.deepEqual(noticed(some), { "pingresp-lost": ["pinged"] });
});

Deno.test("search() does not try a pair again that was doubted", async () => {
  const { bench, cases } = await proofOf(CASES);
  const findings = nothing();
  findings.doubtful.add(pairOf("pingresp-lost", "demo/pinged"));
  await search(bench, [PING_LOST], cases, findings, "all");
  assert.deepEqual(noticed(findings), {});
  assert.equal(findings.open.has("demo/pinged"), true);
});

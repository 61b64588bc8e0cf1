import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { leftOut, TEST_BROKERS, type TestBroker, THOROUGH } from "./test_brokers.ts";
import { ended, spawned } from "./test_screen.ts";

/** A whole run of the slowest broker, on a busy machine; ms. */
const WITHIN_MS = 6 * 60_000;

/**
 * What is run on each broker, and how many cases pass there at least: a list can excuse failures, but not that nothing
 * ran.
 */
const RUNS: readonly (readonly [broker: TestBroker, suites: string, passes: number])[] = [
  [TEST_BROKERS.mosquitto, "mqtt/*", 4_500],
  [TEST_BROKERS.mosquittoDefault, "mqtt/*", 4_500],
  [TEST_BROKERS.mosquittoLimited, "mqtt/*", 3_000],
  [TEST_BROKERS.mosquittoSecured, "mqtt/*", 4_500],
  [TEST_BROKERS.rabbitmq, "mqtt/*", 1_500],
  [TEST_BROKERS.ejabberd, "mqtt/*", 1_500],
  [TEST_BROKERS.aedes, "mqtt/*", 1_500],
  [TEST_BROKERS.activemq, "mqtt/*", 2_000],
  [TEST_BROKERS.activemqStore, "mqtt/persistence", 5],
];

if (!THOROUGH) console.log("The broker suites run on the shipped brokers where CI=true");

for (const [broker, suites, passes] of RUNS) {
  Deno.test(`${suites} on ${broker.target} does as its expectation file says`, {
    ignore: leftOut(broker),
  }, async () => {
    await using folder = new TestFolder();
    const out = `${folder.path}/out`;
    const child = spawned([
      "conform",
      suites,
      "--seed",
      "7",
      "--target",
      broker.target,
      "--out",
      out,
      "--format",
      "json",
    ]);
    const run = await ended(child, WITHIN_MS);
    assert.equal(run.status, 0, `${run.out}\n${run.err}`);
    const { complete, cases }: Result = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
    assert.ok(complete);
    assert.ok(cases.filter(({ verdict }) => verdict === "pass").length >= passes);
  });
}

interface Result {
  readonly complete: boolean;
  readonly cases: readonly { readonly verdict: string }[];
}

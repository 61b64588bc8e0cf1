import assert from "node:assert/strict";
import picomatch from "picomatch";
import { parse } from "yaml";
import { findTarget } from "../catalog/targets.ts";
import { TestFolder } from "../catalog/test_folder.ts";
import { reach } from "../target/reach.ts";
import type { BrokerTarget } from "../target/target.ts";
import { leftOut, TEST_BROKERS, type TestBroker } from "./test_brokers.ts";
import { ended, spawned } from "./test_screen.ts";

/**
 * What is run on a broker of which only the address is known, and how it differs from the broker's own list, from
 * `testdata/bare_address.yaml`. To run more suites, name them there: the test prints each case that differs, and
 * requires a reason for it.
 */
interface ByAddress {
  readonly suites: readonly string[];
  readonly differs?: readonly Difference[];
}

/** Cases of one broker whose verdicts differ from the list of its target file, and why. */
interface Difference {
  /** Globs of case ids. */
  readonly cases: readonly string[];
  /** One protocol; absent for all. */
  readonly protocol?: string;
  /** `fails`: the list does not contain it. `passes`, `skipped`: the list contains it. */
  readonly here: "fails" | "passes" | "skipped";
  /** Whether it differs in some runs only. */
  readonly sometimes?: boolean;
  readonly reason: string;
}

/** A run of these suites on the slowest broker, on a busy machine; ms. */
const WITHIN_MS = 6 * 60_000;
const HOME = new URL("../../", import.meta.url);
const BY_ADDRESS: Readonly<Record<string, ByAddress>> = parse(
  await Deno.readTextFile(new URL("testdata/bare_address.yaml", import.meta.url)),
);
const { mosquitto, rabbitmq, ejabberd, aedes, activemq } = TEST_BROKERS;

for (const broker of [mosquitto, rabbitmq, ejabberd, aedes, activemq]) {
  const { suites, differs = [] } = BY_ADDRESS[broker.target] ?? assert.fail(broker.target);
  Deno.test(`${broker.target} at a bare address does as its list says, or differs for a known reason`, {
    ignore: leftOut(broker),
  }, async () => {
    await using folder = new TestFolder();
    const { url, file } = await findTarget(broker.target);
    assert.ok(url);
    await using target = await reach(file, { dialect: noDialect, signal: new AbortController().signal });
    assert.ok(target.kind === "broker");
    const named = target.credentials ? withCredentials(folder, target) : target.address;
    const differing = differingFrom(differs);
    const judged = await runByAddress(folder, broker, suites, named);
    const odd = judged.filter((one) => differenceOf(one) !== undefined && !differing.explains(one));
    assert.deepEqual(odd.map((one) => `${one.id} (${one.protocol}) ${one.standing}: ${one.reason}`), []);
    assert.deepEqual(differing.unmet(), []);
  });
}

/** A case run in a result. */
interface Judged {
  readonly id: string;
  readonly protocol: string;
  readonly standing: string;
  readonly reason?: string;
  /** The known deviation of the list; absent if there is none. */
  readonly expected?: unknown;
}

/** How a case run differs from the list. */
function differenceOf({ standing, expected }: Judged): Difference["here"] | undefined {
  switch (standing) {
    case "pass":
    case "expected-fail":
      return undefined;
    case "skip":
      return expected ? "skipped" : undefined;
    case "unexpected-pass":
      return "passes";
    default:
      return "fails";
  }
}

/** Runs suites on a broker by its address, with the list of its target file. */
async function runByAddress(
  folder: TestFolder,
  { target }: TestBroker,
  suites: readonly string[],
  named: string,
): Promise<readonly Judged[]> {
  const out = `${folder.path}/out`;
  const list = new URL(`expectations/${target}.yaml`, HOME).pathname;
  const child = spawned([
    ...["conform", ...suites],
    ...["--seed", "7", "--target", named, "--expect", list, "--out", out, "--format", "json"],
  ]);
  const { status, err } = await ended(child, WITHIN_MS);
  assert.ok(status === 0 || status === 1, err);
  const { cases }: { cases: readonly Judged[] } = JSON.parse(folder.read("out/result.json"));
  assert.ok(cases.some(({ standing }) => standing === "pass"));
  return cases;
}

/** Names and passwords can only be given in a file; this one contains nothing else of the target that ships. */
function withCredentials(folder: TestFolder, { address, credentials, protocols }: BrokerTarget): string {
  const secrets = Object.entries(credentials ?? {}).map(([part, text]) => [part, { text }]);
  const keys = {
    target: "by-address",
    title: "A broker of which only the address is known",
    tests: "broker",
    address,
    credentials: Object.fromEntries(secrets),
    protocols,
  };
  return folder.write("by-address.yaml", JSON.stringify(keys));
}

/** The known differences of a broker, and which of them occurred. */
function differingFrom(differences: readonly Difference[]) {
  const met = new Set<Difference>();
  const matches = differences.map((one) => ({ one, matcher: picomatch([...one.cases]) }));
  return {
    explains(judged: Judged): boolean {
      const here = differenceOf(judged);
      const found = matches.find(({ one, matcher }) =>
        one.here === here && (one.protocol ?? judged.protocol) === judged.protocol && matcher(judged.id)
      );
      if (found) met.add(found.one);
      return found !== undefined;
    },
    unmet: () => differences.filter((one) => !one.sometimes && !met.has(one)).map(({ reason }) => reason),
  };
}

function noDialect(): never {
  throw new TypeError("a broker has no dialect");
}

/**
 * Writes the expectation file of a broker from a run, and the page of its faults from its list of faults:
 *
 *     deno task conform 'mqtt/*' --target rabbitmq --no-expect --out results/rabbitmq
 *     deno task expectations rabbitmq results/rabbitmq/result.json
 *
 * Reasons that the file has already are kept. A deviation that has none, and that no fault of the list explains, is printed,
 * and keeps what the run said as its reason: it has yet to be reproduced by hand.
 */
import { parse } from "yaml";
import {
  deviationFor,
  formatExpectations,
  type KnownDeviation,
  loadExpectations,
} from "../../lib/target/expectation_file.ts";

const ROOT = new URL("../../", import.meta.url);
/** How the reason of a deviation begins that nobody has looked at. */
const UNPROVEN = "not reproduced by hand yet";

/** A fault of a broker that was reproduced by hand. */
export interface BrokerFault {
  readonly fault: string;
  readonly clauses: readonly string[];
  /** The bytes that were sent, and what came of them. */
  readonly sent: string;
  readonly came: string;
  readonly when: readonly string[];
}

/** The faults of one broker, as `expectations/faults/` has them. */
export interface BrokerFaults {
  readonly broker: string;
  readonly faults: readonly BrokerFault[];
}

interface Judged {
  readonly id: string;
  readonly protocol: string;
  readonly target: string;
  readonly verdict: string;
  readonly reason?: string;
}

if (import.meta.main) {
  const [target = "", result = ""] = Deno.args;
  const list: BrokerFaults = parse(
    await Deno.readTextFile(new URL(`expectations/faults/${target}.yaml`, ROOT)),
  );
  const run: { cases: readonly Judged[] } = JSON.parse(await Deno.readTextFile(result));
  const deviations = run.cases.filter((one) => one.target === target && isDeviation(one));
  const before = await readBefore(target);
  const { expectations, unexplained, found } = explained(deviations, list.faults, before);
  await Deno.writeTextFile(
    new URL(`expectations/${target}.yaml`, ROOT),
    formatExpectations(target, expectations),
  );
  await Deno.writeTextFile(new URL(`docs/reference/faults-${target}.md`, ROOT), page(target, list, found));
  console.log(`${expectations.length} deviations of ${target}, ${unexplained.length} of them unexplained`);
  for (const one of unexplained) console.log(`  ${one.id} (${one.protocol})  ${one.reason}`);
}

function isDeviation({ verdict }: Judged): boolean {
  return verdict === "fail" || verdict === "inconclusive";
}

/** The reasons that the file gives now; they take precedence over the list of faults. */
async function readBefore(target: string): Promise<readonly KnownDeviation[]> {
  const url = new URL(`expectations/${target}.yaml`, ROOT);
  const text = await Deno.readTextFile(url).catch(() => "");
  return loadExpectations(text, `${target}.yaml`, () => true).expectations
    .filter(({ reason }) => !reason.startsWith(UNPROVEN));
}

function explained(
  deviations: readonly Judged[],
  faults: readonly BrokerFault[],
  before: readonly KnownDeviation[],
) {
  const expectations: KnownDeviation[] = [];
  const unexplained: Judged[] = [];
  const found = new Map<BrokerFault, Judged[]>();
  for (const one of deviations) {
    const text = `${one.id} ${one.protocol} ${one.reason ?? ""}`;
    const fault = faults.find(({ when }) => when.some((pattern) => new RegExp(pattern).test(text)));
    const known = deviationFor(before, one.id, one.protocol);
    const kept = known?.verdict === one.verdict ? known.reason : undefined;
    if (fault) found.set(fault, [...found.get(fault) ?? [], one]);
    else if (kept === undefined) unexplained.push(one);
    const verdict = one.verdict === "inconclusive" ? "inconclusive" as const : "fail" as const;
    const reason = kept ??
      (fault ? reasonOf(fault) : `${UNPROVEN}: ${withoutIds(one.reason ?? "no reason")}`);
    expectations.push({ case: one.id, protocol: one.protocol, verdict, reason });
  }
  return { expectations, unexplained, found };
}

function reasonOf({ fault, clauses, sent, came }: BrokerFault): string {
  return `${fault} [${clauses.join(", ")}]. Sent: ${sent}. Came: ${came}.`;
}

/** The reason without what differs from run to run. */
function withoutIds(reason: string): string {
  return reason.replaceAll(/attest\/[a-z0-9]{12}/g, "$topic").replaceAll(/\d+ ms/g, "its time");
}

function page(
  target: string,
  list: BrokerFaults,
  found: ReadonlyMap<BrokerFault, readonly Judged[]>,
): string {
  const sections = list.faults.map((fault) => {
    const cases = found.get(fault) ?? [];
    const names = [...new Set(cases.map(({ id }) => id.replace(/\[.*$/, "")))];
    return [
      `## ${fault.fault}`,
      "",
      "| | |",
      "|---|---|",
      `| clauses | ${fault.clauses.map((clause) => `\`${clause}\``).join(", ")} |`,
      `| sent | ${cell(fault.sent)} |`,
      `| came | ${cell(fault.came)} |`,
      `| case runs that notice it | ${cases.length}: ${names.map((name) => `\`${name}\``).join(", ")} |`,
      "",
    ].join("\n");
  });
  return [
    `# Faults of ${list.broker}`,
    "",
    'Each was reproduced by hand, with a few lines that open a socket and write the bytes below. "CONNECT" is',
    "`10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 68 61 6e 64`, with user name and password where the broker wants them.",
    `This page and \`expectations/${target}.yaml\` are made by \`tools/expectations/write.ts\` from \`expectations/faults/${target}.yaml\``,
    "and a run.",
    "",
    ...sections,
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

import assert from "node:assert/strict";
import { clause as moduleClause } from "../at/clauses.ts";
import type { Dialect } from "../at/dialect.ts";
import { clause as mqttClause } from "../mqtt/clauses.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import { formatProblems } from "../spec/problem.ts";
import { type CommandSet, loadDialect } from "./dialect/dialect_file.ts";
import { loadSuite } from "./file/load.ts";
import type { Suite } from "./file/model.ts";
import type { Step } from "./step/step.ts";

const HOME = new URL("../../", import.meta.url);

/** A suite of a test, with the openings that ship. */
export async function suiteOf(text: string, kind: "mqtt" | "at" | "client" = "mqtt"): Promise<Suite> {
  const openings = await Deno.readTextFile(new URL(`suites/${kind}/openings.yaml`, HOME));
  const loaded = loadSuite(text, "test.yaml", {
    openings: { text: openings, file: "openings.yaml" },
    clauses: (protocol, id) =>
      (isProtocolVersion(protocol) ? mqttClause(protocol, id) : moduleClause(id)) !== undefined,
  });
  assert.ok(loaded.suite, formatProblems(loaded.problems, new Map([["test.yaml", text]])));
  return loaded.suite;
}

/** A suite of broker cases; `cases` is indented by two. */
export function brokerSuite(cases: string, protocols = '["3.1.1"]'): Promise<Suite> {
  return suiteOf(`suite: demo\ntitle: Demo\nprotocols: ${protocols}\ncases:\n${cases}`);
}

/**
 * Steps as a suite writes them: `c -> CONNECT`. They may stand in the middle of a case, its lanes connected; `names` are
 * variables that got their values before.
 */
export async function stepsOf(
  lines: readonly string[],
  kind: "mqtt" | "at" = "mqtt",
  names: readonly string[] = [],
): Promise<readonly Step[]> {
  const protocols = kind === "mqtt" ? 'protocols: ["3.1.1", "5.0"]\n' : "";
  const values = names.map((name) => `${name}: 0`).join(", ");
  const lanes = new Set(
    lines.join(" ").match(/\b[a-z]+(?= (?:->|<-) )|(?<=\b(?:drop|ignore|lane): )[a-z]+/g) ?? [],
  );
  const before = kind === "mqtt" ? [...lanes].map((lane) => `open: ${lane}`) : [];
  const suite = await suiteOf(
    `suite: demo\ntitle: Demo\n${protocols}values: { ${values} }\ncases:\n` +
      "  - case: one\n    purpose: it MUST be read\n    steps:\n" +
      [...before, ...lines].map((line) => `      - ${line}\n`).join(""),
    kind,
  );
  return suite.cases[0]?.steps.slice(before.length) ?? [];
}

/** The ECMT command set, with how it says what a module can do. */
export async function ecmtCommands(): Promise<CommandSet> {
  const text = await Deno.readTextFile(new URL("suites/at/dialects/ecmt.yaml", HOME));
  const { commandSet } = loadDialect(text, "ecmt.yaml");
  assert.ok(commandSet);
  return commandSet;
}

/** The ECMT command set. */
export async function ecmt(): Promise<Dialect> {
  return (await ecmtCommands()).dialect;
}

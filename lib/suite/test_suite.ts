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

/** Reads a suite for a test, with the shipped openings. */
export async function suiteOf(text: string, kind: "mqtt" | "at" | "client" = "mqtt"): Promise<Suite> {
  const openings = await Deno.readTextFile(new URL(`suites/${kind}/openings.yaml`, HOME));
  const loaded = loadSuite(text, "test.yaml", {
    openings: { text: openings, file: "openings.yaml" },
    clauses: (protocol, id) =>
      (isProtocolVersion(protocol) ? mqttClause(protocol, id) : moduleClause(protocol, id)) !== undefined,
  });
  assert.ok(loaded.suite, formatProblems(loaded.problems, new Map([["test.yaml", text]])));
  return loaded.suite;
}

/** Reads a suite of broker cases; `cases` is indented by two. */
export function brokerSuite(cases: string, protocols = '["3.1.1"]'): Promise<Suite> {
  return suiteOf(`suite: demo\ntitle: Demo\nprotocols: ${protocols}\ncases:\n${cases}`);
}

/**
 * Reads steps as a suite writes them: `c -> CONNECT`. The lanes are connected before; `names` are variables
 * that already have values.
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

/** Reads the ECMT command set with its operations. */
export async function ecmtCommands(): Promise<CommandSet> {
  const text = await Deno.readTextFile(new URL("suites/at/dialects/ecmt.yaml", HOME));
  const { commandSet } = loadDialect(text, "ecmt.yaml");
  assert.ok(commandSet);
  return commandSet;
}

/** Reads the ECMT command set. */
export async function ecmt(): Promise<Dialect> {
  return (await ecmtCommands()).dialect;
}

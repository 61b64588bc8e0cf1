import { LEDGER_RULES } from "../../mqtt/ledger/ledger_rules.ts";
import { isProtocolVersion } from "../../mqtt/packet.ts";
import { RULE_NAMES } from "../../mqtt/rules.ts";
import type { Report } from "../../spec/form.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { nearest, suggest } from "../../ground/nearest.ts";
import type { WrittenCase } from "./case_form.ts";
import { capacityOf } from "../claim/capacities.ts";
import { featureHint, isFeature } from "../claim/features.ts";
import { needsOfRow } from "../claim/needs.ts";
import type { LoadOptions } from "./options.ts";
import type { Case, Requirement, Suite } from "./model.ts";
import { builtIn, checkNames, checkValueNames } from "./names.ts";
import { Budget, capturesOf, inline, type Opening } from "./opening.ts";
import { labelOf, MOST_CASES, product, type Row } from "./rows.ts";
import { partyKind } from "../step/lane.ts";
import type { WrittenSuite } from "./suite_form.ts";
import { eachStep, lanesIn, lanesOf, type Step, verbOf } from "../step/step.ts";

/** The dialect that a module suite without protocols types, where it does not say. */
export const TYPED_DIALECT = "ecmt";

/** The cases of a suite, openings in place and rows expanded; reports what is wrong with them. */
export function buildCases(
  suite: WrittenSuite,
  openings: ReadonlyMap<string, Opening>,
  options: LoadOptions,
  report: Report,
): { readonly tests: Suite["tests"]; readonly cases: readonly Case[] } {
  const budget = new Budget();
  const whole = suite.cases.map((written) => ({ written, ...allSteps(written, openings, budget, report) }));
  const tests = kindOf(suite, whole.flatMap(({ steps }) => steps), report);
  let count = 0;
  const cases = whole.flatMap(({ written, steps, loose }) => {
    const asClient = tests === "module" && suite.protocols !== undefined;
    const protocols = tests === "module" && !asClient
      ? [(suite.dialect ?? TYPED_DIALECT).toUpperCase()]
      : written.protocols ?? suite.protocols ?? [];
    if (tests === "module" && !asClient && written.protocols) {
      report.add("protocols in a case of a module suite", written.place, "move them to the suite");
    }
    checkLanes(steps, tests, report);
    checkDisturbing(written, steps, report);
    if (asClient) checkPortable(steps, report);
    checkAllNames(suite, written, steps, tests, loose, openings, report);
    const covers = readCovers(written, protocols, options, report);
    checkBreaks(written, protocols, options, report);
    count += (written.matrix?.size ?? 1) * (written.table?.length ?? 1);
    if (count > MOST_CASES) return [];
    return product(written.matrix, written.table).map((row) =>
      toCase(suite, written, row, steps, protocols, covers, report)
    );
  });
  if (count > MOST_CASES) {
    report.add(`a suite of ${count} cases`, suite.namePlace, `split it: at most ${MOST_CASES} are allowed`);
  }
  return { tests, cases };
}

/** Returns the steps of a case after those of its openings; `loose` if an opening is unknown. */
function allSteps(
  written: WrittenCase,
  openings: ReadonlyMap<string, Opening>,
  budget: Budget,
  report: Report,
) {
  const opened = written.use.map((use) => inline(use, openings, budget, report));
  return {
    steps: [...opened.flatMap((steps) => steps ?? []), ...written.steps],
    loose: opened.some((steps) => steps === undefined),
  };
}

function kindOf(suite: WrittenSuite, steps: readonly Step[], report: Report): Suite["tests"] {
  const lanes = lanesOf(steps);
  const module = lanes.some((lane) => partyKind(lane) !== "client");
  if (suite.protocols && lanes.length > 0) {
    return lanes.every((lane) => partyKind(lane) !== "client") ? "module" : "broker";
  }
  if (suite.protocols) return "broker";
  if (!module && lanes.length > 0 && suite.cases.some(({ protocols }) => !protocols)) {
    report.add("a broker suite without protocols", suite.namePlace, 'add protocols: ["3.1.1", "5.0"]');
  }
  return module ? "module" : "broker";
}

/**
 * Reports dialect-specific steps in a module suite with protocols, which must work for modules of every
 * dialect.
 */
function checkPortable(steps: readonly Step[], report: Report): void {
  const tell = (place: Place) =>
    report.add(
      "a command or result of one dialect in a suite with protocols",
      place,
      "write an operation such as publish or published, or remove protocols:",
    );
  for (const step of eachStep(steps)) {
    if (step.kind === "send" && step.send.kind === "command") tell(step.place);
    if (step.kind !== "expect") continue;
    for (const { kind, place } of step.outcomes) if (kind === "result") tell(place);
  }
}

function checkLanes(steps: readonly Step[], tests: Suite["tests"], report: Report): void {
  const told = new Set<string>();
  const used = new Set<string>();
  const names = lanesOf(steps);
  for (const step of eachStep(steps)) {
    for (const lane of lanesIn(step)) {
      if (!told.has(lane) && (partyKind(lane) === "client") !== (tests === "broker")) {
        told.add(lane);
        const hint = tests === "module"
          ? "a module suite has the lanes dte and broker"
          : "it is only for module suites without protocols";
        report.add(`lane ${quote(lane)} in a ${tests} suite`, step.place, hint);
      }
      if (verbOf(step).connects) used.add(lane);
      else if (tests === "broker" && !used.has(lane) && !told.has(lane)) {
        told.add(lane);
        const near = nearest(lane, names.filter((name) => name !== lane));
        const hint = `start with ${lane} -> CONNECT, or open: ${lane}${
          near ? `; or did you mean ${near}?` : ""
        }`;
        report.add(`lane ${quote(lane)} is not connected yet`, step.place, hint);
      }
    }
  }
}

/** Requires `exclusive` for steps that disturb the target and so every case that runs at the same time. */
function checkDisturbing(written: WrittenCase, steps: readonly Step[], report: Report): void {
  if (written.exclusive) return;
  const disturbing = eachStep(steps).find((step) => verbOf(step).disturbs);
  if (disturbing) {
    report.add(
      `a ${disturbing.kind} in a case that runs beside others`,
      disturbing.place,
      "add exclusive: true to the case",
    );
  }
}

function checkAllNames(
  suite: WrittenSuite,
  written: WrittenCase,
  steps: readonly Step[],
  tests: Suite["tests"],
  loose: boolean,
  openings: ReadonlyMap<string, Opening>,
  report: Report,
): void {
  const values = suite.values.map(({ name }) => name);
  const outer = [...builtIn(tests), "client", ...values];
  const { matrix, table } = written;
  const own = [...matrix?.axes ?? []].map(({ name }) => name);
  for (const [name] of table?.[0]?.variables ?? []) own.push(name);
  for (const { value: values } of matrix?.axes ?? []) {
    for (const value of values) checkValueNames(value, outer, report);
  }
  for (const { variables } of table ?? []) {
    for (const [, value] of variables) checkValueNames(value, outer, report);
  }
  for (const { feature, when, place } of [...suite.requires, ...written.requires]) {
    for (const name of [/\$(\w+)$/.exec(feature)?.[1], when]) {
      if (name === undefined || own.includes(name)) continue;
      report.add(
        `feature name with "$${name}", which is not a variable of the case's rows`,
        place,
        suggest(name, own) ?? "use a variable of matrix: or table:",
      );
    }
  }
  for (const { plus, place } of written.needs) {
    for (const { name } of plus) {
      if (own.includes(name) || values.includes(name)) continue;
      report.add(
        `need of "$${name}", which is neither a variable of the case's rows nor a value of the suite`,
        place,
        suggest(name, [...own, ...values]),
      );
    }
  }
  // With an unknown opening or a broken table the names are unknown, and a report of a missing one would be
  // wrong.
  if (loose || written.broken.names) return;
  const captures = [...(written.broken.steps ? written.captures : []), ...brokenCaptures(written, openings)];
  checkNames(steps, { tests, lanes: lanesOf(steps), given: [...values, ...own], captures }, report);
}

function brokenCaptures(written: WrittenCase, openings: ReadonlyMap<string, Opening>): readonly string[] {
  return written.use.some(({ name }) => openings.get(name)?.broken) ? capturesOf(written.use, openings) : [];
}

/** The names of all rules that attest's own packets can break. */
const RULES: ReadonlySet<string> = new Set([...RULE_NAMES, ...LEDGER_RULES.map(({ id }) => id)]);

function checkBreaks(
  { breaks }: WrittenCase,
  protocols: readonly string[],
  options: LoadOptions,
  report: Report,
): void {
  for (const { value, place } of breaks) {
    const isClause = /^MQTT-/.test(value);
    const versions = protocols.filter(isProtocolVersion);
    const known = isClause
      ? !options.clauses || versions.length === 0 ||
        versions.some((version) => options.clauses?.(version, value))
      : RULES.has(value);
    if (known) continue;
    if (isClause) report.add(`no clause ${quote(value)} in ${versions.join(" or ")}`, place);
    else {report.add(
        `unknown rule ${quote(value)}`,
        place,
        suggest(value, RULES) ?? "write the name of a rule, or a clause",
      );}
  }
}

type CoversTable = Readonly<Record<string, readonly string[]>>;

function readCovers(
  written: WrittenCase,
  protocols: readonly string[],
  options: LoadOptions,
  report: Report,
): CoversTable {
  const covers: Record<string, readonly string[]> = {};
  for (const protocol of protocols) covers[protocol] = [];
  const { covers: given } = written;
  if (!given) return covers;
  const [only, second] = protocols;
  if (given.kind === "plain" && second !== undefined) {
    const place = written.coversPlace ?? written.place;
    report.add(
      "a plain list of clauses in a case of several protocols",
      place,
      `write covers: { "${only}": [ … ] }`,
    );
    return covers;
  }
  const byProtocol = given.kind === "plain"
    ? only === undefined ? [] : [{ name: only, place: written.place, value: given.clauses }]
    : given.protocols;
  for (const { name: protocol, place, value: clauses } of byProtocol) {
    if (!protocols.includes(protocol)) {
      report.add(
        `clauses of ${quote(protocol)}, a protocol that the case does not run in`,
        place,
        suggest(protocol, protocols),
      );
      continue;
    }
    covers[protocol] = clauses.map(({ value }) => value);
    for (const { value: id, place } of clauses) {
      if (!options.clauses || options.clauses(protocol, id)) continue;
      report.add(
        `no clause ${quote(id)} in ${protocol}`,
        place,
        suggestClause(id, options.clauseIds?.(protocol) ?? []),
      );
    }
  }
  return covers;
}

function suggestClause(id: string, ids: readonly string[]): string | undefined {
  const near = nearest(id, ids);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

function toCase(
  suite: WrittenSuite,
  written: WrittenCase,
  row: Row,
  steps: readonly Step[],
  protocols: readonly string[],
  covers: CoversTable,
  report: Report,
): Case {
  return {
    id: `${suite.name}/${written.name}${row.label === "" ? "" : `[${row.label}]`}`,
    suite: suite.name,
    name: written.name,
    purpose: fillIn(written.purpose, row),
    level: written.level ?? suite.level,
    levels: written.levels,
    tags: [...new Set([...suite.tags, ...written.tags])],
    covers,
    protocols,
    requires: required([...suite.requires, ...written.requires], row, report),
    needs: needsOfRow(written.needs, row.variables, report),
    breaks: written.breaks.map(({ value }) => value),
    exclusive: written.exclusive,
    limit: written.limit,
    unprovable: written.unprovable,
    variables: row.variables,
    values: suite.values.map(({ name, value }) => [name, value] as const),
    steps,
    lanes: lanesOf(steps),
    place: written.place,
  };
}

/**
 * Returns the features that a row needs: `qos$qos` becomes `qos1` if its variable is 1. Every target has QoS
 * 0.
 */
function required(requires: readonly Requirement[], row: Row, report: Report): readonly Requirement[] {
  const filled = requires.map((one) => ({ ...one, feature: fillIn(one.feature, row) }))
    .filter(({ feature, when }) => feature !== "qos0" && holds(when, row));
  for (const { feature, place } of filled) {
    // The check of names reports a variable that the row does not have.
    if (isFeature(feature) || capacityOf(feature) || feature.includes("$")) continue;
    report.add(`unknown feature ${quote(feature)}`, place, featureHint(feature));
  }
  return filled;
}

/** Whether the row's variable that a requirement depends on is true. */
function holds(when: string | undefined, row: Row): boolean {
  if (when === undefined) return true;
  const value = row.variables.find(([name]) => name === when)?.[1];
  return value !== undefined && labelOf(value) !== "false";
}

/** Replaces the row's variables in a purpose. Any other dollar sign stays, for topics such as $SYS. */
function fillIn(purpose: string, row: Row): string {
  return purpose.replaceAll(/\$\$|\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g, (whole, name: string | undefined) => {
    if (name === undefined) return "$";
    const value = row.variables.find(([variable]) => variable === name)?.[1];
    if (value) return labelOf(value);
    return name === "row" ? row.name ?? whole : whole;
  });
}

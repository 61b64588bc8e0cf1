import { deepStrictEqual, doesNotThrow, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { clause } from "./clauses.ts";
import { commandSpec, resultSpec } from "./dialect.ts";
import { checkDialect } from "./dialect_check.ts";

const FILE = new URL("../../suites/at/dialects/ecmt.yaml", import.meta.url);

Deno.test("checkDialect() accepts the ECMT dialect, and every clause that it names exists", async () => {
  // The keys for steps are read by another module.
  const { operations: _operations, limits: _limits, ...data } = parse(await Deno.readTextFile(FILE));
  const { dialect, problems } = checkDialect(data);
  deepStrictEqual(problems, []);
  ok(dialect);
  strictEqual(dialect.commands.length, 8);
  strictEqual(dialect.results.length, 9);
  strictEqual(commandSpec(dialect, "+ecmtopen")?.resultMs, 35_000);
  strictEqual(resultSpec(dialect, "+ECMTRECV")?.fields.at(-1)?.raw, true);
  const named = [
    ...dialect.commands.flatMap((each) => [...each.clauses, ...each.options.flatMap((o) => o.clause ?? [])]),
    ...dialect.results.flatMap((each) => each.clauses),
  ];
  deepStrictEqual(named.filter((id) => !clause("ECMT", id)), []);
});

Deno.test("checkDialect() reports all mistakes at once, each with its path", () => {
  const { dialect, problems } = checkDialect({
    dialect: "Ecmt",
    title: "t",
    answerMs: "5s",
    resultMs: 1,
    finals: { ok: ["OK"], error: ["error"] },
    commands: {
      "+X": { forms: ["wirte"], result: "+Y", parameters: [{ name: "a", type: "int", raw: true }, 3] },
      nonsense: {},
    },
    results: {
      "+Z": {
        role: "answer",
        fields: [{ name: "p", type: "string", raw: true }, { name: "q", type: "int", range: [2, 1] }],
      },
    },
    extra: 1,
  });
  strictEqual(dialect, undefined);
  deepStrictEqual(problems.map((problem) => `${problem.path.join(".")}: ${problem.message}`), [
    'extra: unknown key "extra"; the keys are dialect, title, finals, commands, results, answerMs, resultMs, maximumLine, settleMs, barePrompts, errorDetails, escapes, identity, reset',
    'answerMs: expected a whole number from 1 to 86400000, found "5s"',
    'dialect: expected a name in small letters, found "Ecmt"',
    'finals.error.0: expected a final result such as OK or +CME ERROR, found "error"',
    'commands.+X.forms.0: expected one of write, read, test, execute, basic, found "wirte"',
    'commands.+X.parameters.0.raw: "raw" is not allowed for type int',
    'commands.+X.parameters.1: expected a map, found "3"',
    'commands.+X.parameters.0.raw: "a" takes the rest of the line and must be last',
    'commands.nonsense: expected a command name such as +NAME in capitals, found "nonsense"',
    'commands.nonsense: missing key "forms"',
    "results.+Z.fields.1.range: expected a range of two numbers, the smaller one first",
    'results.+Z.fields.0.raw: "p" takes the rest of the line and must be last',
    'commands.+X.result: unknown result "+Y"',
  ]);
});

Deno.test("checkDialect() reports reset lines that are not commands of the dialect", () => {
  const { problems } = checkDialect({
    dialect: "own",
    title: "t",
    answerMs: 1,
    resultMs: 1,
    finals: { ok: ["OK"], error: ["ERROR"] },
    commands: { "+X": { forms: ["write"] } },
    results: {},
    reset: { contexts: { query: "AT+X?", end: ["AT+Y={id}"], open: "+X" }, commands: ["AT+X=1", "AT+Z"] },
  });
  deepStrictEqual(problems.map((problem) => `${problem.path.join(".")}: ${problem.message}`), [
    'reset.contexts.open: expected a command line, found "+X"',
    'reset.contexts.query: "AT+X?" uses a form that +X does not have',
    'reset.contexts.end.0: "AT+Y={id}" is not a command of the dialect',
    'reset.commands.1: "AT+Z" is not a command of the dialect',
  ]);
});

Deno.test("checkDialect() takes any data without an exception", () => {
  fc.assert(fc.property(fc.anything(), (data) => doesNotThrow(() => checkDialect(data))));
});

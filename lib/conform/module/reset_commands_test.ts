import assert from "node:assert/strict";
import { readCommand } from "../../at/command.ts";
import { commandSpec, resultSpec } from "../../at/dialect.ts";
import { loadDialect } from "../../suite/dialect/dialect_file.ts";
import { resetCommandsOf, type ResultCommand } from "./reset_commands.ts";

/** The command set of a dialect that ships. */
async function dialectOf(name: string) {
  const text = await Deno.readTextFile(new URL(`../../../suites/at/dialects/${name}.yaml`, import.meta.url));
  const { commandSet } = loadDialect(text, `${name}.yaml`);
  assert.ok(commandSet);
  return commandSet.dialect;
}

for (const name of ["ecmt", "qmt"]) {
  Deno.test(`the commands that lead a module back are commands of ${name}, in forms that it has`, async () => {
    const dialect = await dialectOf(name);
    const commands = resetCommandsOf(name);
    assert.ok(commands);
    const all: readonly ResultCommand[] = [
      commands.contexts,
      commands.addresses,
      ...commands.ends("0"),
      commands.open("0", "127.0.0.1", 1883),
    ];
    for (const { command, prefix } of all) {
      const typed = readCommand(new TextEncoder().encode(`${command}\r`));
      const spec = typed && commandSpec(dialect, typed.name);
      assert.ok(typed && spec, command);
      assert.ok(spec.forms.includes(typed.form), command);
      // A query answers with its own name, and what it brings behind OK is a result of the dialect.
      if (typed.form === "read") assert.equal(prefix, typed.name);
      else assert.ok(resultSpec(dialect, prefix) && spec.result === prefix, command);
    }
  });
}

Deno.test("a context is closed before it is disconnected, and opened by its host in quotes", () => {
  const commands = resetCommandsOf("qmt");
  assert.deepEqual(commands?.ends("5").map(({ command }) => command), ["AT+QMTCLOSE=5", "AT+QMTDISC=5"]);
  assert.equal(commands?.open("5", "broker.example", 8883).command, 'AT+QMTOPEN=5,"broker.example",8883');
});

Deno.test("nobody knows how to lead a module of another dialect back", () => {
  assert.equal(resetCommandsOf("other"), undefined);
  assert.equal(resetCommandsOf("ECMT"), undefined);
});

import assert from "node:assert/strict";
import { PLAIN_DIALECT } from "../../at/dialect.ts";
import { loadDialect } from "../../suite/dialect/dialect_file.ts";
import { contextCommandsOf, lastCommandsOf } from "./reset_commands.ts";

/** The command set of a shipped dialect. */
async function dialectOf(name: string) {
  const text = await Deno.readTextFile(new URL(`../../../suites/at/dialects/${name}.yaml`, import.meta.url));
  const { commandSet } = loadDialect(text, `${name}.yaml`);
  assert.ok(commandSet);
  return commandSet.dialect;
}

for (const [name, prefix] of [["ecmt", "ECMT"], ["qmt", "QMT"]] as const) {
  Deno.test(`the contexts of ${name} are found, closed before they are disconnected, and opened`, async () => {
    const commands = contextCommandsOf(await dialectOf(name));
    assert.ok(commands);
    assert.deepEqual(commands.contexts, { command: `AT+${prefix}CONN?`, prefix: `+${prefix}CONN` });
    assert.deepEqual(commands.addresses, { command: `AT+${prefix}OPEN?`, prefix: `+${prefix}OPEN` });
    assert.equal(commands.connecting, "2");
    assert.deepEqual(commands.ends("5"), [
      { command: `AT+${prefix}CLOSE=5`, prefix: `+${prefix}CLOSE` },
      { command: `AT+${prefix}DISC=5`, prefix: `+${prefix}DISC` },
    ]);
    assert.deepEqual(commands.open("5", "broker.example", 8883), {
      command: `AT+${prefix}OPEN=5,"broker.example",8883`,
      prefix: `+${prefix}OPEN`,
    });
  });
}

Deno.test("settings that outlive their connection are set back, those that go with it are not", async () => {
  assert.deepEqual(lastCommandsOf(await dialectOf("ecmt")), { commands: [], until: [] });
  const last = lastCommandsOf(await dialectOf("qmt")).commands;
  assert.deepEqual(last[0], { command: 'AT+QMTCFG="session",0,1', prefix: undefined });
});

Deno.test("a dialect without reset: has no commands that reset its modules", () => {
  assert.equal(contextCommandsOf(PLAIN_DIALECT), undefined);
  assert.deepEqual(lastCommandsOf(PLAIN_DIALECT), { commands: [], until: [] });
});

Deno.test("commands that are taken only after the reset have their results too", async () => {
  const { until } = lastCommandsOf(await dialectOf("simcom"));
  assert.deepEqual(until.map(({ prefix }) => prefix), ["+CMQTTSTART", "+CMQTTSTOP"]);
});

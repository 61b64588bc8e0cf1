import assert from "node:assert/strict";
import { Dte } from "../../link/dte.ts";
import { VirtualModule } from "../../module/virtual_module.ts";
import { SerialPort } from "../../transport/serial.ts";
import { fold } from "../../run/result.ts";
import { readIdentity } from "./identity.ts";
import { ecmt, judge, moduleTarget, suiteOf } from "../test_bench.ts";

const NEVER = new AbortController().signal;

Deno.test("a module is asked who it is, each part by the next command where one is refused", async () => {
  await using module = await VirtualModule.start({});
  await using dte = new Dte(SerialPort.open(module.path), { dialect: await ecmt() });
  const identity = {
    manufacturer: ["AT+NOSUCH", "AT+CGMI"],
    model: ["ATE0"],
    revision: [],
    serial: ["AT+CGSN"],
  };
  const told = await readIdentity(dte, { ...await ecmt(), identity }, NEVER);
  assert.deepEqual(told, {
    identity: { manufacturer: "ATTEST", serial: "860000000000001" },
    untold: ["model"],
  });
});

Deno.test("a run asks each module once, before its first case, and the result contains the identity", async () => {
  const suite = await suiteOf(
    "suite: demo\ntitle: Demo\ncases:\n" +
      ["a", "b", "c"].map((name) => `  - { case: ${name}, purpose: p, steps: [dte -> AT, dte <- OK] }\n`)
        .join(""),
    "at",
  );
  const { events, exit } = await judge(suite, moduleTarget());
  assert.equal(exit, 0);
  assert.equal(events.filter(({ kind }) => kind === "identity").length, 1);
  const [target] = fold(events).targets;
  assert.equal(target?.identity?.["model"], "VIRTUAL-ECMT");
  assert.deepEqual(target?.untold, []);
});

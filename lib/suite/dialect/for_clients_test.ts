import { deepEqual, equal, ok } from "node:assert/strict";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "../file/load.ts";
import type { Case } from "../file/model.ts";
import { forClients } from "./for_clients.ts";

function oneCase(steps: readonly string[]): Case {
  const lines = steps.map((line) => `      - ${line}\n`).join("");
  const text =
    `suite: client/x\ntitle: X\nprotocols: ["3.1.1"]\ncases:\n  - case: one\n    purpose: it MUST\n    steps:\n${lines}`;
  const { suite, problems } = loadSuite(text, "x.yaml");
  const [first] = suite?.cases ?? [];
  ok(first, formatProblems(problems, new Map([["x.yaml", text]])));
  return first;
}

function sources(steps: readonly string[]): readonly string[] | undefined {
  const driven = forClients(oneCase(steps));
  return driven.missing === undefined ? driven.case.steps.map(({ source }) => source) : undefined;
}

const OPENED = ["dte -> open", "broker <- opened", "dte <- opened"];

Deno.test("a library opens its connection when it connects", () => {
  const steps = ["dte -> setKeepAlive: { seconds: 1 }", ...OPENED, "dte -> connect", "broker <- CONNECT"];
  deepEqual(sources(steps), ["dte -> setKeepAlive: { seconds: 1 }", "dte -> connect", "broker <- CONNECT"]);
});

Deno.test("the connection of a reconnect is still waited for", () => {
  const steps = [...OPENED, "dte -> connect", "drop: broker", "dte -> reconnect", "broker <- opened"];
  deepEqual(sources(steps), ["dte -> connect", "drop: broker", "dte -> reconnect", "broker <- opened"]);
});

Deno.test("a case that does something between the connection and CONNECT can't be run", () => {
  for (const between of ["drop: broker", "broker -> PINGRESP"]) {
    const { missing } = forClients(oneCase([...OPENED, between, "dte -> connect"]));
    equal(missing, "A client library opens its connection and sends CONNECT in one step");
  }
  ok(forClients(oneCase(OPENED)).missing);
  ok(forClients(oneCase(["repeat: { times: 2, steps: [dte -> open] }"])).missing);
});

Deno.test("a case with an operation of modules alone can't be run, and says why", () => {
  const { missing } = forClients(oneCase(["dte -> try close"]));
  equal(missing, "A client library closes its connection only with DISCONNECT");
});

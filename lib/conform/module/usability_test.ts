import assert from "node:assert/strict";
import { serve } from "../../module/serve.ts";
import { openPty } from "../../transport/pty.ts";
import { writeAll } from "../../transport/transport.ts";
import { judge, suiteOf } from "../test_bench.ts";
import { lineTarget } from "./test_lines.ts";

const CR = 0x0d;
const ERROR = new TextEncoder().encode("\r\nERROR\r\n");

/** A case that cuts the connection and notices nothing, and one that needs a new one. */
const SUITE = `
suite: s
title: Two cases of which the first breaks the module
cases:
  - case: cut
    purpose: the module MUST report a lost connection
    use: { online: {} }
    steps:
      - drop: broker
      - dte <- +ECMTSTAT: [0, 1]
      - ignore: dte
      - ignore: broker
  - case: opens
    purpose: the module MUST open a connection
    steps:
      - dte -> AT+ECMTOPEN=: [0, $host, $port]
      - dte <- OK
      - broker <- opened
      - dte <- +ECMTOPEN: [0, 0]
  - case: answers
    purpose: the module MUST answer
    steps:
      - dte -> raw: "AT\\r"
      - dte <- OK
`;

/** What the cases come to on a module with these defects, behind a pty. */
async function verdicts(...defects: string[]): Promise<readonly string[]> {
  const stop = new AbortController();
  const line = Promise.withResolvers<string>();
  const serving = serve({
    defects,
    signal: stop.signal,
    print: (text) => text.startsWith("module on ") ? line.resolve(text) : undefined,
  });
  try {
    const path = (await line.promise).replace(/^.* /, "");
    const judged = await judge(await suiteOf(SUITE, "at"), lineTarget(`serial:${path}`));
    return judged.cases.map(({ ended }) =>
      [ended?.verdict, ended?.reason].filter((part) => part !== undefined).join(": ")
    );
  } finally {
    stop.abort();
    await serving;
  }
}

Deno.test("a module that can't be used again is blamed on the case that did it, and not on those that follow", async () => {
  assert.deepEqual(await verdicts(), ["pass", "pass", "pass"]);
  const [cut = "", opens = "", answers = ""] = await verdicts("reopen-refused-for-good");
  assert.match(
    cut,
    /^fail: Behind this case the module can't be used again: Unexpected "\+CME ERROR: 3", expected OK/,
  );
  assert.match(opens, /^error: The module can't be used since s\/cut: /);
  assert.match(answers, /^error: The module can't be used since s\/cut: /);
});

Deno.test("a module that never takes its first commands ends the run after three cases, and the rest is not begun", async () => {
  const { master, path } = openPty();
  const answering = (async () => {
    const bytes = new Uint8Array(256);
    for (;;) {
      const read = await master.read(bytes).catch(() => null);
      if (read === null) return;
      if (bytes.subarray(0, read).includes(CR)) await writeAll(master, ERROR).catch(() => {});
    }
  })();
  try {
    const four = SUITE.replace(
      "cases:\n",
      "cases:\n  - { case: more, purpose: it MUST, steps: [dte -> AT+ECMTCONN?] }\n",
    );
    const judged = await judge(
      await suiteOf(four, "at"),
      lineTarget(`serial:${path}`, { line: { readyMs: 100 } }),
    );
    assert.deepEqual(judged.cases.map(({ ended }) => ended?.verdict), ["error", "error", "error"]);
    assert.equal(judged.exit, 3);
    const ended = judged.events.findLast((event) => event.kind === "run-ended");
    assert.match(ended?.reason ?? "", /; 3 cases in a row tried it$/);
  } finally {
    master.close();
    await answering;
  }
});

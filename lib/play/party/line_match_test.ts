import assert from "node:assert/strict";
import { parseResult } from "../../at/result.ts";
import type { DteArrival } from "../../link/dte.ts";
import { Scope } from "../../spec/scope.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import { ecmt, stepsOf } from "../../suite/test_suite.ts";
import { argData, arrivalMismatch, captured } from "./line_match.ts";

const DIALECT = await ecmt();

/** A line as it arrives. */
function line(text: string | Uint8Array): DteArrival {
  const raw = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const parsed = parseResult(raw, DIALECT);
  return parsed.kind === "final" ? { ...parsed, raw } : { ...parsed, raw, role: "text" };
}

/** What a step expects on the serial side. */
async function outcome(step: string): Promise<Outcome> {
  const [read] = await stepsOf([`dte <- ${step}`], "at");
  const [first] = read?.kind === "expect" ? read.outcomes : [];
  assert.ok(first);
  return first;
}

async function held(step: string, arrival: DteArrival | string): Promise<string | undefined> {
  const scope = new Scope().set("topic", "a/b");
  return arrivalMismatch(await outcome(step), typeof arrival === "string" ? line(arrival) : arrival, scope);
}

const PROMPT: DteArrival = { kind: "prompt", raw: new Uint8Array(), text: ">" };
const OVERFLOW: DteArrival = { kind: "overflow", raw: new Uint8Array(), text: "xx" };

Deno.test("a line of another kind is not a difference to report", async () => {
  assert.equal(await held("OK", "ERROR"), "");
  assert.equal(await held("OK", "+ECMTPUB: 0,7,0"), "");
  assert.equal(await held("+ECMTPUB: [0, 7, 0]", "+ECMTSUB: 0,7,0"), "");
  assert.equal(await held("+ECMTPUB: [0, 7, 0]", "OK"), "");
  assert.equal(await held("prompt", "OK"), "");
  for (const other of [PROMPT, OVERFLOW, { kind: "closed", how: "end" } as const]) {
    assert.equal(await held("line: x", other), "");
  }
});

Deno.test("a prompt fits a prompt, and a final result its own text", async () => {
  assert.equal(await held("prompt", PROMPT), undefined);
  assert.equal(await held("OK", "OK"), undefined);
});

Deno.test("an error matches whatever its code if none is expected, and otherwise by its code", async () => {
  assert.equal(await held("+CME ERROR", "+CME ERROR: 3"), undefined);
  assert.equal(await held("+CME ERROR: 3", "+CME ERROR: 3"), undefined);
  assert.equal(
    await held("+CME ERROR: 3", "+CME ERROR: 50"),
    "+CME ERROR has a parameter 1 that is 50, expected 3",
  );
});

Deno.test("parameters are compared one by one, and the first difference is reported by its number", async () => {
  assert.equal(await held("+ECMTPUB: [0, 7, 0]", "+ECMTPUB: 0,7,0"), undefined);
  assert.equal(
    await held("+ECMTPUB: [0, 7, 0]", "+ECMTPUB: 0,9,2"),
    "+ECMTPUB has a parameter 2 that is 9, expected 7",
  );
  assert.equal(
    await held("+ECMTPUB: [0, 7, 0]", "+ECMTPUB: 0,7"),
    "+ECMTPUB has a parameter 3 that is missing, expected 0",
  );
  assert.equal(await held("+ECMTPUB: [0, 7]", "+ECMTPUB: 0,7,0"), "+ECMTPUB has 3 parameters, expected 2");
});

Deno.test("parameters that may be missing may be, and a prefix alone takes any", async () => {
  assert.equal(await held("+ECMTPUB: [0, 7, { optional: any }]", "+ECMTPUB: 0,7"), undefined);
  assert.equal(await held("+ECMTPUB: [0, 7, { optional: any }]", "+ECMTPUB: 0,7,2"), undefined);
  assert.equal(await held("+ECMTPUB", "+ECMTPUB: 0,7,1,2,3"), undefined);
});

Deno.test("a payload matches with and without its quotes, and is reported as it came if it does not match", async () => {
  const expected = "+ECMTRECV: [0, 0, $topic, hello]";
  assert.equal(await held(expected, '+ECMTRECV: 0,0,"a/b",hello'), undefined);
  assert.equal(await held(expected, '+ECMTRECV: 0,0,"a/b","hello"'), undefined);
  assert.equal(
    await held(expected, '+ECMTRECV: 0,0,"a/b","help"'),
    '+ECMTRECV has a parameter 4 that is "\\"help\\"", expected "hello"',
  );
});

Deno.test("a line of another form is compared as text", async () => {
  assert.equal(await held("line: EC616", "EC616"), undefined);
  assert.equal(await held("line: EC616", "EC618"), 'the line is "EC618", expected "EC616"');
});

Deno.test("a parameter is a number where it is one, and bytes where it is not text", () => {
  const arrival = line(Uint8Array.from('+ECMTRECV: 0,7,"7",\xff\x00', (c) => c.charCodeAt(0)));
  assert.ok(arrival.kind === "result");
  assert.deepEqual(arrival.args.map(argData), [0, 7, "7", Uint8Array.of(0xff, 0x00)]);
});

Deno.test("a capture has its parameters by number, its prefix and its text", () => {
  assert.deepEqual(captured(line("+ECMTPUB: 0,7")), { 0: 0, 1: 7, type: "+ECMTPUB", text: "+ECMTPUB: 0,7" });
  assert.deepEqual(captured(line("+CME ERROR: 3")), { 0: 3, type: "+CME ERROR", text: "+CME ERROR: 3" });
  assert.deepEqual(captured(line("EC616")), { type: "line", text: "EC616" });
  assert.deepEqual(captured({ kind: "closed", how: "end" }), { type: "closed" });
});

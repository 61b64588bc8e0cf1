import assert from "node:assert/strict";
import { BASIC_FINALS, type Dialect, type FieldSpec } from "../at/dialect.ts";
import { PayloadLine, unframed } from "./payload_line.ts";

const field = (name: string, raw = false): FieldSpec => ({ name, type: "string", optional: false, raw });
const DIALECT: Dialect = {
  name: "test",
  title: "Test",
  finals: BASIC_FINALS,
  commands: [],
  results: [
    { prefix: "+RECV", role: "unsolicited", fields: [field("topic"), field("payload", true)], clauses: [] },
  ],
  maximumLine: 200,
  settleMs: 20,
};

const bytes = (text: string) => new TextEncoder().encode(text);
const report = (text: string) => ({ prefix: text.split(":")[0] ?? "", text });

/** The other possible payloads of a line, each with the reports after it. */
function shorter(line: PayloadLine): unknown[] {
  return line.shorter.map(({ args, reports }) => [args[1]?.text, ...reports.map(({ text }) => text)]);
}

Deno.test("a payload line followed by a report may end before the report, or before the line end in between", () => {
  const line = new PayloadLine(bytes('\r\n+RECV: "t",hello\r\n'), DIALECT);
  assert.deepEqual(shorter(line), []);
  line.add(bytes("\r\n^NWINFO: 0,1\r\n"), report("^NWINFO: 0,1"));
  assert.deepEqual(shorter(line), [["hello", "^NWINFO: 0,1"]]);
});

Deno.test("a payload that ends with line ends keeps them before a report", () => {
  const line = new PayloadLine(bytes('\r\n+RECV: "t",hello\r\n'), DIALECT);
  line.add(bytes("\r\n\r\n^NWINFO: 0,1\r\n"), report("^NWINFO: 0,1"));
  assert.deepEqual(shorter(line), [["hello", "^NWINFO: 0,1"], ["hello\r\n", "^NWINFO: 0,1"]]);
});

Deno.test("several reports are separated one by one, and text after them makes them part of the payload", () => {
  const line = new PayloadLine(bytes('\r\n+RECV: "t",a\r\n'), DIALECT);
  line.add(bytes("\r\n+CSQ: 1\r\n"), report("+CSQ: 1"));
  line.add(bytes("\r\n+CREG: 1\r\n"), report("+CREG: 1"));
  assert.deepEqual(shorter(line), [["a", "+CSQ: 1", "+CREG: 1"], ["a\r\n\r\n+CSQ: 1", "+CREG: 1"]]);
  line.add(bytes("b\r\n"));
  assert.deepEqual(shorter(line), []);
});

Deno.test("unframed() removes the line ends before and the one after", () => {
  assert.deepEqual(unframed(bytes("\r\n\r\na\r\n\r\n")), bytes("a\r\n"));
  assert.deepEqual(unframed(bytes("\r\n")), bytes(""));
});

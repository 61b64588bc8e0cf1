import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { countsOf } from "./counts.ts";
import type { Dialect, FieldSpec } from "./dialect.ts";
import { BASIC_FINALS } from "./dialect.ts";
import { type LineEvent, LineReader } from "./line_reader.ts";

const number = (name: string): FieldSpec => ({ name, type: "int", optional: false, raw: false });
const text = (name: string, raw = false): FieldSpec => ({ name, type: "string", optional: false, raw });

const DIALECT: Dialect = {
  name: "test",
  title: "Test",
  finals: BASIC_FINALS,
  commands: [],
  results: [
    {
      prefix: "+RX",
      role: "unsolicited",
      fields: [number("id"), number("length")],
      counts: "length",
      clauses: [],
    },
    {
      prefix: "+IN",
      role: "unsolicited",
      fields: [text("topic"), number("length"), text("data", true)],
      counts: "length",
      clauses: [],
    },
  ],
  maximumLine: 200,
  settleMs: 20,
};

const bytes = (given: string) => Uint8Array.from(given, (c) => c.charCodeAt(0));
const latin = (data: Uint8Array) => String.fromCharCode(...data);

function show(event: LineEvent): string {
  if (event.kind !== "line") return event.kind;
  const block = event.block && ` | ${latin(event.block)}`;
  return `${latin(event.bytes)}${block ?? ""}`;
}

const ROWS: readonly (readonly [title: string, received: string, events: readonly string[]])[] = [
  ["after a line", "\r\n+RX: 0,5\r\nab\r\nc\r\n\r\nOK\r\n", ["+RX: 0,5 | ab\r\nc", "OK"]],
  ["that begin with LF", "\r\n+RX: 0,3\r\n\nab\r\n", ["+RX: 0,3 | \nab"]],
  ["of which none follow", "\r\n+RX: 0,0\r\n\r\n\r\nOK\r\n", ["+RX: 0,0 | ", "OK"]],
  ["in a line", '\r\n+IN:"t",8,a,\r\nOK\r\n\r\nOK\r\n', ['+IN:"t",8,a,\r\nOK\r\n', "OK"]],
  ["in a line with a comma in a text", '\r\n+IN:"t,4",2,\r\n\r\nOK\r\n', ['+IN:"t,4",2,\r\n', "OK"]],
  ["that are more than a line has", "\r\n+RX: 0,500\r\nab\r\n", ["+RX: 0,500", "ab"]],
  ["of a number that is not one", "\r\n+RX: 0,x\r\nab\r\n", ["+RX: 0,x", "ab"]],
];

for (const [title, received, events] of ROWS) {
  Deno.test(`LineReader takes counted bytes ${title}, cut at every byte`, () => {
    const all = bytes(received);
    for (let cut = 0; cut <= all.length; cut++) {
      const reader = new LineReader(DIALECT.maximumLine, countsOf(DIALECT));
      const got = [...reader.push(all.subarray(0, cut)), ...reader.push(all.subarray(cut)), ...reader.end()];
      deepStrictEqual(got.map(show), events, `cut at ${cut}`);
    }
  });
}

Deno.test("LineReader takes an LF that comes late for the line's, and not for the first counted byte", () => {
  const reader = new LineReader(DIALECT.maximumLine, countsOf(DIALECT));
  reader.push(bytes("\r\n+RX: 0,2\r"));
  deepStrictEqual(reader.settle(), []);
  deepStrictEqual(reader.push(bytes("\nab")).map(show), ["+RX: 0,2 | ab"]);
});

Deno.test("LineReader returns the counted bytes that came when it stops waiting for more", () => {
  const reader = new LineReader(DIALECT.maximumLine, countsOf(DIALECT));
  deepStrictEqual(reader.push(bytes("\r\n+RX: 0,9\r\nab")), []);
  strictEqual(reader.counting, true);
  deepStrictEqual(reader.endCount().map(show), ["+RX: 0,9 | ab"]);
  deepStrictEqual(reader.push(bytes("\r\nOK\r\n")).map(show), ["OK"]);
});

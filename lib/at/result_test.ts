import { deepStrictEqual, doesNotThrow, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { TypedCommand } from "./command.ts";
import { BASIC_FINALS, type Dialect, type FieldSpec, PLAIN_DIALECT } from "./dialect.ts";
import { classify, parseResult } from "./result.ts";

const field = (name: string, raw = false): FieldSpec => ({ name, type: "string", optional: false, raw });

const DIALECT: Dialect = {
  ...PLAIN_DIALECT,
  finals: [...BASIC_FINALS, { text: "+MQTT ERROR", ok: false }],
  commands: [{
    name: "+ECMTPUB",
    forms: ["test", "write"],
    parameters: [],
    options: [],
    result: "+ECMTPUB",
    prompts: true,
    answerMs: 1,
    resultMs: 1,
    clauses: [],
  }],
  results: [
    { prefix: "+ECMTPUB", role: "answer", fields: [], clauses: [] },
    { prefix: "+ECMTSTAT", role: "unsolicited", fields: [], clauses: [] },
    {
      prefix: "+ECMTRECV",
      role: "unsolicited",
      fields: [field("id"), field("msgID"), field("topic"), field("payload", true)],
      clauses: [],
    },
  ],
};

function show(line: string): string {
  const parsed = parseResult(new TextEncoder().encode(line), DIALECT);
  const args = parsed.kind === "line" ? [] : parsed.args.map((arg) => `${arg.kind} ${arg.value ?? arg.text}`);
  const head = parsed.kind === "final"
    ? parsed.final
    : parsed.kind === "result"
    ? parsed.prefix
    : parsed.text;
  return [parsed.kind, head, ...args].join(" | ");
}

Deno.test("parseResult() splits lines into their parts", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["OK", "final | OK"],
    ["ERROR", "final | ERROR"],
    ["OK ", "line | OK "],
    ["+CME ERROR: 3", "final | +CME ERROR | number 3"],
    ["+CME ERROR:3", "final | +CME ERROR | number 3"],
    ["+CME ERROR: operation not allowed", "final | +CME ERROR | bare operation not allowed"],
    ["+CMS ERROR: 500", "final | +CMS ERROR | number 500"],
    ["+MQTT ERROR: SUB FAIL", "final | +MQTT ERROR | bare SUB FAIL"],
    ["+ECMTPUB: 0,7,0", "result | +ECMTPUB | number 0 | number 7 | number 0"],
    ["+ECMTPUB:0,7,0", "result | +ECMTPUB | number 0 | number 7 | number 0"],
    ["+ECMTOPEN: 0,-1", "result | +ECMTOPEN | number 0 | number -1"],
    ['+ECMTOPEN:0,"a,b",1883', "result | +ECMTOPEN | number 0 | quoted a,b | number 1883"],
    ['+ECMTCFG: "aliauth",,,', "result | +ECMTCFG | quoted aliauth | empty  | empty  | empty "],
    [
      '+ECMTCFG:"keepalive",(0),(0-3600),',
      "result | +ECMTCFG | quoted keepalive | group (0) | group (0-3600) | empty ",
    ],
    ['+ECMTCFG:"session",(0),(0,1)', "result | +ECMTCFG | quoted session | group (0) | group (0,1)"],
    ["+ECMTOPEN: (0),<host_name>,<port>", "result | +ECMTOPEN | group (0) | bare <host_name> | bare <port>"],
    ['+ECMTRECV: 0,987,"test",hello', "result | +ECMTRECV | number 0 | number 987 | quoted test | raw hello"],
    [
      '+ECMTRECV: 0,1,"a,b", {"x":[1,2]} ',
      'result | +ECMTRECV | number 0 | number 1 | quoted a,b | raw  {"x":[1,2]} ',
    ],
    ['+ECMTRECV: 0,1,"a"b",x', 'result | +ECMTRECV | number 0 | number 1 | quoted a"b | raw x'],
    ['+ECMTRECV: 0,1,"t",', "result | +ECMTRECV | number 0 | number 1 | quoted t | raw "],
    ["+ECMTPUB:", "result | +ECMTPUB"],
    ['+ECMTPUB: "open', 'result | +ECMTPUB | bare "open'],
    ["Air302", "line | Air302"],
    ["http://x: 1", "line | http://x: 1"],
  ];
  for (const [line, parts] of rows) strictEqual(show(line), parts, line);
});

Deno.test("parseResult() keeps the bytes of a payload that is not UTF-8", () => {
  const parsed = parseResult(
    Uint8Array.from([...new TextEncoder().encode('+ECMTRECV: 0,1,"t",'), 0xff, 0x00, 0x2c]),
    DIALECT,
  );
  deepStrictEqual(parsed.kind === "result" && parsed.args[3]?.bytes, Uint8Array.of(0xff, 0x00, 0x2c));
});

Deno.test("parseResult() takes any bytes without an exception", () => {
  const line = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ maxLength: 40 }).map((rest) => new TextEncoder().encode(`+ECMTRECV: ${rest}`)),
    fc.string({ maxLength: 40, unit: fc.constantFrom(",", '"', "(", ")", " ", "1") }).map((rest) =>
      new TextEncoder().encode(`+ECMTPUB:${rest}`)
    ),
  );
  fc.assert(fc.property(line, (bytes) => doesNotThrow(() => parseResult(bytes, DIALECT))));
});

Deno.test("classify() returns a line's role for the command in progress", () => {
  const write: TypedCommand = { name: "+ECMTPUB", form: "write" };
  const test: TypedCommand = { name: "+ECMTPUB", form: "test" };
  const rows: readonly (readonly [string, TypedCommand | undefined, string])[] = [
    ["OK", write, "final"],
    ["+ECMTPUB: 0,7,0", undefined, "answer"],
    ["+ECMTPUB: 0,7,0", write, "answer"],
    ["+ECMTPUB: (0)", test, "information"],
    ['+ECMTRECV: 0,1,"t",x', write, "unsolicited"],
    ["+ECMTSTAT: 0,1", undefined, "unsolicited"],
    ["+CGMR: 1", { name: "+CGMR", form: "execute" }, "information"],
    ["+NITZ: 1", undefined, "unsolicited"],
    ["+NITZ: 1", write, "unsolicited"],
    ["+NITZ: 1", { name: "I", form: "basic" }, "unsolicited"],
    ["Air302", { name: "I", form: "basic" }, "information"],
    ["RDY", undefined, "text"],
  ];
  for (const [line, command, role] of rows) {
    strictEqual(classify(parseResult(new TextEncoder().encode(line), DIALECT), DIALECT, command), role, line);
  }
});

Deno.test("parseResult() returns a quoted rest of the line in both forms if both occur", () => {
  const payloadOf = (line: string, dialect = DIALECT) => {
    const parsed = parseResult(new TextEncoder().encode(line), dialect);
    return parsed.kind === "result" ? parsed.args[3] : undefined;
  };
  const both = payloadOf('+ECMTRECV: 0,1,"t","a","b"');
  deepStrictEqual([both?.kind, both?.text, both?.unquoted?.text], ["raw", '"a","b"', 'a","b']);
  strictEqual(payloadOf('+ECMTRECV: 0,1,"t","a')?.unquoted, undefined);
  for (const [quoted, text] of [[true, "a"], [false, '"a"']] as const) {
    const fields = [field("id"), field("msgID"), field("topic"), { ...field("payload", true), quoted }];
    const results = [{ prefix: "+ECMTRECV", role: "unsolicited", fields, clauses: [] }] as const;
    const arg = payloadOf('+ECMTRECV: 0,1,"t","a"', { ...DIALECT, results });
    deepStrictEqual([arg?.text, arg?.unquoted], [text, undefined]);
  }
});

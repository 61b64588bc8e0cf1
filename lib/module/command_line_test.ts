import assert from "node:assert/strict";
import fc from "fast-check";
import { readCommandLine } from "./command_line.ts";
import { type Parameter, readArguments, splitParameters } from "./parameters.ts";

function read(line: string): readonly string[] | undefined {
  return readCommandLine(line)?.map((command) =>
    command.kind === "fault" ? "fault" : `${command.name} ${command.form} ${command.text}`
  );
}

Deno.test("a command line is split into its commands and forms", () => {
  const rows: readonly (readonly [string, readonly string[] | undefined])[] = [
    ["AT", []],
    ["noise", undefined],
    ["at+cmee=1", ["+CMEE write 1"]],
    ["ATE0Q1", ["E basic 0", "Q basic 1"]],
    ["AT&F", ["&F basic "]],
    ["ATE0+CMEE=2", ["E basic 0", "+CMEE write 2"]],
    ["AT+A?;+B=?;+C;+D=", ["+A read ", "+B test ", "+C execute ", "+D write "]],
    ['AT+A="x;y",1;+B?', ['+A write "x;y",1', "+B read "]],
    ['AT+ECMTCFG ="cloud",0', ['+ECMTCFG write "cloud",0']],
    ['AT+ECMTPUB=0,0,0,0,"a","b";+CMEE?', ['+ECMTPUB write 0,0,0,0,"a","b";+CMEE?']],
    ["AT+A?x", ["fault"]],
    ["AT+A;?", ["+A execute ", "fault"]],
    [`AT+${"A".repeat(33)}?`, ["fault"]],
  ];
  for (const [line, expected] of rows) assert.deepEqual(read(line), expected, line);
});

Deno.test("parameters are split at the commas outside quotes", () => {
  const rows: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['0, "a, b" ,c', ["bare 0", "quoted a, b", "bare c"]],
    ["0,,1", ["bare 0", "omitted", "bare 1"]],
    ["0,", ["bare 0", "omitted"]],
    ['""', ["quoted "]],
    ['"a', undefined],
    ['"a"b', undefined],
    ['a"b', undefined],
    ["a\tb", undefined],
    ["1,".repeat(32), undefined],
  ];
  for (const [text, expected] of rows) {
    const split = splitParameters(text)?.map((part) =>
      part.kind === "omitted" ? "omitted" : `${part.kind} ${part.text}`
    );
    assert.deepEqual(split, expected, text);
  }
});

Deno.test("no line and no parameters make the parser throw or run on", () => {
  const text = fc.string({ unit: fc.constantFrom(...'AT+ECMPUB=?;,"0 1\x1a\n&') });
  const table: readonly Parameter[] = [
    { name: "a", type: "number", mandatory: true, range: [0, 9] },
    { name: "b", type: "text", mandatory: false, range: [0, 9] },
    { name: "c", type: "rest", mandatory: false, range: [0, 9] },
  ];
  fc.assert(fc.property(text, (line) => {
    const commands = readCommandLine(`AT${line}`);
    assert.ok(commands);
    assert.ok(commands.length <= line.length);
    const written = splitParameters(line, 2);
    if (written) {
      readArguments(written, table, {
        mandatory: () => true,
        range: (_name, range) => range,
        refusesExtra: true,
        takesQuotedNumbers: false,
        refusesEmptyText: true,
      });
    }
  }));
});

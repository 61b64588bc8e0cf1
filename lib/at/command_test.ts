import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { COMMAND_FORMS, type CommandArg, formatCommand, readCommand } from "./command.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

Deno.test("formatCommand() writes each form", () => {
  deepStrictEqual(
    COMMAND_FORMS.map((form) => text(formatCommand("+ECMTCLOSE", form, [{ kind: "number", value: 0 }]))),
    [
      "AT+ECMTCLOSE=0\r",
      "AT+ECMTCLOSE?\r",
      "AT+ECMTCLOSE=?\r",
      "AT+ECMTCLOSE\r",
      "AT+ECMTCLOSE0\r",
    ],
  );
  strictEqual(text(formatCommand("E0", "basic")), "ATE0\r");
});

Deno.test("formatCommand() writes numbers, quoted and bare text, bytes, and nothing between commas", () => {
  const args: CommandArg[] = [
    { kind: "number", value: -1 },
    { kind: "quoted", value: 'a"b,c' },
    { kind: "omit" },
    { kind: "bare", value: "007" },
    { kind: "quoted", value: Uint8Array.of(0x41, 0xff) },
  ];
  deepStrictEqual(
    formatCommand("+X", "write", args, "\r\n"),
    Uint8Array.from([...bytes('AT+X=-1,"a"b,c",,007,"A'), 0xff, ...bytes('"\r\n')]),
  );
});

Deno.test("readCommand() reads name and form back from what formatCommand() wrote", () => {
  const name = fc.stringMatching(/^\+[A-Z][A-Z0-9]{0,15}$/);
  fc.assert(fc.property(name, fc.constantFrom("write", "read", "test", "execute"), (name, form) => {
    deepStrictEqual(readCommand(formatCommand(name, form, [{ kind: "number", value: 1 }])), { name, form });
  }));
});

Deno.test("readCommand() reads basic commands, small letters and blanks, and nothing from other text", () => {
  deepStrictEqual(readCommand(bytes("ATE0\r")), { name: "E0", form: "basic" });
  deepStrictEqual(readCommand(bytes("AT\r")), { name: "", form: "basic" });
  deepStrictEqual(readCommand(bytes("\n at+cmee=1\r")), { name: "+CMEE", form: "write" });
  deepStrictEqual(readCommand(bytes('AT+ECMTCFG ="cloud",0,4,1\r')), { name: "+ECMTCFG", form: "write" });
  strictEqual(readCommand(bytes("hello\r")), undefined);
  strictEqual(readCommand(bytes("")), undefined);
});

import { deepStrictEqual } from "node:assert/strict";
import { BASIC_FINALS, type Dialect, type FieldSpec } from "../at/dialect.ts";
import { openPty } from "../transport/pty.ts";
import { SerialPort } from "../transport/serial.ts";
import { writeAll } from "../transport/transport.ts";
import { Dte, type DteArrival } from "./dte.ts";

const number = (name: string): FieldSpec => ({ name, type: "int", optional: false, raw: false });

const DIALECT: Dialect = {
  name: "test",
  title: "Test",
  finals: BASIC_FINALS,
  commands: [],
  results: [
    {
      prefix: "+RXSTART",
      role: "unsolicited",
      fields: [number("id"), number("topicLength"), number("payloadLength")],
      parts: {
        texts: [{ prefix: "+RXTOPIC", length: "topicLength" }, {
          prefix: "+RXPAYLOAD",
          length: "payloadLength",
        }],
        end: "+RXEND",
      },
      clauses: [],
    },
    ...["+RXTOPIC", "+RXPAYLOAD"].map((prefix) => ({
      prefix,
      role: "unsolicited" as const,
      fields: [number("id"), number("length")],
      counts: "length",
      clauses: [],
    })),
    { prefix: "+RXEND", role: "unsolicited", fields: [number("id")], clauses: [] },
  ],
  maximumLine: 2000,
  settleMs: 20,
};

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function show(arrival: DteArrival | undefined): string {
  if (arrival?.kind === "result") {
    return [arrival.prefix, ...arrival.args.map(({ text }) => JSON.stringify(text))].join(" ");
  }
  return arrival && "text" in arrival ? arrival.text : String(arrival?.kind);
}

/** What a session gives for what a module says, and an OK behind that. */
async function given(said: string, count: number): Promise<string[]> {
  const { master, path } = openPty();
  await using dte = new Dte(SerialPort.open(path), { dialect: DIALECT });
  using _module = master;
  await writeAll(master, bytes(said));
  const got: string[] = [];
  while (got.length < count) got.push(show(await dte.receive(5_000)));
  return got;
}

const message = (topic: string, pieces: readonly string[], length = pieces.join("").length) =>
  `\r\n+RXSTART: 0,${topic.length},${length}\r\n+RXTOPIC: 0,${topic.length}\r\n${topic}\r\n${
    pieces.map((piece) => `+RXPAYLOAD: 0,${piece.length}\r\n${piece}\r\n`).join("")
  }+RXEND: 0\r\n`;

Deno.test("Dte gives a message in several lines as one result, its payload of several pieces put together", async () => {
  deepStrictEqual(await given(`${message("a/b", ["one\r\nOK\r\n", "two"])}\r\nOK\r\n`, 2), [
    '+RXSTART "0" "3" "12" "a/b" "one\\r\\nOK\\r\\ntwo"',
    "OK",
  ]);
  deepStrictEqual(await given(`${message("a", [])}\r\nOK\r\n`, 2), ['+RXSTART "0" "1" "0" "a" ""', "OK"]);
});

Deno.test("Dte gives only the first line of a message whose parts are not as long as it says", async () => {
  deepStrictEqual(await given(`${message("a", ["two"], 4)}\r\nOK\r\n`, 2), ['+RXSTART "0" "1" "4"', "OK"]);
});

Deno.test("Dte gives only the first line of a message that another line interrupts, and then that line", async () => {
  const said = "\r\n+RXSTART: 0,1,1\r\n+RXTOPIC: 0,1\r\na\r\n\r\nOK\r\n\r\n+RXTOPIC: 1,1\r\nb\r\n";
  deepStrictEqual(await given(said, 3), ['+RXSTART "0" "1" "1"', "OK", '+RXTOPIC "1" "1"']);
});

Deno.test("Dte gives a message up whose end does not come, or whose bytes are too few", async () => {
  deepStrictEqual(await given("\r\n+RXSTART: 0,1,1\r\n+RXTOPIC: 0,1\r\na\r\n", 1), [
    '+RXSTART "0" "1" "1"',
  ]);
  deepStrictEqual(await given("\r\n+RXSTART: 0,9,1\r\n+RXTOPIC: 0,9\r\na\r\n", 1), [
    '+RXSTART "0" "9" "1"',
  ]);
});

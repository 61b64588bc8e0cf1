import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type LineEvent, LineReader } from "./line_reader.ts";

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const latin = (data: Uint8Array) => String.fromCharCode(...data);

function show(event: LineEvent): string {
  switch (event.kind) {
    case "line":
      return `line ${latin(event.bytes)} (${event.ended})`;
    case "echo":
      return `${event.complete ? "echo" : "part of echo"} ${JSON.stringify(latin(event.raw))}`;
    case "prompt":
      return "prompt";
    case "overflow":
      return `overflow ${event.raw.length}`;
  }
}

interface Row {
  readonly title: string;
  readonly typed: string;
  readonly received: string;
  readonly events: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    title: "a final result after an echo",
    typed: "AT\r",
    received: "AT\r\r\nOK\r\n",
    events: ['echo "AT\\r"', "line OK (crlf)"],
  },
  { title: "an answer without an echo", typed: "AT\r", received: "\r\nOK\r\n", events: ["line OK (crlf)"] },
  {
    title: "information lines separated by one CR LF",
    typed: "",
    received: "\r\n+A: 1\r\n+B: 2\r\n\r\nOK\r\n",
    events: ["line +A: 1 (crlf)", "line +B: 2 (crlf)", "line OK (crlf)"],
  },
  { title: "a line that ends with LF alone", typed: "", received: "OK\n", events: ["line OK (lf)"] },
  {
    title: "a line that ends with CR alone",
    typed: "",
    received: "\rOK\r+A: 1\r\n",
    events: ["line OK (cr)", "line +A: 1 (crlf)"],
  },
  {
    title: "a URC in the middle of an echo",
    typed: 'AT+ECMTSUB=0,1,"t",2\r',
    received: 'AT+ECMT\r\n+ECMTSTAT: 0,1\r\nSUB=0,1,"t",2\r\r\nOK\r\n',
    events: [
      'part of echo "AT+ECMT"',
      "line +ECMTSTAT: 0,1 (crlf)",
      'echo "SUB=0,1,\\"t\\",2\\r"',
      "line OK (crlf)",
    ],
  },
  {
    title: "a URC between echo and answer",
    typed: "AT\r",
    received: "AT\r\r\n+ECMTSTAT: 0,1\r\n\r\nOK\r\n",
    events: ['echo "AT\\r"', "line +ECMTSTAT: 0,1 (crlf)", "line OK (crlf)"],
  },
  {
    title: "a URC before the echo's last CR",
    typed: "AT\r",
    received: "AT\r\n+ECMTSTAT: 0,1\r\n\r\r\nOK\r\n",
    events: ['echo "AT\\r"', "line +ECMTSTAT: 0,1 (crlf)", "line OK (crlf)"],
  },
  {
    title: "a line that only begins like the echo",
    typed: "AT+CGMM\r",
    received: "\r\nAir302\r\n\r\nOK\r\n",
    events: ["line Air302 (crlf)", "line OK (crlf)"],
  },
  {
    title: "a wrong echo",
    typed: "AT+X=1\r",
    received: "AT+Y=1\r\r\nOK\r\n",
    events: ["line AT+Y=1 (cr)", "line OK (crlf)"],
  },
  {
    title: "a prompt, the echo of the data, and the answer",
    typed: "hello\x1a",
    received: "\r\n> hello\x1a\r\nOK\r\n",
    events: ["prompt", 'echo "hello\\u001a"', "line OK (crlf)"],
  },
  {
    title: "data with line breaks in its echo, which a URC interrupts after one",
    typed: "a\r\nb\x1a",
    received: "a\r\n+ECMTSTAT: 0,1\r\n\r\nb\x1a\r\nOK\r\n",
    events: [
      'part of echo "a"',
      "line +ECMTSTAT: 0,1 (crlf)",
      'echo "\\r\\nb\\u001a"',
      "line OK (crlf)",
    ],
  },
  {
    title: "text that begins with > and no space",
    typed: "",
    received: "\r\n>x\r\n",
    events: ["line >x (crlf)"],
  },
  {
    title: "a payload of all bytes but line breaks",
    typed: "",
    received: '\r\n+R: "\x00\x01\x1a\x1b\x80\xff"\r\n',
    events: ['line +R: "\x00\x01\x1a\x1b\x80\xff" (crlf)'],
  },
];

for (const row of ROWS) {
  Deno.test(`LineReader reads ${row.title}, whole and cut at every byte`, () => {
    const received = bytes(row.received);
    for (let cut = 0; cut <= received.length; cut++) {
      const reader = new LineReader();
      reader.expectEcho(bytes(row.typed));
      const events = [...reader.push(received.subarray(0, cut)), ...reader.push(received.subarray(cut))];
      deepStrictEqual([...events, ...reader.end()].map(show), row.events, `cut at ${cut}`);
    }
  });
}

Deno.test("LineReader returns the same events however the stream is split, and keeps every byte", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "\r\n",
      "\r",
      "\n",
      "> ",
      "OK",
      "AT",
      "AT+X=1\r",
      '+ECMTRECV: 0,1,"t",a',
      "\r\nOK\r\n",
      ">",
      "\x1a",
    ),
    fc.string({ minLength: 1, maxLength: 5, unit: "binary-ascii" }),
  );
  const stream = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(""));
  const echoes = fc.array(fc.oneof(fc.constantFrom("AT+X=1\r", "AT\r", "a\r\nOK\x1a"), piece), {
    maxLength: 3,
  });
  const limit = fc.constantFrom(16, 40, 16_384);
  fc.assert(
    fc.property(
      stream,
      echoes,
      limit,
      fc.array(fc.nat(400), { maxLength: 20 }),
      (text, typed, most, cuts) => {
        const received = bytes(text);
        const read = (at: readonly number[]) => {
          const reader = new LineReader(most);
          for (const echo of typed) reader.expectEcho(bytes(echo));
          const events: LineEvent[] = [];
          let from = 0;
          for (const cut of [...at, received.length].sort((a, b) => a - b)) {
            if (cut > received.length) break;
            events.push(...reader.push(received.subarray(from, cut)));
            from = cut;
          }
          events.push(...reader.end());
          return { events, rest: reader.takeBlank() };
        };
        const whole = read([]);
        deepStrictEqual(read(cuts), whole);
        if (!whole.events.some((event) => event.kind === "overflow")) {
          strictEqual([...whole.events.map((event) => event.raw), whole.rest].map(latin).join(""), text);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("LineReader returns the start of a line over the limit, and continues after its end", () => {
  const reader = new LineReader(8);
  const events = reader.push(bytes("\r\n123456789012345\r\n\r\nOK\r\n"));
  deepStrictEqual(events.map(show), ["overflow 8", "line OK (crlf)"]);
});

Deno.test("LineReader keeps no more than its limit of a stream of line breaks", () => {
  const reader = new LineReader(100);
  const events = reader.push(bytes("\r\n".repeat(1000)));
  strictEqual(events.length, 20);
  strictEqual(reader.takeBlank().length, 0);
});

Deno.test("LineReader waits for an echo no longer once it is forgotten, and still waits for later ones", () => {
  const reader = new LineReader();
  reader.expectEcho(bytes("OK first\r"), 1);
  reader.expectEcho(bytes("AT\r"), 2);
  reader.forgetEcho(1);
  deepStrictEqual(reader.push(bytes("AT\r\r\nOK\r\n")).map(show), ['echo "AT\\r"', "line OK (crlf)"]);
  strictEqual(reader.echoDue, 0);
});

Deno.test("LineReader returns a line that ended with CR once the line is silent", () => {
  const reader = new LineReader();
  deepStrictEqual(reader.push(bytes("\r\nOK\r")), []);
  deepStrictEqual(reader.settle().map(show), ["line OK (cr)"]);
});

Deno.test("LineReader returns the rest of a line at the end of the stream", () => {
  const reader = new LineReader();
  reader.push(bytes("\r\n+ECMTP"));
  deepStrictEqual(reader.end().map(show), ["line +ECMTP (cut)"]);
});

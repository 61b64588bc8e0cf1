import assert from "node:assert/strict";
import type { RunEvent } from "./event.ts";
import { formatLine, readJournal } from "./journal.ts";

const CLAUSE: RunEvent = { kind: "clause", protocol: "5.0", clause: "MQTT-1.5.4-1", text: "Grüße\n" };
const END: RunEvent = { kind: "run-ended", t: 12.5, interrupted: true, exit: 130, reason: "SIGINT" };

Deno.test("readJournal() returns what formatLine() wrote", () => {
  assert.deepEqual(readJournal(formatLine(CLAUSE) + formatLine(END)), { events: [CLAUSE, END], unknown: 0 });
});

Deno.test("readJournal() reads a journal cut at any byte up to its last whole line", () => {
  const bytes = new TextEncoder().encode(formatLine(CLAUSE) + formatLine(END));
  const first = new TextEncoder().encode(formatLine(CLAUSE)).length;
  for (let length = 0; length < bytes.length; length++) {
    const { events, damaged } = readJournal(bytes.subarray(0, length));
    // A line is complete even without its newline.
    const whole = (length >= first - 1 ? 1 : 0) + (length >= bytes.length - 1 ? 1 : 0);
    assert.deepEqual(events, [CLAUSE, END].slice(0, whole), `cut at ${length}`);
    const between = length === 0 || length === first - 1 || length === first || length >= bytes.length - 1;
    assert.equal(damaged === undefined, between, `cut at ${length}`);
  }
});

Deno.test("readJournal() names the first damaged line and reads on", () => {
  const read = readJournal(
    `${formatLine(CLAUSE)}{"kind":"clause","protocol":5}\nnonsense\n${formatLine(END)}`,
  );
  assert.deepEqual(read.events, [CLAUSE, END]);
  assert.equal(read.damaged?.line, 2);
  assert.match(read.damaged?.reason ?? "", /"clause"/);
});

Deno.test("readJournal() counts and skips events of an unknown kind", () => {
  const read = readJournal(`{"kind":"sample","t":3}\n${formatLine(END)}`);
  assert.deepEqual(read, { events: [END], unknown: 1 });
});

for (const line of ["null", "[]", "3", "{}", '{"kind":7}', '{"kind":"__proto__"}', '{"kind":"toString"}']) {
  Deno.test(`readJournal() takes ${line} for no event`, () => {
    assert.deepEqual(readJournal(line + "\n").events, []);
  });
}

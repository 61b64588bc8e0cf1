import assert from "node:assert/strict";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "../file/load.ts";
import type { Case } from "../file/model.ts";
import { eachStep } from "../step/step.ts";
import type { ClientWays } from "./client_ways.ts";
import { loadDialect } from "./dialect_file.ts";
import { inDialect } from "./in_dialect.ts";

function cases(text: string): readonly Case[] {
  const file = `suite: client/x\ntitle: X\nprotocols: ["3.1.1"]\ncases:\n${text}`;
  const { suite, problems } = loadSuite(file, "x.yaml");
  assert.ok(suite, formatProblems(problems, new Map([["x.yaml", file]])));
  return suite.cases;
}

function oneCase(steps: string, rows = ""): Case {
  const lines = steps.trim().split("\n").map((line) => `      ${line}`).join("\n");
  const [first] = cases(`  - case: one\n    purpose: it MUST\n${rows}    steps:\n${lines}\n`);
  assert.ok(first);
  return first;
}

function dialect(client: string): { ways?: ClientWays; problems: string } {
  const file = `dialect: own
title: A dialect of a test
answerMs: 1000
resultMs: 1000
finals: { ok: [OK], error: [ERROR] }
commands: {}
results: {}
client: ${client}
operations:
  open: [dte -> AT+S, dte <- OK]
  opened: [dte <- +S]
  connect: [dte -> setWill, { dte -> AT+C=: [$clientId, $setKeepAlive.seconds] }, dte <- OK]
  connected: [dte <- +C]
  reconnect: [{ dte -> AT+C=: [again, $setKeepAlive.seconds] }]
  setKeepAlive: []
  setWill: [{ dte -> AT+W=: [$topic, { lengthOf: $topic }] }, dte <- OK]
  publish: [{ dte -> AT+P=: [$payload] }, dte <- OK]
  published: [dte <- +P]
`;
  const { commandSet, problems } = loadDialect(file, "own.yaml");
  const told = formatProblems(problems, new Map([["own.yaml", file]]));
  return commandSet ? { ways: commandSet.ways, problems: told } : { problems: told };
}

function waysOf(client: string): ClientWays {
  const { ways, problems } = dialect(client);
  assert.ok(ways, problems);
  return ways;
}

const PRESET = "presets: { setKeepAlive: { seconds: 60 } }";
const ALL = waysOf(
  `{ opensAt: connect, packetIds: module, ${PRESET}, takes: { setKeepAlive: { seconds: [1, 600] }, publish: { payload: [1, 4] } } }`,
);

/** The commands that a case types, or why it can't be typed. */
function typed(one: Case, ways: ClientWays): readonly string[] | string {
  const found = inDialect(one, ways);
  if (found.missing !== undefined) return found.missing;
  return [...eachStep(found.case.steps)].flatMap((step) => {
    if (step.kind !== "send" || step.send.kind !== "command") return [];
    const args = step.send.args.map((arg) => arg.kind === "literal" ? arg.source : arg.kind);
    return [`${step.send.name} ${args.join(",")}`.trim()];
  });
}

/** The packets of a case on the lane broker with their identifiers. */
function packets(one: Case, ways: ClientWays): readonly string[] {
  const found = inDialect(one, ways);
  assert.equal(found.missing, undefined);
  if (found.missing !== undefined) return [];
  return [...eachStep(found.case.steps)].flatMap((step): string[] => {
    const outcomes = step.kind === "expect" ? step.outcomes : step.kind === "send" ? [step.send] : [];
    return outcomes.flatMap((each) => {
      if (each.kind !== "packet") return [];
      const id = each.fields.find(([name]) => name === "packetId")?.[1];
      const said = id?.kind === "literal"
        ? id.source
        : id?.kind === "variable"
        ? `$${id.path.join(".")}`
        : id?.kind === "text"
        ? id.parts.map((part) => typeof part === "string" ? part : `$${part.join(".")}`).join("")
        : "none";
      return [`${each.type} ${said}${step.kind === "expect" && step.as ? ` as ${step.as}` : ""}`];
    });
  });
}

Deno.test("inDialect() types a request in another one where the case made it, and gives later commands its fields", () => {
  const steps =
    "- dte -> setKeepAlive: { seconds: 5 }\n- dte -> setWill: { topic: gone }\n- dte -> connect: { clientId: me }\n- dte -> reconnect";
  assert.deepEqual(typed(oneCase(steps), ALL), ["+W gone,map", "+C me,5", "+C again,5"]);
  assert.deepEqual(typed(oneCase("- dte -> connect: { clientId: me }"), ALL), ["+C me,60"]);
});

Deno.test("inDialect() keeps a request that may be refused apart where another one types it", () => {
  const found = inDialect(oneCase("- dte -> try setWill: { topic: gone }\n- dte -> connect"), ALL);
  assert.ok(found.missing === undefined);
  assert.deepEqual(found.case.steps.map(({ kind }) => kind), ["attempt", "attempt", "send", "expect"]);
});

Deno.test("inDialect() leaves out that a connection is opened before CONNECT where it is opened with it", () => {
  const steps =
    "- dte -> open\n- broker <- opened\n- dte <- opened\n- dte -> connect\n- broker <- CONNECT\n- given: [dte -> reconnect, broker <- opened]";
  const found = inDialect(oneCase(steps), ALL);
  assert.ok(found.missing === undefined);
  const opened = [...eachStep(found.case.steps)].filter((step) =>
    step.kind === "expect" && step.outcomes.some(({ kind }) => kind === "opened")
  );
  assert.equal(opened.length, 1);
});

Deno.test("inDialect() says of a case that uses a connection before CONNECT that it can't be said", () => {
  assert.equal(
    typed(oneCase("- dte -> open\n- broker <- opened\n- drop: broker"), ALL),
    "opens the network connection with connect, and not before",
  );
});

Deno.test("inDialect() says of a case that asks for more than the commands take that it can't be said", () => {
  const rows = "    table: { columns: [size], rows: [[5]] }\n";
  assert.equal(
    typed(oneCase("- dte -> publish: { payload: { repeat: x, times: $size } }", rows), ALL),
    "has no publish with a payload of 5 bytes, but of 1 to 4",
  );
  assert.equal(
    typed(oneCase("- dte -> setKeepAlive: { seconds: 0 }"), ALL),
    "has no setKeepAlive with a seconds of 0, but of 1 to 600",
  );
  assert.deepEqual(typed(oneCase("- dte -> publish: { payload: 1234 }"), ALL), ["+P 1234"]);
  assert.deepEqual(typed(oneCase("- dte -> try publish: { payload: 12345 }"), ALL), ["+P 12345"]);
});

Deno.test("inDialect() captures the identifiers that a module chooses, new with each request", () => {
  const rows = "    table: { columns: [id], rows: [[255]] }\n";
  const steps = `- dte -> publish: { id: $id, qos: 1, payload: x }
- broker <- PUBLISH: { packetId: $id }
- broker -> PUBACK: { packetId: 256 }
- broker -> PUBLISH: { packetId: 9, qos: 1, topic: a }
- broker <- PUBACK: { packetId: 9 }
- broker <- PUBLISH: { packetId: $id, dup: true }
- broker -> PUBACK: { packetId: $id }
- dte -> publish: { id: $id, qos: 1, payload: y }
- broker <- PUBLISH: { packetId: $id, as: got }
- broker -> packets: [{ PUBACK: { packetId: $id } }]`;
  assert.deepEqual(packets(oneCase(steps, rows), ALL), [
    "PUBLISH any as packet255",
    "PUBACK $packet255.packetId + 1",
    "PUBLISH 9",
    "PUBACK 9",
    "PUBLISH $packet255.packetId",
    "PUBACK $packet255.packetId",
    "PUBLISH any as got",
  ]);
  assert.deepEqual(packets(oneCase(steps, rows), waysOf(`{ ${PRESET} }`))[0], "PUBLISH $id");
});

Deno.test("a dialect file's client: tells what is wrong with it", () => {
  const { problems } = dialect(
    "{ opensAt: start, presets: { setKeepAlive: { seconds: 60 }, sing: {} }, takes: { publish: { size: [1, 2], payload: [4, 1] } } }",
  );
  assert.match(problems, /"start"/);
  assert.match(problems, /"sing" is not a request/);
  assert.match(problems, /"publish" has no field "size"/);
  assert.match(problems, /a range that ends before it begins/);
});

Deno.test("a request may name the fields of those that have presets, and of no others", () => {
  assert.match(dialect("{}").problems, /unknown variable "\$setKeepAlive"/);
});

Deno.test("inDialect() leaves out an indication that a module never gives, and a case that unsubscribes from something else", () => {
  const file = `dialect: own
title: A dialect of a test
answerMs: 1000
resultMs: 1000
finals: { ok: [OK], error: [ERROR] }
commands: {}
results: {}
client: { unsubscribes: subscribed }
operations:
  open: []
  opened: []
  subscribe: [{ dte -> AT+S=: [$filter] }]
  unsubscribe: [{ dte -> AT+U=: [$filter] }]
`;
  const { commandSet } = loadDialect(file, "own.yaml");
  assert.ok(commandSet);
  const { ways } = commandSet;
  assert.deepEqual(
    typed(oneCase("- dte -> open\n- dte <- opened\n- dte -> subscribe: { filter: a }"), ways),
    [
      "+S a",
    ],
  );
  const both = "- dte -> subscribe: { filter: a }\n- dte -> unsubscribe: { filter: a }";
  assert.deepEqual(typed(oneCase(both), ways), ["+S a", "+U a"]);
  const other = "- dte -> subscribe: { filter: a }\n- dte -> unsubscribe: { filter: b }";
  assert.equal(typed(oneCase(other), ways), "unsubscribes only from what is subscribed to");
  const repeated = "- repeat: { times: 1, steps: [dte -> subscribe] }\n- dte -> unsubscribe";
  assert.equal(typed(oneCase(repeated), ways), "unsubscribes only from what is subscribed to");
});

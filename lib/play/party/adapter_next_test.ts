import { deepEqual, equal } from "node:assert/strict";
import { Scope } from "../../spec/scope.ts";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "../../suite/file/load.ts";
import { nextRequest } from "./adapter_next.ts";

const SUITE = `suite: client/x
title: X
protocols: ["3.1.1"]
cases:
  - case: one
    purpose: it MUST
    steps:
      - dte -> connect
      - broker <- CONNECT
      - dte -> subscribe: { filter: $topic, qos: 1 }
      - dte -> publish: { payload: x }
      - dte -> reconnect
      - dte -> disconnect
      - dte -> reconnect
      - repeat: { times: 2, as: i, steps: [{ "dte -> publish": { payload: "$i" } }] }
      - dte -> reconnect
      - dte -> try publish: { payload: at last, qos: 2, retain: 1 }
`;

Deno.test("nextRequest() gives what a case asks for first on each connection", () => {
  const { suite, problems } = loadSuite(SUITE, "x.yaml");
  const [found] = suite?.cases ?? [];
  if (!found) throw new Error(formatProblems(problems, new Map([["x.yaml", SUITE]])));
  const scope = new Scope().set("topic", "a/b");
  const next = (count: number) => nextRequest(found.steps, count, scope);
  deepEqual(next(1), { subscribe: { filters: [{ filter: "a/b", qos: 1 }] } });
  equal(next(2), undefined);
  equal(next(3), undefined, "what a variable of a later step says is not known yet");
  deepEqual(next(4), { publish: { topic: "a/b", payload: "at last", qos: 2, retain: true } });
  equal(next(5), undefined);
});

import assert from "node:assert/strict";
import { formatExpectations, loadExpectations } from "./expectation_file.ts";
import { findingFor } from "./known_finding.ts";

const RULED = { rule: "property-twice", reason: "known" };
const TOLD = { message: 'PUBLISH topic is "a", expected "b"', protocol: "3.1.1", reason: "known too" };

Deno.test("a known finding explains every case run that breaks its rule, in an opening too", () => {
  const failure = { rules: ["property-twice"] };
  const found = (verdict: "fail" | "inconclusive" | "pass" | "error") =>
    findingFor([TOLD, RULED], "5.0", { verdict, reason: "CONNACK 0 breaks it", failure });
  assert.equal(found("fail"), RULED);
  assert.equal(found("inconclusive"), RULED);
  assert.equal(found("pass"), undefined);
  assert.equal(found("error"), undefined);
});

Deno.test("a known finding explains what has its message, whatever the names in it are, in its protocol", () => {
  const shown = { verdict: "fail" as const, reason: 'PUBLISH topic is "x/1", expected "y"' };
  assert.equal(findingFor([RULED, TOLD], "3.1.1", shown), TOLD);
  assert.equal(findingFor([RULED, TOLD], "5.0", shown), undefined);
  const opening = {
    verdict: "inconclusive" as const,
    reason: `The opening "subscribed" was not met: ${shown.reason}`,
  };
  assert.equal(findingFor([TOLD], "3.1.1", opening), TOLD);
});

Deno.test("an expectation file lists findings beside cases, and is written as it was read", () => {
  const text = `target: t
expect:
  - finding:
      rule: property-twice
    reason: known
  - finding:
      message: PUBLISH topic is "a", expected "b"
    protocol: 3.1.1
    reason: known too
  - case: s/c
    verdict: fail
    reason: why
`;
  const { expectations, findings, problems } = loadExpectations(text, "t.yaml", () => true);
  assert.deepEqual(problems, []);
  assert.deepEqual(findings.map(({ rule, message }) => rule ?? message), [RULED.rule, TOLD.message]);
  assert.equal(formatExpectations("t", expectations, findings), text);
});

Deno.test("a finding of no rule, of an unknown one, or beside a case is a mistake", () => {
  const messages = (entry: string) =>
    loadExpectations(`target: t\nexpect:\n  - ${entry}\n    reason: r\n`, "t.yaml", () => true)
      .problems.map(({ message, hint }) => hint === undefined ? message : `${message}; ${hint}`);
  assert.deepEqual(messages("finding: { rule: property-twise }"), [
    'unknown rule "property-twise"; did you mean property-twice?',
  ]);
  assert.deepEqual(messages("finding: { rule: property-twice, message: x }"), [
    "a finding has either a rule or a message; remove one",
  ]);
  assert.deepEqual(messages("finding: {}"), ["a finding has either a rule or a message; add rule:"]);
  assert.deepEqual(messages("case: s/c\n    finding: { rule: property-twice }"), [
    "an expectation has either a case, or cases, or a finding; remove one",
    'an expectation without "verdict"; add verdict:',
  ]);
});

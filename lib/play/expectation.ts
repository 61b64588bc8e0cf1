import type { Arrival, MqttLink } from "../link/mqtt_link.ts";
import type { Data, Scope } from "../spec/scope.ts";
import { describeExpected, mismatch } from "../suite/field/compare.ts";
import type { Outcome } from "../suite/step/outcome.ts";
import type { UpgradeAnswer } from "../transport/websocket_upgrade.ts";
import { packetData } from "./capture.ts";
import { describeFrame, describeViolation } from "./frame_text.ts";
import { codesIn, fieldTerm, fieldWithValue } from "./packet_terms.ts";
import { StepFailed, type StepProblem } from "./step_failed.ts";
import type { Taken } from "./party/party.ts";

/** Creates the failure of a case in which nothing came from a broker within a step's wait. */
export function nothingCame(expected: string, withinMs: number): StepFailed {
  return new StepFailed({
    message: `Nothing came within ${withinMs} ms, expected ${expected}`,
    expected,
    got: "nothing",
    missing: true,
    // A stopped broker keeps its connections open.
    connectionLost: true,
  });
}

/**
 * Compares an arrival on an MQTT lane with the allowed outcomes. Throws {@link StepFailed} if it matches
 * none, if nothing came, or if it breaks an encoding rule.
 */
export function takeArrival(
  alternatives: readonly (readonly Outcome[])[],
  arrival: Arrival | undefined,
  withinMs: number,
  scope: Scope,
): Taken {
  if (arrival === undefined) throw nothingCame(describeOutcomes(alternatives.flat(), scope), withinMs);
  if (arrival.kind === "closed") {
    const index = alternatives.findIndex((outcomes) => outcomes.some((outcome) => outcome.kind === "closed"));
    if (index >= 0) return { index, got: { type: "closed" } };
    throw new StepFailed(
      arrivalProblem(arrival, describeOutcomes(alternatives.flat(), scope), protocolOf(scope)),
    );
  }
  if (arrival.kind !== "packet" || arrival.violations.length > 0) {
    throw new StepFailed(
      arrivalProblem(arrival, describeOutcomes(alternatives.flat(), scope), protocolOf(scope)),
    );
  }

  const data = packetData(arrival.packet);
  const reasons: string[] = [];
  const five = protocolOf(scope) === "5.0";
  for (const [index, outcomes] of alternatives.entries()) {
    for (const outcome of outcomes) {
      if (outcome.kind !== "packet" || outcome.type !== arrival.packet.type) continue;
      const problem = fieldsMismatch(outcome, data, scope);
      if (problem === undefined) return { index, got: { ...data, size: arrival.raw.length } };
      if (five || !onlyInFive(outcome, scope)) reasons.push(problem);
    }
  }
  const problem = arrivalProblem(arrival, describeOutcomes(alternatives.flat(), scope), protocolOf(scope));
  if (reasons.length === 0) throw new StepFailed(problem);
  throw new StepFailed({ ...problem, message: `${arrival.packet.type} ${listed(reasons, "; or ")}` });
}

/**
 * Compares the response to an upgrade with the allowed outcomes. Throws {@link StepFailed} if it matches
 * none.
 */
export function takeUpgrade(
  alternatives: readonly (readonly Outcome[])[],
  answer: UpgradeAnswer,
  scope: Scope,
): Taken {
  const { status, subprotocol } = answer;
  const data = { status, ...(subprotocol === undefined ? {} : { subprotocol }) };
  const index = alternatives.findIndex((outcomes) =>
    outcomes.some((outcome) => outcome.kind === "upgraded" && !fieldsMismatch(outcome, data, scope))
  );
  if (index >= 0) return { index, got: { type: "upgraded", ...data } };
  throw new StepFailed(upgradeProblem(answer, describeOutcomes(alternatives.flat(), scope)));
}

/** Describes a response to an upgrade that no step expects. */
export function upgradeProblem(answer: UpgradeAnswer, expected: string): StepProblem {
  const got = describeUpgrade(answer);
  return { message: `Unexpected ${got}, expected ${expected}`, unexpected: true, expected, got };
}

/** Describes the response to an upgrade in a few words. */
export function describeUpgrade({ status, subprotocol }: UpgradeAnswer): string {
  const chosen = subprotocol === undefined ? "no subprotocol" : `the subprotocol "${subprotocol}"`;
  return `answer ${status} to the upgrade, with ${chosen}`;
}

/**
 * What is wrong with an arrival that no step wants: a broken rule of its own, or that it came. It is worded in the terms of `protocol`,
 * if that is given.
 */
export function arrivalProblem(arrival: Arrival, expected: string, protocol?: string): StepProblem {
  if (arrival.kind === "closed") {
    const how = arrival.how === "end" ? "closed" : "reset";
    return {
      message: arrival.why === undefined
        ? `The connection was ${how}, expected ${expected}`
        : `${arrival.why}, expected ${expected}`,
      expected,
      got: `connection ${how}`,
      connectionLost: true,
    };
  }
  const hex = arrival.raw.subarray(0, 256).toHex();
  const got = describeFrame(arrival, protocol);
  const [first] = arrival.violations;
  if (!first) {
    return { message: `Unexpected ${got}, expected ${expected}`, unexpected: true, expected, got, hex };
  }
  return {
    message: `${got} breaks ${arrival.violations.map(describeViolation).join("; and ")}`,
    broken: arrival.violations.map(({ rule }) => rule),
    expected,
    got,
    hex,
    clauses: arrival.violations.flatMap(({ clause }) => clause === undefined ? [] : [clause]),
  };
}

/** Returns what came on a link and no step took. If the rest is ignored, only malformed packets count. */
export function leftoverOf(link: MqttLink | undefined, ignored: boolean): StepProblem | undefined {
  for (;;) {
    const arrival = link?.peek();
    if (!arrival || arrival.kind === "closed") return undefined;
    const problem = arrivalProblem(arrival, "nothing after the last step", link?.version);
    if (!ignored || !problem.unexpected) return problem;
    // The item is in the inbox, so this returns at once.
    void link?.receive(0);
  }
}

/** The most allowed outcomes that are listed individually. */
const MOST_TOLD = 10;

/** Describes the allowed outcomes in a sentence. */
export function describeOutcomes(outcomes: readonly Outcome[], scope: Scope): string {
  const five = protocolOf(scope) === "5.0";
  const possible = outcomes.filter((one) => five || !onlyInFive(one, scope));
  const told = possible.length > 0 ? possible : outcomes;
  return listed(
    told.slice(0, MOST_TOLD).map((one) => describeOutcome(one, scope)),
    ", or ",
    told.length,
  );
}

/** The protocol of the case. */
function protocolOf(scope: Scope): string | undefined {
  const bound = scope.get("protocol");
  return bound !== undefined && "data" in bound && typeof bound.data === "string" ? bound.data : undefined;
}

/** The first code of CONNACK that refuses in 5.0; earlier versions count from 1. */
const REFUSED_IN_FIVE = 0x80;

/** What no version before 5.0 has: a DISCONNECT with a reason, and a CONNACK with codes of 5.0 alone. */
function onlyInFive(outcome: Outcome, scope: Scope): boolean {
  if (outcome.kind !== "packet") return false;
  const reason = outcome.fields.find(([name]) => name === "reason")?.[1];
  if (reason === undefined) return false;
  if (outcome.type === "DISCONNECT") return true;
  const codes = describeExpected(reason, scope).match(/\d+/g) ?? [];
  return outcome.type === "CONNACK" && codes.length > 0 &&
    codes.every((code) => Number(code) >= REFUSED_IN_FIVE);
}

/** Joins the first of some texts, and the number of the others. */
function listed(texts: readonly string[], between: string, count = texts.length): string {
  const told = texts.slice(0, MOST_TOLD);
  return [...told, ...(count > told.length ? [`${count - told.length} more`] : [])].join(between);
}

/** Describes an allowed outcome in a few words. */
export function describeOutcome(outcome: Outcome, scope: Scope): string {
  const fields = (
    entries: readonly (readonly [string, Parameters<typeof describeExpected>[0]])[],
    type = "",
  ) =>
    entries.map(([name, value]) =>
      fieldWithValue(type, name, describeExpected(value, scope), protocolOf(scope))
    )
      .join(", ");
  switch (outcome.kind) {
    case "packet":
      return outcome.fields.length > 0
        ? `${outcome.type} with ${fields(outcome.fields, outcome.type)}`
        : outcome.type;
    case "closed":
      return "a closed connection";
    case "opened":
      return "a new connection";
    case "upgraded":
      return `an answer to the upgrade${outcome.fields.length > 0 ? ` with ${fields(outcome.fields)}` : ""}`;
    case "operation":
      return outcome.name;
    case "prompt":
      return 'the prompt "> "';
    case "echo":
      return outcome.on ? "the echo of the last command" : "no echo of the last command";
    case "line":
      return `the line ${describeExpected(outcome.text, scope)}`;
    case "final":
      return [
        `${outcome.text}${outcome.args.length > 0 ? ":" : ""}`,
        ...outcome.args.map((arg) => describeExpected(arg, scope)),
      ].join(" ");
    case "result":
      return outcome.args
        ? `${outcome.prefix}: ${outcome.args.map((arg) => describeExpected(arg, scope)).join(",")}`
        : outcome.prefix;
  }
}

function fieldsMismatch(
  outcome: Extract<Outcome, { kind: "packet" | "upgraded" }>,
  data: { readonly [field: string]: Data },
  scope: Scope,
): string | undefined {
  for (const [name, value] of outcome.fields) {
    const problem = mismatch(value, Object.hasOwn(data, name) ? data[name] : undefined, scope);
    if (problem === undefined) continue;
    const term = outcome.kind === "packet" ? fieldTerm(outcome.type, name, protocolOf(scope)) : name;
    return `${term} ${codesIn(name, problem)}`;
  }
  return undefined;
}

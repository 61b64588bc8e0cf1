import type { Value } from "../../spec/value.ts";
import { generateValues, rewriteGenerate } from "./generate_step.ts";
import type { Fields, Outcome, Send, Step } from "../file/model.ts";

/** What is put in the place of a step's parts. */
export interface Rewriting {
  readonly value: (value: Value) => Value;
  readonly lane: (lane: string) => string;
  /** The opening that the step now belongs to. */
  readonly opening: string;
}

/** The step with its values and lanes replaced, and those of the steps in it. */
export function rewriteStep(step: Step, by: Rewriting): Step {
  const base = { place: step.place, source: step.source, opening: by.opening };
  const within = (value: Value | undefined) => value ? { within: by.value(value) } : {};
  switch (step.kind) {
    case "send":
      return { ...base, kind: "send", lane: by.lane(step.lane), send: rewriteSend(step.send, by.value) };
    case "expect":
      return {
        ...base,
        kind: "expect",
        lane: by.lane(step.lane),
        outcomes: step.outcomes.map((outcome) => rewriteOutcome(outcome, by.value)),
        ...within(step.within),
        ...(step.as === undefined ? {} : { as: step.as }),
      };
    case "nothing":
      return { ...base, kind: "nothing", lane: by.lane(step.lane), ...within(step.within) };
    case "wait":
      return { ...base, kind: "wait", duration: by.value(step.duration) };
    case "drop":
      return {
        ...base,
        kind: "drop",
        lane: by.lane(step.lane),
        ...(step.how ? { how: by.value(step.how) } : {}),
      };
    case "open":
      return {
        ...base,
        kind: "open",
        lane: by.lane(step.lane),
        ...(step.subprotocols ? { subprotocols: step.subprotocols.map(by.value) } : {}),
      };
    case "ignore":
      return { ...base, kind: "ignore", lane: by.lane(step.lane) };
    case "restart":
      return { ...base, kind: "restart" };
    case "all":
    case "sequence":
    case "attempt":
      return { ...base, kind: step.kind, steps: step.steps.map((each) => rewriteStep(each, by)) };
    case "poll":
      return {
        ...base,
        kind: "poll",
        within: by.value(step.within),
        ...(step.every ? { every: by.value(step.every) } : {}),
        steps: step.steps.map((each) => rewriteStep(each, by)),
      };
    case "generate":
      return { ...base, kind: "generate", generate: rewriteGenerate(step.generate, by) };
    case "repeat":
      return {
        ...base,
        kind: "repeat",
        times: by.value(step.times),
        steps: step.steps.map((each) => rewriteStep(each, by)),
        ...(step.as === undefined ? {} : { as: step.as }),
      };
  }
}

function rewriteFields(fields: Fields, by: (value: Value) => Value): Fields {
  return fields.map(([name, value]) => [name, by(value)] as const);
}

function rewritePacket(
  packet: Extract<Send, { kind: "packet" }>,
  by: (value: Value) => Value,
): typeof packet {
  return { ...packet, fields: rewriteFields(packet.fields, by), wire: rewriteFields(packet.wire, by) };
}

function rewriteSend(send: Send, by: (value: Value) => Value): Send {
  switch (send.kind) {
    case "packet":
      return rewritePacket(send, by);
    case "packets":
      return {
        ...send,
        packets: send.packets.map((packet) => rewritePacket(packet, by)),
        wire: rewriteFields(send.wire, by),
      };
    case "raw":
    case "data":
      return { ...send, bytes: by(send.bytes) };
    case "command":
      return { ...send, args: send.args.map(by) };
    case "operation":
    case "frame":
      return { ...send, fields: rewriteFields(send.fields, by) };
  }
}

/** The outcome with its values replaced. */
export function rewriteOutcome(outcome: Outcome, by: (value: Value) => Value): Outcome {
  switch (outcome.kind) {
    case "packet":
    case "operation":
    case "upgraded":
      return { ...outcome, fields: rewriteFields(outcome.fields, by) };
    case "final":
      return { ...outcome, args: outcome.args.map(by) };
    case "result":
      return outcome.args ? { ...outcome, args: outcome.args.map(by) } : outcome;
    case "line":
      return { ...outcome, text: by(outcome.text) };
    case "closed":
    case "opened":
    case "prompt":
    case "echo":
      return outcome;
  }
}

/** The values that a step itself holds, without those of the steps in it. */
export function valuesOf(step: Step): readonly Value[] {
  switch (step.kind) {
    case "send":
      return sendValues(step.send);
    case "expect":
      return [...step.outcomes.flatMap(outcomeValues), ...(step.within ? [step.within] : [])];
    case "nothing":
      return step.within ? [step.within] : [];
    case "wait":
      return [step.duration];
    case "generate":
      return generateValues(step.generate);
    case "repeat":
      return [step.times];
    case "poll":
      return [step.within, ...(step.every ? [step.every] : [])];
    case "drop":
      return step.how ? [step.how] : [];
    case "open":
      return step.subprotocols ?? [];
    case "ignore":
    case "restart":
    case "all":
    case "sequence":
    case "attempt":
      return [];
  }
}

function sendValues(send: Send): readonly Value[] {
  switch (send.kind) {
    case "packet":
      return [...send.fields, ...send.wire].map(([, value]) => value);
    case "packets":
      return [...send.packets.flatMap(sendValues), ...send.wire.map(([, value]) => value)];
    case "raw":
    case "data":
      return [send.bytes];
    case "command":
      return send.args;
    case "operation":
    case "frame":
      return send.fields.map(([, value]) => value);
  }
}

function outcomeValues(outcome: Outcome): readonly Value[] {
  switch (outcome.kind) {
    case "packet":
    case "operation":
    case "upgraded":
      return outcome.fields.map(([, value]) => value);
    case "final":
      return outcome.args;
    case "result":
      return outcome.args ?? [];
    case "line":
      return [outcome.text];
    case "closed":
    case "opened":
    case "prompt":
    case "echo":
      return [];
  }
}

/** The steps and those in them, in their order. */
export function* eachStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if ("steps" in step) yield* eachStep(step.steps);
  }
}

/** The lanes of the steps in the order of their first use. */
export function lanesOf(steps: readonly Step[]): readonly string[] {
  const lanes = new Set<string>();
  for (const step of eachStep(steps)) for (const lane of lanesIn(step)) lanes.add(lane);
  return [...lanes];
}

/** The lanes that a step itself names. */
export function lanesIn(step: Step): readonly string[] {
  if (step.kind === "generate") return [step.generate.subscriber, step.generate.publisher];
  return "lane" in step ? [step.lane] : [];
}

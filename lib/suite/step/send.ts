import type { Definitions, Json } from "../../spec/form.ts";
import type { AttemptStep } from "./attempt.ts";
import { dteSentSchema, readDteSent } from "./at_sent.ts";
import { partyKind } from "./lane.ts";
import { mqttSentSchema, readMqttSent } from "./mqtt_sent.ts";
import { mapSent, type OperationSent, type Sent } from "./sent.ts";
import { TRIED } from "./tried.ts";
import type { DialectWords, StepBase, Verb } from "./verb.ts";

/** The lane sends. */
export interface SendStep extends StepBase {
  readonly kind: "send";
  readonly lane: string;
  readonly send: Sent;
}

/** `pub -> PUBLISH: { topic: a }`, `dte -> AT+ECMTPUB=: […]` */
export const send: Verb<SendStep> = {
  kind: "send",
  about: "the lane sends",
  written: [],
  arrow: "->",
  line: () => ({
    read({ lane, what, place, node }, report) {
      const kind = partyKind(lane);
      const sent = kind === "dte"
        ? readDteSent(what, place, node, report)
        : readMqttSent(kind, what, place, node, report);
      return sent && { lane, send: sent };
    },
    schema: (definitions: Definitions): { readonly [pattern: string]: Json } => ({
      ...mqttSentSchema(definitions),
      ...dteSentSchema(definitions),
    }),
  }),
  map: (step, { lane, value }) => ({ ...step, lane: lane(step.lane), send: mapSent(step.send, value) }),
  names: ({ send }) => send.kind === "operation" && send.attempt ? [{ name: TRIED, fields: new Set() }] : [],
  operations: ({ send }) => send.kind === "operation" ? [send.name] : [],
  inDialect: (step, dialect) => step.send.kind === "operation" ? request(step, step.send, dialect) : [step],
  connects: true,
};

/** Returns the steps of a request, with the step's own place and both source lines. */
function request(step: SendStep, sent: OperationSent, dialect: DialectWords): readonly StepBase[] {
  const { place, source, opening } = step;
  const steps = dialect.steps(sent.name, sent.fields, sent.attempt).map((each) => ({
    ...each,
    place,
    source: `${source} · ${each.source}`,
    opening,
  }));
  if (!sent.attempt) return steps;
  const tried: AttemptStep = { kind: "attempt", place, source, opening, steps };
  return [tried];
}

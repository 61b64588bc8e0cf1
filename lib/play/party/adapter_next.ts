import { ValueError } from "../../spec/evaluate.ts";
import type { Scope } from "../../spec/scope.ts";
import type { OperationSent } from "../../suite/step/sent.ts";
import { eachStep, type Step } from "../../suite/step/step.ts";
import { fieldsOf, requestOf } from "./adapter_requests.ts";

/** The operations by which a client connects. */
const CONNECTS = ["connect", "reconnect"];
/** The requests that the field `next` can hold. */
const FORESEEN = ["publish", "subscribe"];

/**
 * What a case asks its client for first once it has connected for the `count`-th time, as the field `next` of that
 * connect. Undefined if that is neither a publish nor a subscribe, or depends on what happens until then.
 */
export function nextRequest(
  steps: readonly Step[],
  count: number,
  scope: Scope,
): Readonly<Record<string, unknown>> | undefined {
  const asked = operations(steps);
  let connects = 0;
  const at = asked.findIndex(({ name }) => CONNECTS.includes(name) && ++connects === count);
  for (const operation of at < 0 ? [] : asked.slice(at + 1)) {
    if (CONNECTS.includes(operation.name)) return undefined;
    if (!FORESEEN.includes(operation.name)) continue;
    return foreseen(operation, scope);
  }
  return undefined;
}

/** Whether a case waits for a message that its client shows. */
export function expectsMessage(steps: readonly Step[]): boolean {
  return [...eachStep(steps)].some((step) =>
    step.kind === "expect" &&
    step.outcomes.some((outcome) => outcome.kind === "operation" && outcome.name === "message")
  );
}

function operations(steps: readonly Step[]): readonly OperationSent[] {
  return [...eachStep(steps)].flatMap((step) =>
    step.kind === "send" && step.send.kind === "operation" ? [step.send] : []
  );
}

function foreseen(operation: OperationSent, scope: Scope): Readonly<Record<string, unknown>> | undefined {
  try {
    const request = requestOf("", operation.name, fieldsOf(operation, scope));
    if (!request) return undefined;
    const { do: _do, client: _client, ...fields } = request;
    return { [operation.name]: fields };
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

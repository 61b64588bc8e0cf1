import { asNumber, bytesOf } from "../../spec/evaluate.ts";
import { Scope } from "../../spec/scope.ts";
import { substitute, type Value, wordOf } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";
import { bytes as BYTES, text as TEXT } from "../field/kind/text.ts";
import type { Case } from "../file/model.ts";
import type { AttemptStep } from "../step/attempt.ts";
import { REQUESTS } from "../step/operation.ts";
import type { OperationSent } from "../step/sent.ts";
import { eachStep, isStep, operationsIn, rewriteStep, type Step, stepsInDialect } from "../step/step.ts";
import type { DialectWords, StepBase } from "../step/verb.ts";
import type { ClientWays } from "./client_ways.ts";
import { openedAtConnect } from "./opened_at_connect.ts";
import { withCapturedIds } from "./packet_ids.ts";
import { requestOf, requestsIn } from "./requests_in.ts";

/** A case of operations in the commands of one dialect, or why the dialect can't express it. */
export type InDialect =
  | { readonly case: Case; readonly missing?: undefined }
  /** What the dialect lacks, after its name: `has no operation "x"`. */
  | { readonly missing: string };

/** Whether a step uses operations and therefore needs a dialect. */
export function usesOperations(steps: Iterable<Step>): boolean {
  for (const step of steps) if (operationsIn(step).length > 0) return true;
  return false;
}

/** Replaces a case's operations by the commands of a dialect. Cases without operations are returned unchanged. */
export function inDialect(one: Case, ways: ClientWays): InDialect {
  if (!usesOperations(eachStep(one.steps))) return { case: one };
  for (const step of eachStep(one.steps)) {
    const missing = operationsIn(step).find((name) => !ways.operations.has(name));
    if (missing !== undefined) return { missing: `has no operation "${missing}"` };
  }
  const scope = new Scope();
  for (const [name, value] of one.variables) scope.bind(name, value);
  const beyond = requestsIn(one.steps).map((request) => beyondDialect(request, ways, scope))
    .find((reason) => reason !== undefined);
  if (beyond !== undefined) return { missing: beyond };
  if (ways.unsubscribes === "subscribed" && unsubscribesOther(one.steps)) {
    return { missing: "unsubscribes only from what is subscribed to" };
  }
  const opened = ways.opensAt === "connect" ? openedAtConnect(one.steps) : one.steps;
  if (!opened) return { missing: "opens the network connection with connect, and not before" };
  const steps = ways.packetIds === "module" ? withCapturedIds(opened, scope) : opened;
  return { case: { ...one, steps: stepsInDialect(steps, new Words(ways)).filter(isStep) } };
}

/** The operations with what they take from others filled in, for one who plays them alone. */
export function operationsAlone(ways: ClientWays): ReadonlyMap<string, readonly Step[]> {
  return new Map(
    [...ways.operations.keys()].map((name) => {
      const steps = new Words(ways).steps(name, []).filter(isStep);
      return [name, steps] as const;
    }),
  );
}

/** Puts the steps of operations in their places, one after another, and remembers the requests. */
class Words implements DialectWords {
  readonly #ways: ClientWays;
  /** The fields of the last request of each name. */
  readonly #asked = new Map<string, { readonly fields: Fields; readonly attempt: boolean }>();
  /** The requests whose steps stand in those of another one. */
  readonly #putOff: ReadonlySet<string>;

  constructor(ways: ClientWays) {
    this.#ways = ways;
    this.#putOff = new Set([...ways.operations.values()].flatMap(requestsIn).map(({ name }) => name));
  }

  steps(name: string, fields: Fields, attempt = false): readonly StepBase[] {
    if (REQUESTS.has(name)) this.#asked.set(name, { fields, attempt });
    return this.#putOff.has(name) ? [] : this.#typed(name, fields);
  }

  #typed(name: string, fields: Fields): readonly StepBase[] {
    return (this.#ways.operations.get(name) ?? []).flatMap((step) => {
      const inner = requestOf(step);
      return inner ? this.#typedLate(inner.name) : [this.#filled(step, new Map(fields))];
    });
  }

  /** The steps of a request that was put off until now; none where the case did not make it. */
  #typedLate(name: string): readonly StepBase[] {
    const asked = this.#asked.get(name);
    if (!asked) return [];
    const steps = this.#typed(name, asked.fields);
    const [first] = steps;
    if (!asked.attempt || !first) return steps;
    const { place, source, opening } = first;
    const tried: AttemptStep = { kind: "attempt", place, source, opening, steps };
    return [tried];
  }

  /** A step with the fields of its operation, and those of earlier requests, in place of their variables. */
  #filled(step: StepBase, given: ReadonlyMap<string, Value>): StepBase {
    return rewriteStep(step, {
      value: (value) =>
        substitute(value, ([name = "", field, ...rest]) => {
          if (field === undefined) return given.get(name);
          return rest.length === 0 ? this.#fieldOf(name, field) : undefined;
        }),
    });
  }

  #fieldOf(request: string, field: string): Value | undefined {
    const asked = this.#asked.get(request)?.fields.find(([name]) => name === field)?.[1];
    return asked ?? this.#ways.presets.get(request)?.get(field);
  }
}

/** Whether a case unsubscribes from a filter that it has not subscribed to. */
function unsubscribesOther(steps: readonly StepBase[]): boolean {
  const filters = new Set<string>();
  const keyOf = ({ fields }: OperationSent) => {
    const filter = fields.find(([name]) => name === "filter")?.[1];
    return JSON.stringify(filter, (key, value) => key === "place" ? undefined : value);
  };
  const subscribed = steps.flatMap((step) => requestOf(step) ?? []);
  return requestsIn(steps).some((request) => {
    // One that is repeated may be made no times.
    if (request.name === "subscribe" && subscribed.includes(request)) filters.add(keyOf(request));
    return request.name === "unsubscribe" && !filters.has(keyOf(request));
  });
}

/** What a request asks for that the commands of the dialect can't say. One that is only tried may be refused. */
function beyondDialect(request: OperationSent, ways: ClientWays, scope: Scope): string | undefined {
  if (request.attempt) return undefined;
  for (const [field, value] of request.fields) {
    const range = ways.takes.get(`${request.name}.${field}`);
    const kind = REQUESTS.get(request.name)?.fields.get(field)?.kind;
    const isText = kind === TEXT || kind === BYTES;
    const size = range && measure(value, isText, scope);
    if (!range || size === undefined || (size >= range[0] && size <= range[1])) continue;
    const unit = isText ? " bytes" : "";
    return `has no ${request.name} with a ${field} of ${size}${unit}, but of ${range[0]} to ${range[1]}`;
  }
  return undefined;
}

/** A number, or the length of a text in bytes, as far as the case's row tells it. */
function measure(value: Value, isText: boolean, scope: Scope): number | undefined {
  if (wordOf(value) === "omit") return undefined;
  try {
    return isText ? bytesOf(value, scope).length : asNumber(value, scope);
  } catch {
    // A variable that only the run knows.
    return undefined;
  }
}

/** Cases of a host that chooses packet identifiers, for a module that chooses them itself. */
import type { PacketType } from "../../mqtt/packet.ts";
import { asNumber } from "../../spec/evaluate.ts";
import type { Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";
import { type ExpectStep, isExpect } from "../step/expect.ts";
import type { Outcome } from "../step/outcome.ts";
import type { SendStep } from "../step/send.ts";
import type { Sent } from "../step/sent.ts";
import { withInnerSteps } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";
import { isSend } from "./requests_in.ts";

/** The packets by which a client uses an identifier for the first time. */
const FIRST: readonly PacketType[] = ["PUBLISH", "SUBSCRIBE", "UNSUBSCRIBE"];
/** The packets by which a broker answers a client's identifier. */
const ANSWERS: readonly PacketType[] = ["PUBACK", "PUBREC", "PUBCOMP", "SUBACK", "UNSUBACK"];

/** An identifier that the host would give. */
interface HostId {
  /** The name under which the packet that carries it is captured. */
  readonly name: string;
  readonly id: number;
  captured: boolean;
}

/**
 * The steps with every packet identifier that a request gives replaced by that of the packet it leads to, which is captured.
 * An answer to an identifier that no request gave is as far from the last one captured as it was. `scope` has the variables
 * of the case's row.
 */
export function withCapturedIds(steps: readonly StepBase[], scope: Scope): readonly StepBase[] {
  return new CapturedIds(scope).steps(steps);
}

class CapturedIds {
  readonly #scope: Scope;
  readonly #ids = new Map<number, HostId>();
  #last: HostId | undefined;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  steps(steps: readonly StepBase[]): readonly StepBase[] {
    return steps.map((step) => this.#step(step));
  }

  #step(step: StepBase): StepBase {
    if (isSend(step)) {
      if (step.send.kind === "operation") this.#asked(step.send.fields);
      if (step.lane !== "broker") return step;
      const sent: SendStep = { ...step, send: this.#sent(step.send) };
      return sent;
    }
    if (isExpect(step)) return step.lane === "broker" ? this.#expected(step) : step;
    return withInnerSteps(step, (inner) => this.steps(inner));
  }

  /** Notes the identifier of a request: the packet that it leads to will carry it. */
  #asked(fields: Fields): void {
    const id = this.#numberOf(fields.find(([name]) => name === "id")?.[1]);
    if (id !== undefined) this.#ids.set(id, { name: `packet${id}`, id, captured: false });
  }

  #expected(step: ExpectStep): ExpectStep {
    const first = step.outcomes.map((outcome) => this.#newIn(outcome)).find((id) => id !== undefined);
    if (!first) return { ...step, outcomes: step.outcomes.map((outcome) => this.#outcome(outcome)) };
    const id: HostId = { ...first, name: step.as ?? first.name, captured: true };
    this.#ids.set(id.id, id);
    this.#last = id;
    const outcomes = step.outcomes.map((outcome) =>
      this.#newIn(outcome) ?? this.#hostId(outcome) === id ? withAnyId(outcome) : this.#outcome(outcome)
    );
    return { ...step, as: id.name, outcomes };
  }

  /** The identifier that an expected packet is the first to carry. */
  #newIn(outcome: Outcome): HostId | undefined {
    if (outcome.kind !== "packet" || !FIRST.includes(outcome.type)) return undefined;
    const id = this.#hostId(outcome);
    return id && !id.captured ? id : undefined;
  }

  #hostId(outcome: Outcome): HostId | undefined {
    if (outcome.kind !== "packet") return undefined;
    const id = this.#numberOf(outcome.fields.find(([name]) => name === "packetId")?.[1]);
    return id === undefined ? undefined : this.#ids.get(id);
  }

  #outcome(outcome: Outcome): Outcome {
    return outcome.kind === "packet"
      ? { ...outcome, fields: this.#fields(undefined, outcome.fields) }
      : outcome;
  }

  #sent(sent: Sent): Sent {
    if (sent.kind === "packet") return { ...sent, fields: this.#fields(sent.type, sent.fields) };
    if (sent.kind !== "packets") return sent;
    return {
      ...sent,
      packets: sent.packets.map((one) => ({ ...one, fields: this.#fields(one.type, one.fields) })),
    };
  }

  /** `answer` is the packet that the broker sends. */
  #fields(answer: PacketType | undefined, fields: Fields): Fields {
    return fields.map(([name, value]) =>
      name === "packetId" ? [name, this.#identifier(answer, value)] as const : [name, value] as const
    );
  }

  #identifier(answer: PacketType | undefined, value: Value): Value {
    const number = this.#numberOf(value);
    if (number === undefined) return value;
    const { place } = value;
    const id = this.#ids.get(number);
    if (id?.captured) return { kind: "variable", path: [id.name, "packetId"], place };
    const last = this.#last;
    if (id || !last || !answer || !ANSWERS.includes(answer)) return value;
    const distance = number - last.id;
    const sign = distance < 0 ? "-" : "+";
    return {
      kind: "text",
      parts: [[last.name, "packetId"], ` ${sign} ${Math.abs(distance)}`],
      place,
    };
  }

  /** The number that a value is, as far as the case's row tells it. */
  #numberOf(value: Value | undefined): number | undefined {
    if (value === undefined || value.kind === "map" || value.kind === "list") return undefined;
    try {
      return asNumber(value, this.#scope);
    } catch {
      // A word such as omit, or a variable that only the run knows.
      return undefined;
    }
  }
}

function withAnyId(outcome: Outcome): Outcome {
  if (outcome.kind !== "packet") return outcome;
  const any = (value: Value): Value => ({
    kind: "literal",
    value: "any",
    source: "any",
    plain: true,
    place: value.place,
  });
  return {
    ...outcome,
    fields: outcome.fields.map(([name, value]) =>
      name === "packetId" ? [name, any(value)] as const : [name, value] as const
    ),
  };
}

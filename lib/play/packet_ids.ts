import { evaluate, resolve, ValueError } from "../spec/evaluate.ts";
import type { Data, Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import type { Outcome } from "../suite/step/outcome.ts";
import type { PacketSent, Sent } from "../suite/step/sent.ts";

/** The packets by which a client begins an exchange with an identifier of its own. */
const REQUESTS = ["PUBLISH", "SUBSCRIBE", "UNSUBSCRIBE"];
/** The packets of a broker that name an identifier of the client. */
const ANSWERS = ["PUBACK", "PUBREC", "PUBCOMP", "SUBACK", "UNSUBACK"];
/** Numbers that stand for no packet of the client begin here. */
const NOBODYS = 60_000;

/**
 * The packet identifiers of a client library. A case says which identifier a module gets; a library chooses its own.
 * So a case's number stands for the identifier that the library has chosen: it is learned from the packet that a step
 * takes for it, and from then on it has to be the same.
 */
export class PacketIds {
  /** The numbers of what was asked for and has not been seen yet, the first first. */
  #asked: { readonly type: string; readonly number: number }[] = [];
  readonly #onWire = new Map<number, number>();

  /** The library was asked to begin an exchange that the case calls by a number. */
  asked(type: "PUBLISH" | "SUBSCRIBE" | "UNSUBSCRIBE", number: number): void {
    this.#asked.push({ type, number });
    this.#onWire.delete(number);
  }

  /** The outcomes with the library's identifiers in place of the case's numbers. */
  expected(
    alternatives: readonly (readonly Outcome[])[],
    scope: Scope,
  ): readonly (readonly Outcome[])[] {
    return alternatives.map((outcomes) =>
      outcomes.map((outcome) => {
        if (outcome.kind !== "packet") return outcome;
        const number = numberIn(outcome.fields, scope);
        if (number === undefined || ![...REQUESTS, "PUBREL"].includes(outcome.type)) return outcome;
        const wire = this.#onWire.get(number);
        if (wire !== undefined) return { ...outcome, fields: withNumber(outcome.fields, wire) };
        const due = this.#asked.some((one) => one.type === outcome.type && one.number === number);
        // Any will do that is there; what is learned counts from then on.
        return due ? { ...outcome, fields: withWord(outcome.fields, "any") } : outcome;
      })
    );
  }

  /** Learns from a packet that a step took, `outcomes` being what the step said of it. */
  took(outcomes: readonly Outcome[], got: Data, scope: Scope): void {
    if (typeof got !== "object" || got === null || got instanceof Uint8Array || !("type" in got)) return;
    const { type, packetId } = got;
    if (typeof packetId !== "number" || !REQUESTS.includes(String(type))) return;
    if ([...this.#onWire.values()].includes(packetId) && "dup" in got && got.dup === true) return;
    const said = outcomes.flatMap((outcome) =>
      outcome.kind === "packet" && outcome.type === type ? [numberIn(outcome.fields, scope)] : []
    );
    const at = this.#asked.findIndex((one) => one.type === type && said.includes(one.number));
    const first = at >= 0 ? at : this.#asked.findIndex((one) => one.type === type);
    const [found] = first >= 0 ? this.#asked.splice(first, 1) : [];
    if (found) this.#onWire.set(found.number, packetId);
  }

  /** What a step sends, with the library's identifiers in place of the case's numbers. */
  sent<S extends Sent>(sent: S, scope: Scope): S {
    if (sent.kind === "packet") return this.#answer(sent, scope) as S;
    if (sent.kind !== "packets") return sent;
    return { ...sent, packets: sent.packets.map((one) => this.#answer(one, scope)) };
  }

  #answer(sent: PacketSent, scope: Scope): PacketSent {
    const number = ANSWERS.includes(sent.type) ? numberIn(sent.fields, scope) : undefined;
    if (number === undefined) return sent;
    const wire = this.#onWire.get(number);
    if (wire !== undefined) return { ...sent, fields: withNumber(sent.fields, wire) };
    // A number that stands for nothing must not be by chance an identifier that the library has chosen.
    const taken = [...this.#onWire.values()].includes(number);
    return taken ? { ...sent, fields: withNumber(sent.fields, NOBODYS + number % 5_000) } : sent;
  }
}

type Fields = readonly (readonly [string, Value])[];

/** The number that a case gives as `packetId`; undefined for another value, and for one that was captured on the wire. */
function numberIn(fields: Fields, scope: Scope): number | undefined {
  const value = fields.find(([name]) => name === "packetId")?.[1];
  if (!value) return undefined;
  try {
    const found = resolve(value, scope);
    if (found.value.kind === "variable") {
      const binding = found.scope.get(found.value.path[0] ?? "");
      if (binding && "data" in binding) return undefined;
    }
    const data = evaluate(found.value, found.scope);
    return typeof data === "number" ? data : undefined;
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function withNumber(fields: Fields, number: number): Fields {
  return replaced(fields, (place) => ({ kind: "literal", value: number, source: String(number), place }));
}

function withWord(fields: Fields, text: string): Fields {
  return replaced(fields, (place) => ({ kind: "literal", value: text, source: text, plain: true, place }));
}

function replaced(fields: Fields, by: (place: Value["place"]) => Value): Fields {
  return fields.map(([name, value]) =>
    name === "packetId" ? [name, by(value.place)] as const : [name, value]
  );
}

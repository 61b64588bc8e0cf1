import type { Form, Report } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import { describeNode } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { bytesOf, ValueError } from "../../spec/evaluate.ts";
import { Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";
import { CAPACITIES, type CapacityName, capacityOf } from "./capacities.ts";
import { amountOf } from "./claims.ts";

/** What a case needs of one capacity: a number plus values. */
export interface Need {
  readonly capacity: CapacityName;
  readonly amount: number;
  /** The variables to add. */
  readonly plus: readonly Part[];
  readonly place: Place;
}

/** What a variable adds to a need: its number, or the levels or bytes of its text. */
export interface Part {
  readonly name: string;
  readonly of?: "levels" | "bytes" | undefined;
}

/** A number, a variable, or the levels or bytes of the text that a row's variable contains. */
const TERM = /^(?:(\d{1,10})|(?:(levels|bytes) of )?\$(?:(\w+)|\{(\w+)\}))$/;
const EXAMPLE = "write a number, a variable, or a sum such as $size + 40, or levels of $name + 2";

/** `needs: { topicLevels: 128, largestPacket: $size + 40 }` */
export function needsForm(): Form<readonly Need[]> {
  return object("what a case needs", (keys) =>
    CAPACITIES.flatMap(({ name, about }) => {
      const sum = keys.optional(name, sumForm(), about);
      const place = keys.place(name);
      return sum && place ? [{ ...sum, capacity: name, place }] : [];
    }), "{ topicLevels: 128 }");
}

function sumForm(): Form<Pick<Need, "amount" | "plus">> {
  return {
    read(node, report) {
      const terms = node.kind === "scalar" ? node.source.split(/ *\+ */).map((term) => TERM.exec(term)) : [];
      if (terms.length === 0 || terms.includes(null)) {
        report.add(`expected an amount, found ${describeNode(node)}`, node.place, EXAMPLE);
        return undefined;
      }
      const numbers = terms.flatMap((term) => term?.[1] === undefined ? [] : [Number(term[1])]);
      const plus = terms.flatMap((term): readonly Part[] => {
        const [, , of, bare, braced] = term ?? [];
        const name = bare ?? braced;
        return name === undefined ? [] : [{ name, of: of === "levels" || of === "bytes" ? of : undefined }];
      });
      return { amount: numbers.reduce((sum, one) => sum + one, 0), plus };
    },
    schema: () => ({ type: ["integer", "string"], description: EXAMPLE }),
  };
}

/** Returns the needs of a row with its variables replaced. Reports a variable that is not a number. */
export function needsOfRow(
  needs: readonly Need[],
  variables: readonly (readonly [name: string, value: Value])[],
  report: Report,
): readonly Need[] {
  return needs.map((need) =>
    need.plus.reduce<Need>((sum, part) => {
      const value = variables.find(([variable]) => variable === part.name)?.[1];
      // Other variables are values of the suite, which the user or the target may change.
      if (value === undefined) return { ...sum, plus: [...sum.plus, part] };
      if (value.kind === "variable" && value.path[0] !== undefined && !part.of) {
        return { ...sum, plus: [...sum.plus, { name: value.path[0] }] };
      }
      const amount = part.of ? sizeOf(value, part.of) : numberOf(value);
      if (amount === undefined) {
        report.add(
          `${quote(`$${part.name}`)} is not ${part.of ? "text" : "a number"} in some row`,
          need.place,
        );
      }
      return { ...sum, amount: sum.amount + (amount ?? 0) };
    }, { ...need, plus: [] })
  );
}

/** A capacity of the target that is too small for a case. */
export interface Beyond {
  readonly capacity: string;
  /** A sentence that states both amounts. */
  readonly reason: string;
}

/**
 * Returns the first need that exceeds a known capacity, either its own or the one that contains it; undefined
 * if none does. `valueOf` returns the values of the user, the target and the suite.
 */
export function beyondCapacity(
  needs: readonly Need[],
  valueOf: (name: string) => Value | undefined,
): Beyond | undefined {
  for (const { capacity, amount, plus } of needs) {
    const sum = plus.reduce((sum, { name }) => sum + (numberOf(valueOf(name)) ?? 0), amount);
    for (let within = capacityOf(capacity); within; within = capacityOf(within.within ?? "")) {
      const known = amountOf(valueOf(within.name));
      if (!known || known.atLeast || sum <= known.most) continue;
      const reason = `capacity: the target accepts ${known.most} ${within.unit}, this case needs ${sum}`;
      return { capacity: within.name, reason };
    }
  }
  return undefined;
}

/** Returns the number of levels or bytes in the text of a row; a variable inside it counts as written. */
function sizeOf(value: Value, of: "levels" | "bytes"): number | undefined {
  if (of === "levels") {
    const text = value.kind === "literal"
      ? value.source
      : value.kind === "text"
      ? value.parts.map((part) => typeof part === "string" ? part : "").join("")
      : undefined;
    return text?.split("/").length;
  }
  try {
    return bytesOf(value, new Scope()).length;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return undefined;
  }
}

function numberOf(value: Value | undefined): number | undefined {
  if (value?.kind !== "literal") return undefined;
  const number = typeof value.value === "number" ? value.value : Number(value.source || Number.NaN);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
}

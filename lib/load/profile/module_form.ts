import { duration, type Form, integer } from "../../spec/form.ts";
import { list, object } from "../../spec/form_parts.ts";
import type { DirectionPlan, ModulePlan } from "./profile.ts";
import { amount } from "./profile_parts.ts";

/** The smallest payload, in bytes, because each message carries its number and a checksum. */
const LEAST_SIZE = 24;
/** The largest payload, in bytes, that fits into a command of a module; some modules accept less. */
const MOST_SIZE = 1024;

const directionForm = (what: string): Form<DirectionPlan> =>
  object(what, (keys): DirectionPlan | undefined => {
    const rate = keys.required("rate", amount("a rate", 1000), "messages per second at 100 %");
    const qos = keys.optional(
      "qos",
      list(integer({ least: 0, most: 2 }), { least: 1, most: 3, what: "a list of QoS" }),
      "the QoS of the messages, in turn; default [0, 1, 2]",
    );
    const size = keys.optional(
      "size",
      integer({ least: LEAST_SIZE, most: MOST_SIZE }),
      "bytes of a payload, 24 to 1024; default 64",
    );
    if (rate === undefined) return undefined;
    return {
      rate,
      qos: (qos ?? [0, 1, 2]).map((one) => one === 0 ? 0 : one === 1 ? 1 : 2),
      size: size ?? 64,
    };
  });

/** The form of how to drive a module. */
export function moduleForm(): Form<ModulePlan> {
  return object("what a module does", (keys): ModulePlan | undefined => {
    const publish = keys.optional(
      "publish",
      directionForm("what it publishes"),
      "what the host makes it publish",
    );
    const deliver = keys.optional(
      "deliver",
      directionForm("what it receives"),
      "what the broker sends to it",
    );
    const answerMs = keys.optional(
      "answer",
      duration(),
      "how long a command's final result and the results after it may take; default: the dialect's value",
    );
    return { publish, deliver, answerMs };
  });
}

import { suggest } from "../../ground/nearest.ts";
import { byShape, type Form, value, word } from "../../spec/form.ts";
import { mapForm, object } from "../../spec/form_parts.ts";
import { describeNode } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import type { Value } from "../../spec/value.ts";
import { isVariable, VARIABLE } from "../field/byte_forms.ts";
import { laneFor } from "./lane.ts";
import { nameForm } from "./name_form.ts";
import { type ReadPacket, readPacket } from "./packet.ts";
import { mapFields } from "./sent.ts";
import { isExpect } from "./expect.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

/** Where an exchange begins: with CONNECT, with AUTH 0x19 on a connection, or where the last step of the lane left it. */
export const AUTH_FROM = ["connect", "again", "here"] as const;
/**
 * Where a step leaves an exchange: behind the client's first message, at the first question of the server, or at that before the
 * client's last message.
 */
export const AUTH_UNTIL = ["begun", "asked", "last"] as const;
/** What can be wrong with a message of the client, and what that means. */
export const AUTH_WRONG = {
  first: "the data of CONNECT, or of the AUTH that begins again",
  user: "the user name, which nobody has",
  answer: "the last message: the proof of SCRAM, the last byte of a fixed exchange",
  nonce: "the nonce in the last message, with a proof that fits it",
  cut: "the last message, whose end is missing",
  empty: "the last message, which has no bytes",
  none: "the last message, which has no Authentication Data",
} as const;

/** A client authenticates itself by the exchange that the target file declares. */
export interface AuthenticateStep extends StepBase {
  readonly kind: "authenticate";
  readonly lane: string;
  readonly from: (typeof AUTH_FROM)[number];
  readonly until?: (typeof AUTH_UNTIL)[number] | undefined;
  /** Which message is wrong, one of {@link AUTH_WRONG}; nothing is expected behind it. */
  readonly wrong?: Value | undefined;
  /** What CONNECT has beside method and data. */
  readonly connect: ReadPacket;
  /** What the packet has that ends the exchange. */
  readonly result: ReadPacket;
  /** Expectations on the lane that are met between its packets or behind them, in any order. */
  readonly among: readonly StepBase[];
  /** Names the client's next message. */
  readonly as?: string | undefined;
}

const NO_FIELDS: ReadPacket = { fields: [], wire: [] };
const WHY = { dte: ": it has no MQTT client", broker: ": it is a broker", client: undefined };

/** `authenticate: c`, `authenticate: { lane: c, from: again, wrong: answer }` */
export const authenticate: Verb<AuthenticateStep> = {
  kind: "authenticate",
  about: "the client authenticates itself by the exchange that the target file declares under `auth:`",
  written: [
    ["authenticate: c", "from CONNECT to CONNACK"],
    [
      "authenticate: { lane: c, connect: { … }, result: { sessionPresent: true } }",
      "the same with these fields of CONNECT, and these expected of CONNACK",
    ],
    ["authenticate: { lane: c, from: again }", "from AUTH 0x19 to AUTH 0x00, on a connection"],
    [
      "authenticate: { lane: c, until: last, as: auth }",
      "until the server has asked for the last message (with `asked`, for any); `$auth.data` is the client's next message. Skipped where the exchange has no such question",
    ],
    ["authenticate: { lane: c, from: here }", "goes on with the next message, to the end"],
    [
      "authenticate: { lane: c, from: here, among: [c <- PUBACK] }",
      "the same, while these come on the lane, in any order and at any time",
    ],
    ["authenticate: { lane: c, until: begun }", "sends the first message only"],
    [
      "authenticate: { lane: c, wrong: answer }",
      `makes one message wrong and expects nothing behind it: ${
        Object.entries(AUTH_WRONG).map(([name, about]) => `\`${name}\` ${about}`).join("; ")
      }. Skipped where the exchange has no such message`,
    ],
  ],
  form(grammar) {
    const lane = laneFor("authenticate", grammar.lane, (kind) => WHY[kind]);
    const map = object("authenticate", (keys, report) => {
      const named = keys.required("lane", lane, "the lane");
      const from = keys.optional(
        "from",
        word(AUTH_FROM, "beginning of an exchange"),
        "where it begins: connect (the default), again, or here, where the last step left it",
      ) ?? "connect";
      const until = keys.optional(
        "until",
        word(AUTH_UNTIL, "end of a step"),
        "where it stops before the end",
      );
      const wrong = keys.optional("wrong", wrongForm(), "which message is wrong");
      const connect = keys.optional("connect", fieldsForm("CONNECT", "send"), "what CONNECT has besides");
      const result = keys.optional(
        "result",
        fieldsForm(from === "connect" ? "CONNACK" : "AUTH", "expect"),
        "what the packet has that ends the exchange",
      );
      const among = keys.optional(
        "among",
        amongForm(grammar),
        "what else comes on the lane meanwhile, in any order",
      );
      const as = keys.optional("as", nameForm(), "names the client's next message, as data");
      const place = keys.place("lane");
      if (place) {
        const both = (one: string, other: string) =>
          report.add(`${quote(one)} and ${quote(other)} at once`, place, "take one of them out");
        if (until && wrong) both("until", "wrong");
        if (until && result) both("until", "result");
        if (wrong && result) both("wrong", "result");
        if (connect && from !== "connect") report.add('"connect" without a CONNECT', place, "take it out");
        if (as !== undefined && (!until || until === "begun")) {
          report.add('"as" where the server has not asked', place, "add until: last");
        }
        for (const step of among ?? []) {
          if (!isExpect(step) || step.lane !== named) {
            report.add(`a step within "among" that expects nothing on the lane ${named}`, step.place);
          }
        }
      }
      return named === undefined ? undefined : {
        lane: named,
        from,
        until,
        wrong,
        connect: connect ?? NO_FIELDS,
        result: result ?? NO_FIELDS,
        among: among ?? [],
        as,
      };
    });
    const scalar = mapForm(lane, (named) => ({
      lane: named,
      from: "connect" as const,
      connect: NO_FIELDS,
      result: NO_FIELDS,
      among: [],
    }));
    return byShape<Omit<AuthenticateStep, keyof StepBase>>(
      "a lane",
      { scalar, map },
      "write authenticate: lane",
    );
  },
  map: (step, { lane, value, steps }) => ({
    ...step,
    lane: lane(step.lane),
    wrong: step.wrong && value(step.wrong),
    connect: { fields: mapFields(step.connect.fields, value), wire: mapFields(step.connect.wire, value) },
    result: { fields: mapFields(step.result.fields, value), wire: [] },
    among: steps(step.among),
  }),
  names: ({ as }) => as === undefined ? [] : [{ name: as, fields: new Set(["data"]) }],
  connects: true,
};

function fieldsForm(type: "CONNECT" | "CONNACK" | "AUTH", mode: "send" | "expect"): Form<ReadPacket> {
  return {
    read: (node, report) => readPacket(type, node, mode, report),
    schema: () => ({ type: "object", description: `fields of ${type}` }),
  };
}

function amongForm(grammar: Grammar): Form<readonly StepBase[]> {
  return {
    read: (node, report) => grammar.steps.read(node, report) ?? [],
    schema: (definitions) => grammar.steps.schema(definitions),
  };
}

function wrongForm(): Form<Value> {
  const any = value();
  const words = Object.keys(AUTH_WRONG);
  return {
    read(node, report) {
      const known = node.kind === "scalar" && words.includes(node.source);
      if (known || isVariable(node)) return any.read(node, report);
      const found = node.kind === "scalar" ? quote(node.source) : describeNode(node);
      const hint = node.kind === "scalar" ? suggest(node.source, words) : undefined;
      report.add(`expected what is wrong, found ${found}`, node.place, hint ?? `one of ${words.join(", ")}`);
      return undefined;
    },
    schema: () => ({ anyOf: [{ enum: words }, VARIABLE] }),
  };
}

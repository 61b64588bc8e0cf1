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

/**
 * Where an exchange starts: with CONNECT, with AUTH 0x19 on a connection, or where the lane's last step left
 * it.
 */
export const AUTH_FROM = ["connect", "again", "here"] as const;
/**
 * Where a step leaves an exchange: after the client's first message, at the server's first question, or
 * before the client's last message.
 */
export const AUTH_UNTIL = ["begun", "asked", "last"] as const;
/** The messages of the client that can be wrong, and what is wrong with them. */
export const AUTH_WRONG = {
  first: "the data of CONNECT, or of the AUTH that re-authenticates",
  user: "the user name, which does not exist",
  answer: "the last message: the proof of SCRAM, the last byte of a fixed exchange",
  nonce: "the nonce in the last message, with a matching proof",
  cut: "the last message, which is cut short",
  empty: "the last message, which is empty",
  none: "the last message, which has no Authentication Data",
} as const;

/** Authenticates a client by the exchange that the target file declares. */
export interface AuthenticateStep extends StepBase {
  readonly kind: "authenticate";
  readonly lane: string;
  readonly from: (typeof AUTH_FROM)[number];
  readonly until?: (typeof AUTH_UNTIL)[number] | undefined;
  /** The wrong message, one of {@link AUTH_WRONG}; nothing is expected after it. */
  readonly wrong?: Value | undefined;
  /** The fields of CONNECT besides method and data. */
  readonly connect: ReadPacket;
  /** The fields of the packet that ends the exchange. */
  readonly result: ReadPacket;
  /** Expectations on the lane that match between or after the packets of the exchange, in any order. */
  readonly among: readonly StepBase[];
  /** A name for the client's next message. */
  readonly as?: string | undefined;
}

const NO_FIELDS: ReadPacket = { fields: [], wire: [] };
const WHY = { dte: ": it has no MQTT client", broker: ": it is a broker", client: undefined };

/** `authenticate: c`, `authenticate: { lane: c, from: again, wrong: answer }` */
export const authenticate: Verb<AuthenticateStep> = {
  kind: "authenticate",
  about: "authenticates the client by the exchange that the target file declares under `auth:`",
  written: [
    ["authenticate: c", "from CONNECT to CONNACK"],
    [
      "authenticate: { lane: c, connect: { … }, result: { sessionPresent: true } }",
      "the same with these fields in CONNECT, and these expected in CONNACK",
    ],
    ["authenticate: { lane: c, from: again }", "from AUTH 0x19 to AUTH 0x00, on a connection"],
    [
      "authenticate: { lane: c, until: last, as: auth }",
      "until the server asks for the last message (with `asked`, for any message); `$auth.data` is the " +
      "client's next message. Skipped if the exchange has no such question",
    ],
    ["authenticate: { lane: c, from: here }", "continues with the next message, to the end"],
    [
      "authenticate: { lane: c, from: here, among: [c <- PUBACK] }",
      "the same, while these packets come on the lane, in any order and at any time",
    ],
    ["authenticate: { lane: c, until: begun }", "sends the first message only"],
    [
      "authenticate: { lane: c, wrong: answer }",
      "makes one message wrong and expects nothing after it: " +
      `${Object.entries(AUTH_WRONG).map(([name, about]) => `\`${name}\` ${about}`).join("; ")}. ` +
      "Skipped if the exchange has no such message",
    ],
  ],
  form(grammar) {
    const lane = laneFor("authenticate", grammar.lane, (kind) => WHY[kind]);
    const map = object("authenticate", (keys, report) => {
      const named = keys.required("lane", lane, "the lane");
      const from = keys.optional(
        "from",
        word(AUTH_FROM, "start of an exchange"),
        "where it starts: connect (the default), again, or here, where the last step left it",
      ) ?? "connect";
      const until = keys.optional(
        "until",
        word(AUTH_UNTIL, "end of a step"),
        "the point at which it stops early",
      );
      const wrong = keys.optional("wrong", wrongForm(), "the message that is wrong");
      const connect = keys.optional("connect", fieldsForm("CONNECT", "send"), "additional fields of CONNECT");
      const result = keys.optional(
        "result",
        fieldsForm(from === "connect" ? "CONNACK" : "AUTH", "expect"),
        "the fields of the packet that ends the exchange",
      );
      const among = keys.optional(
        "among",
        amongForm(grammar),
        "what else comes on the lane meanwhile, in any order",
      );
      const as = keys.optional("as", nameForm(), "a name for the client's next message, as data");
      const place = keys.place("lane");
      if (place) {
        const both = (one: string, other: string) =>
          report.add(`${quote(one)} and ${quote(other)} at once`, place, "remove one of them");
        if (until && wrong) both("until", "wrong");
        if (until && result) both("until", "result");
        if (wrong && result) both("wrong", "result");
        if (connect && from !== "connect") report.add('"connect" without a CONNECT', place, "remove it");
        if (as !== undefined && (!until || until === "begun")) {
          report.add('"as" without a question from the server', place, "add until: last");
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
      report.add(
        `expected the name of a wrong message, found ${found}`,
        node.place,
        hint ?? `one of ${words.join(", ")}`,
      );
      return undefined;
    },
    schema: () => ({ anyOf: [{ enum: words }, VARIABLE] }),
  };
}

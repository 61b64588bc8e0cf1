import { PACKET_TYPES } from "../../mqtt/packet.ts";
import type { Definitions, Json, JsonSchema } from "../../spec/form.ts";
import { MOST_COUNTED } from "../field/repeated_items.ts";
import type { Mode } from "../field/field_check.ts";
import { GENERATE_COUNTS, LONGEST_WORD, MOST_WORDS } from "./generate_step.ts";
import { INDICATIONS, REQUESTS } from "./operation.ts";
import {
  CUT_FIELDS,
  type FieldKind,
  fieldsOf,
  type FieldTable,
  FRAME_FIELDS,
  UPGRADE_FIELDS,
  WIRE_FIELDS,
} from "../field/fields.ts";

const LANE = "^\\$?[a-z][a-z0-9]*";
const VARIABLE: JsonSchema = { type: "string", pattern: "\\$" };
const DURATION: JsonSchema = { type: "string", pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h)|\\$.*)$" };

/** The schema of a list of steps; its parts go to `definitions`. */
export function stepsSchema(definitions: Definitions): JsonSchema {
  if (!definitions.has("steps")) {
    definitions.set("steps", {});
    defineValues(definitions);
    const properties: { [key: string]: Json } = { ...verbs() };
    const patternProperties: { [key: string]: Json } = {};
    for (const type of PACKET_TYPES) {
      const send = `send-${type}`;
      definitions.set(
        send,
        fieldsSchema(new Map([...fieldsOf(type), ...WIRE_FIELDS]), "send", `${type}, sent`, definitions),
      );
      patternProperties[`${LANE} +-> +${type}$`] = { anyOf: [{ $ref: `#/$defs/${send}` }, { type: "null" }] };
      const expect = `expect-${type}`;
      const extra = { within: DURATION, as: { type: "string" } };
      definitions.set(
        expect,
        fieldsSchema(fieldsOf(type), "expect", `${type}, expected`, definitions, extra),
      );
      patternProperties[`${LANE} +<- +${type}$`] = {
        anyOf: [{ $ref: `#/$defs/${expect}` }, { type: "null" }],
      };
    }
    Object.assign(patternProperties, otherLines(definitions), operationLines(definitions));
    patternProperties[`${LANE} +-> +frame$`] = fieldsSchema(
      FRAME_FIELDS,
      "send",
      "a WebSocket frame",
      definitions,
    );
    const upgraded = { within: DURATION, as: { type: "string" } };
    const answer = fieldsSchema(UPGRADE_FIELDS, "expect", "the answer to an upgrade", definitions, upgraded);
    patternProperties[`${LANE} +<- +upgraded$`] = { anyOf: [answer, { type: "null" }] };
    definitions.set("steps", {
      type: "array",
      items: {
        anyOf: [
          { type: "string", pattern: `${LANE} +(->|<-) +\\S` },
          {
            type: "object",
            properties,
            patternProperties,
            additionalProperties: false,
            minProperties: 1,
            maxProperties: 1,
          },
        ],
      },
    });
  }
  return { $ref: "#/$defs/steps" };
}

function verbs(): { readonly [key: string]: Json } {
  return {
    wait: { ...DURATION, description: "let time pass" },
    drop: {
      description: "cut the lane's connection without DISCONNECT",
      anyOf: [{ type: "string" }, {
        type: "object",
        properties: { lane: { type: "string" }, how: { anyOf: [{ enum: ["fin", "rst"] }, VARIABLE] } },
        required: ["lane"],
        additionalProperties: false,
      }],
    },
    ignore: { type: "string", description: "from here on nothing on the lane is unexpected" },
    open: {
      description: "open the lane's connection and send nothing",
      anyOf: [{ type: "string" }, {
        type: "object",
        properties: {
          lane: { type: "string" },
          subprotocols: {
            type: "array",
            items: { type: "string" },
            description: "asks for a WebSocket and offers these",
          },
        },
        required: ["lane"],
        additionalProperties: false,
      }],
    },
    restart: { const: "target", description: "end the target and start it again" },
    all: {
      description: "expectations that may be met in any order; a list among them keeps its own",
      anyOf: [
        { $ref: "#/$defs/steps" },
        {
          type: "array",
          items: { anyOf: [{ $ref: "#/$defs/steps" }, { $ref: "#/$defs/steps/items" }] },
        },
      ],
    },
    repeat: {
      type: "object",
      description: "the steps several times; the name in as counts from 1",
      properties: {
        times: { anyOf: [{ type: "integer", minimum: 1 }, VARIABLE] },
        as: { type: "string" },
        steps: { $ref: "#/$defs/steps" },
      },
      required: ["times", "steps"],
      additionalProperties: false,
    },
    poll: {
      type: "object",
      description: "a command and its answer, over and over until the answer fits",
      properties: {
        within: { ...DURATION, description: "the time for it all" },
        every: { ...DURATION, description: "the pause between two tries; default 1s" },
        steps: { $ref: "#/$defs/steps" },
      },
      required: ["within", "steps"],
      additionalProperties: false,
    },
    generate: generateSchema(),
  };
}

function generateSchema(): JsonSchema {
  const counts = Object.entries(GENERATE_COUNTS).map(([name, { about, most, fallback }]) =>
    [name, {
      description: about,
      anyOf: [{ type: "integer", minimum: 1, maximum: most, default: fallback }, VARIABLE],
    }] as const
  );
  const words: JsonSchema = {
    type: "array",
    minItems: 1,
    maxItems: MOST_WORDS,
    items: { type: ["string", "number", "boolean", "null"], maxLength: LONGEST_WORD },
  };
  return {
    type: "object",
    description: "random topic filters and topic names, each delivery held against the standard's rule",
    properties: {
      subscriber: { type: "string", description: "the lane that subscribes" },
      publisher: { type: "string", description: "the lane that publishes" },
      ...Object.fromEntries(counts),
      words: { anyOf: [words, VARIABLE], description: "the texts that levels are made of" },
      retained: {
        anyOf: [{ type: "boolean", default: false }, VARIABLE],
        description: "retained messages, published before the filters are subscribed to",
      },
    },
    required: ["subscriber", "publisher"],
    additionalProperties: false,
  };
}

function otherLines(definitions: Definitions): { readonly [pattern: string]: Json } {
  const outcomes: JsonSchema = { type: "array", minItems: 1, items: { type: ["string", "object"] } };
  const cuts = Object.fromEntries(CUT_FIELDS.flatMap((name) => {
    const field = WIRE_FIELDS.get(name);
    return field ? [[name, { $ref: kindReference(field.kind, "send", definitions) }]] : [];
  }));
  const extra = { within: DURATION, as: { type: "string" } };
  const only = (properties: { readonly [key: string]: Json }): JsonSchema => ({
    type: "object",
    properties,
    additionalProperties: false,
  });
  return {
    [`${LANE} +-> +packets$`]: {
      description: "several packets in one segment",
      anyOf: [
        { type: "array", minItems: 1 },
        countedSchema({ type: ["object", "string"] }),
        {
          type: "object",
          properties: { list: { type: "array", minItems: 1 }, ...cuts },
          required: ["list"],
          additionalProperties: false,
        },
      ],
    },
    [`${LANE} +-> +raw$`]: { $ref: "#/$defs/bytes", description: "bytes as they are" },
    "^dte +-> +AT": { description: "the parameters: strings are quoted, numbers bare" },
    "^dte +-> +data$": { description: "bytes for a prompt, ended by Ctrl-Z" },
    [`${LANE} +<- +one of$`]: {
      anyOf: [outcomes, { ...only({ outcomes, ...extra }), required: ["outcomes"] }],
    },
    [`${LANE} +<- +nothing$`]: { anyOf: [only({ within: DURATION }), { type: "null" }] },
    ["^(?!dte )[a-z$][a-z0-9]* +<- +(closed|opened)$"]: { anyOf: [only(extra), { type: "null" }] },
    "^dte +<- +(OK|ERROR|prompt)$": { anyOf: [only(extra), { type: "null" }] },
    "^dte +<- +(\\+|\\^|\\*)": { description: "a result with its parameters" },
    "^dte +<- +line$": { description: "a line of text" },
    "^dte +<- +echo$": { enum: ["on", "off"], description: "whether what was last typed came back" },
  };
}

function operationLines(definitions: Definitions): { readonly [pattern: string]: Json } {
  const lines: { [pattern: string]: Json } = {};
  for (const [name, { about, fields }] of REQUESTS) {
    const fieldsOnly = fieldsSchema(fields, "send", about, definitions);
    lines[`^dte +-> +(try +)?${name}$`] = { anyOf: [fieldsOnly, { type: "null" }] };
  }
  const extra = { within: DURATION, as: { type: "string" } };
  for (const [name, { about, fields }] of INDICATIONS) {
    const fieldsAnd = fieldsSchema(fields, "expect", about, definitions, extra);
    lines[`^dte +<- +${name}$`] = { anyOf: [fieldsAnd, { type: "null" }] };
  }
  return lines;
}

function defineValues(definitions: Definitions): void {
  const only = (properties: { readonly [key: string]: Json }): JsonSchema => ({
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  const bytes: JsonSchema = { $ref: "#/$defs/bytes" };
  definitions.set("bytes", {
    anyOf: [
      { type: ["string", "number", "boolean"] },
      only({ hex: { type: ["string", "number"] } }),
      only({ repeat: bytes, times: { anyOf: [{ type: "integer" }, VARIABLE] } }),
      only({ join: { type: "array", items: bytes } }),
    ],
  });
  definitions.set("matcher", {
    anyOf: [
      { enum: ["any", "absent"] },
      { type: "array", minItems: 1 },
      only({ not: {} }),
      only({ between: { type: "array", minItems: 2, maxItems: 2 } }),
      only({ contains: bytes }),
      only({ prefix: bytes }),
      only({ size: {} }),
      only({ oneOf: { type: "array" } }),
    ],
  });
}

function fieldsSchema(
  fields: FieldTable,
  mode: Mode,
  about: string,
  definitions: Definitions,
  extra: { readonly [key: string]: Json } = {},
): JsonSchema {
  const properties = Object.fromEntries(
    [...fields].map(([name, { kind, about }]) => {
      return [name, { $ref: kindReference(kind, mode, definitions), description: about }] as const;
    }),
  );
  return {
    type: "object",
    description: about,
    properties: { ...properties, ...extra },
    additionalProperties: false,
  };
}

/** Where the schema of a kind is; each kind is there once for sending and once for expecting. */
function kindReference(kind: FieldKind, mode: Mode, definitions: Definitions): string {
  const name = `${mode}-${kindName(kind)}`;
  if (!definitions.has(name)) {
    definitions.set(name, {});
    const words: JsonSchema = mode === "send" ? { const: "omit" } : { $ref: "#/$defs/matcher" };
    definitions.set(name, { anyOf: [kindSchema(kind, mode, definitions), words, VARIABLE] });
  }
  return `#/$defs/${name}`;
}

function kindName(kind: FieldKind): string {
  switch (kind.is) {
    case "integer":
      return `0-to-${kind.most}`;
    case "list":
      return `list-of-${kindName(kind.of)}`;
    case "record":
      return kind.what.replace(/^an? /, "");
    default:
      return kind.is;
  }
}

function kindSchema(kind: FieldKind, mode: Mode, definitions: Definitions): JsonSchema {
  switch (kind.is) {
    case "integer":
      return { type: "integer", minimum: 0, maximum: kind.most };
    case "boolean":
      return { type: "boolean" };
    case "text":
    case "bytes":
      return { $ref: "#/$defs/bytes" };
    case "length":
      return { anyOf: [{ type: "integer", minimum: 0 }, { $ref: "#/$defs/bytes" }] };
    case "list": {
      const item = { $ref: kindReference(kind.of, mode, definitions) };
      return { anyOf: [{ type: "array", items: item }, countedSchema(item)] };
    }
    case "pair":
      return { type: "array", description: "[name, value], or a list of such pairs" };
    case "record":
      return fieldsSchema(kind.fields, mode, kind.what, definitions);
    case "properties":
      return { anyOf: [propertiesSchema(kind.fields, mode, definitions), { type: "array" }] };
  }
}

/** A list that is written as one item with a count. */
function countedSchema(each: JsonSchema): JsonSchema {
  return {
    type: "object",
    description: "so many items; the name in as counts from 1 in them",
    properties: {
      each,
      times: { type: "integer", minimum: 1, maximum: MOST_COUNTED },
      as: { type: "string" },
    },
    required: ["each", "times"],
    additionalProperties: false,
  };
}

function propertiesSchema(fields: FieldTable, mode: Mode, definitions: Definitions): JsonSchema {
  const properties = Object.fromEntries(
    [...fields].sort(([a], [b]) => a < b ? -1 : 1).map(([name, { kind }]) => {
      const one = { $ref: kindReference(kind, mode, definitions) };
      return [name, { anyOf: [one, { type: "array", items: one }] }] as const;
    }),
  );
  return { type: "object", properties, additionalProperties: false };
}

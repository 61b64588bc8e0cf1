import { suggest } from "../../ground/nearest.ts";
import { type Definitions, type Form as SpecForm, type Json, type Report, word } from "../../spec/form.ts";
import { mapForm, object } from "../../spec/form_parts.ts";
import { entryOf, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { bytesForm } from "../field/byte_forms.ts";
import { fieldsSchema } from "../field/field.ts";
import { parametersSchema, readParameters } from "./at_parameter.ts";
import { REQUESTS } from "./operation.ts";
import { readRequest } from "./operation_step.ts";
import { isEmpty } from "./packet.ts";
import type { CommandSent, DataSent, Sent } from "./sent.ts";
import type { Written } from "./verb.ts";

type Form = CommandSent["form"];

const EXTENDED = /^AT([+*^#%$][A-Z][A-Z0-9]*)(=\?|\?|=)?$/;
const BASIC = /^AT([A-Z&][A-Z0-9&=?]*)?$/;
const FORMS: ReadonlyMap<string, Form> = new Map([["=?", "test"], ["?", "read"], ["=", "write"]]);
const ENDS = ["ctrl-z", "esc", "none"] as const;

/** How to write what is sent on the serial side, for the reference page. */
export const AT_SENT_FORMS: readonly Written[] = [
  [
    "dte -> AT+ECMTPUB=: [0, 7, 2, 0, $topic, hello]",
    "a write command: texts in quotes, numbers bare, as written",
  ],
  ["dte -> AT+ECMTOPEN?", "the read form of a command"],
  ["dte -> AT+ECMTOPEN=?", "the test form"],
  ["dte -> AT+ECMTOPEN", "the command alone"],
  ["dte -> ATE0", "a basic command, its parameters in its name"],
  ["dte -> data: hello", "bytes in response to a prompt, terminated by Ctrl-Z"],
  ["dte -> data: { bytes: hello, end: esc }", "the same, terminated by `ctrl-z`, `esc` or `none`"],
  ['dte -> raw: "AT+X=1\\r"', "bytes unchanged"],
];

/** Reads what to send on the serial side: an AT command, `raw` or `data`. */
export function readDteSent(
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
): Sent | undefined {
  if (what === "raw" || what === "data") {
    if (node === undefined) {
      report.add(`"${what}" without its bytes`, place, `write ${what}: "text"`);
      return undefined;
    }
    if (what === "data") return dataForm().read(node, report);
    const bytes = bytesForm().read(node, report);
    return bytes && { kind: "raw", bytes };
  }
  return readRequest(what, place, node, report) ?? readCommand(what, place, node, report);
}

function readCommand(what: string, place: Place, node: Node | undefined, report: Report): Sent | undefined {
  const given = node !== undefined && !isEmpty(node);
  const extended = EXTENDED.exec(what);
  if (extended) {
    const form = FORMS.get(extended[2] ?? "") ?? "execute";
    if (given && form !== "write") {
      report.add(
        `unexpected parameters after ${quote(what)}`,
        node.place,
        `write ${what.replace(/[=?]+$/, "")}=: [ … ]`,
      );
    }
    return {
      kind: "command",
      name: extended[1] ?? "",
      form,
      args: given ? readParameters(node, "send", report) : [],
    };
  }
  const basic = BASIC.exec(what);
  if (basic) {
    if (given) {
      report.add(
        `unexpected parameters after ${quote(what)}`,
        node.place,
        "write them in the name of a basic command: ATS3=13",
      );
    }
    return { kind: "command", name: basic[1] ?? "", form: "basic", args: [] };
  }
  const inline = /^(AT[+*^#%$][A-Z0-9]+=)(.+)$/.exec(what);
  if (inline) {
    report.add(`parameters inside the command ${quote(what)}`, place, `write ${inline[1]}: [${inline[2]}]`);
  } else {
    const words = ["raw", "data", ...REQUESTS.keys()];
    const hint = /^at/i.test(what) ? "AT and capital letters, or raw:" : suggest(what, words);
    report.add(
      `unknown command ${quote(what)}`,
      place,
      hint ?? "an AT command, an operation such as publish, raw or data",
    );
  }
  return undefined;
}

/** `data: hello`, `data: { bytes: hello, end: esc }` */
function dataForm(): SpecForm<DataSent> {
  const plain = mapForm(bytesForm(), (bytes): DataSent => ({ kind: "data", bytes, end: "ctrl-z" }));
  const ended = object("data", (keys): DataSent | undefined => {
    const bytes = keys.required("bytes", bytesForm(), "the bytes");
    const end = keys.optional("end", word(ENDS, "end"), "the terminator; default ctrl-z");
    return bytes && { kind: "data", bytes, end: end ?? "ctrl-z" };
  });
  return {
    read: (node, report) =>
      (node.kind === "map" && entryOf(node, "bytes") ? ended : plain).read(node, report),
    schema: (definitions) => ({ anyOf: [plain.schema(definitions), ended.schema(definitions)] }),
  };
}

/** Returns the schemas of the sending lines on the serial side. */
export function dteSentSchema(definitions: Definitions): { readonly [pattern: string]: Json } {
  const schemas: { [pattern: string]: Json } = {
    "^dte +-> +AT": parametersSchema("send", definitions),
    "^dte +-> +data$": {
      ...dataForm().schema(definitions),
      description: "bytes in response to a prompt, terminated by Ctrl-Z",
    },
  };
  for (const [name, { about, fields }] of REQUESTS) {
    const given = fieldsSchema(fields, "send", about, definitions);
    schemas[`^dte +-> +(try +)?${name}$`] = { anyOf: [given, { type: "null" }] };
  }
  return schemas;
}

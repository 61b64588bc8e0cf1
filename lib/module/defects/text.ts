import { splitParameters, type Written } from "../parameters.ts";
import type { Defect } from "./defect.ts";

type Text = Extract<Written, { readonly text: string }>;

/** Returns a defect that changes the texts of a command, both quoted ones and the rest of the line. */
const texts = (change: (text: string) => string): Defect["change"] => (hooks) => ({
  parameters: (read, text, restAt) =>
    hooks.parameters(read, text, restAt)?.map((one): Written => {
      if (one.kind !== "quoted" && one.kind !== "rest") return one;
      const changed: Text = { ...one, text: change(one.text) };
      return changed;
    }),
});

/** Returns a defect that replaces the characters of a command. */
const reads = (change: (text: string) => string): Defect["change"] => (hooks) => ({
  parameters: (read, text, restAt) => {
    const changed = change(text);
    const again = changed === text ? read : splitParameters(changed, restAt);
    return hooks.parameters(again, changed, restAt);
  },
});

/** Removes what is between an inner quote and the next comma. */
function withoutInner(text: string): string {
  return text.replace(/"([^",]*)"[^",]+[^,]*/g, '"$1"');
}

const isControl = (code: number) => code < 0x20;

/** Faults in how texts are read: accepted with OK, and changed. */
export const TEXT_DEFECTS: readonly Defect[] = [
  {
    id: "quote-cuts-text",
    description: "A text in quotes ends at its first inner quote, and the rest of it is ignored",
    clauses: ["ECMT-AT-21", "ECMT-CFG-W15"],
    change: reads(withoutInner),
  },
  {
    id: "open-quote-closed",
    description: "A text without its closing quote is accepted up to the end of the line",
    clauses: ["ECMT-AT-21"],
    change: reads((text) => (text.split('"').length - 1) % 2 === 1 ? `${text}"` : text),
  },
  {
    id: "comma-cuts-text",
    description: "A text in quotes ends before its first comma",
    clauses: ["ECMT-AT-21"],
    change: texts((text) => text.replace(/,[^]*$/, "")),
  },
  {
    id: "controls-dropped",
    description: "Control characters in texts are dropped",
    clauses: ["ECMT-AT-28"],
    change: reads((text) => [...text].filter((one) => !isControl(one.charCodeAt(0))).join("")),
  },
  {
    id: "backslash-escapes",
    description: "A backslash in a text is treated as the start of an escape and dropped",
    clauses: ["ECMT-AT-21"],
    change: texts((text) => text.replaceAll("\\", "")),
  },
  {
    id: "symbols-cut-text",
    description: "A text ends before its first brace, question mark or equals sign",
    clauses: ["ECMT-AT-21"],
    change: texts((text) => text.replace(/(?!^)[{}?=][^]*$/, "")),
  },
];

/** Applies the editing characters in a text. */
const withoutControls = (data: string) =>
  [...data].filter((one) => !isControl(one.charCodeAt(0)) && one !== "\x7f").join("");

const data = (change: (data: string) => string): Defect["change"] => (hooks) => ({
  enteredData: (entered, terminator) => change(hooks.enteredData(entered, terminator)),
});

/** Faults of data after a prompt. */
export const DATA_DEFECTS: readonly Defect[] = [
  {
    id: "data-controls-lost",
    description: "Control characters and DEL typed after the prompt are lost",
    clauses: ["ECMT-PUB-W34"],
    change: data(withoutControls),
  },
  {
    id: "data-of-seven-bits",
    description: "Bytes typed after the prompt lose their highest bit",
    clauses: ["ECMT-PUB-W34"],
    change: data((text) => [...text].map((one) => String.fromCharCode(one.charCodeAt(0) & 0x7f)).join("")),
  },
  {
    id: "data-escaped",
    description: 'Quotes, commas, backslashes and ">" typed after the prompt get a backslash',
    clauses: ["ECMT-PUB-W34"],
    change: data((text) => text.replace(/[",>\\]/g, "\\$&")),
  },
  {
    id: "counted-data-ends-early",
    description: "Data with a given length ends at a Ctrl-Z or ESC in it",
    clauses: ["ECMT-PUB-W32"],
    commands: "QMT",
    change: () => ({ endsCountedData: (byte) => byte === 0x1a || byte === 0x1b }),
  },
];

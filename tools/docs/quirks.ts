/** The page of the quirks that the embedded implementations can be told to have. */
import { QUIRK_THEMES } from "../../lib/broker/quirks.ts";
import { paragraph, table } from "./markdown.ts";

interface Listed {
  readonly id: string;
  readonly about: string;
  readonly lawful: string;
  readonly protocols?: readonly string[];
  readonly lacks?: readonly string[];
}

const PARTS = [
  "<!-- Made by `deno task docs` from lib/broker/quirks. Change that, not this page. -->",
  "# Quirks",
  paragraph(
    `A quirk is an unusual behaviour that the standard allows, and that the reference broker can be told to have. A
    [defect](defects.md) is a fault, which some case must notice; a quirk is none, and no case may fail under it. To see
    one by hand: \`deno task broker --quirk acks-late\`, or \`quirks:\` in a [target file](target-file.md).`,
  ),
  paragraph(
    `Several quirks may be given: each is applied to the result of those before it, packets are changed by one after the
    other, and where two make the same decision the last one wins. Defects are applied after them. Random choices
    follow from \`--seed\`.`,
  ),
  paragraph(
    `Where versions are named, the quirk shows in these only, or only their documents allow it. Where features are named,
    a target with the quirk must not claim them under \`supports:\`. Limits of 5.0 are announced and kept.`,
  ),
];

/** docs/reference/quirks.md */
export function quirksPage(): string {
  const count = [...QUIRK_THEMES.values()].flat().length;
  const sections = [...QUIRK_THEMES].map(([title, quirks]) => `### ${title}\n\n${quirkTable(quirks)}`);
  return `${[...PARTS, `## Of the reference broker`, `${count} quirks.`, ...sections].join("\n\n")}\n`;
}

function quirkTable(quirks: readonly Listed[]): string {
  const rows = quirks.map(({ id, about, lawful, protocols = [], lacks = [] }) => [
    id,
    about,
    lawful,
    protocols.join(", "),
    lacks.join(", "),
  ]);
  return table(["quirk", "what it does", "why it is lawful", "versions", "not claimed"], rows);
}

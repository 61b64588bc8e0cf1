/** The page of the quirks that the virtual module can be told to have. */
import { type ModuleQuirk, QUIRKS, QUIRKS_BY_THEME } from "../../lib/module/quirks.ts";
import { paragraph, table } from "./markdown.ts";

const HEAD = [
  "<!-- Made by `deno task docs` from lib/module/quirks. Change those, not this page. -->",
  "# Quirks of the virtual module",
  paragraph(
    `A quirk is lawful but unusual: what the manual, V.250 or MQTT leaves open, a capacity at a small value, a slow or
    split way for bytes to come. No case may fail on a module because of a quirk, just as some case must fail because
    of each [defect](defects.md).`,
  ),
  paragraph(
    `\`deno task module --quirk ping-early\` serves a module that has one, \`quirks:\` in a
    [target file](target-file.md) starts one, and several go together. Some quirks are capacities or features that a
    target file has to claim; the last column has the keys. A quirk of one command set is refused on a module with the
    other.`,
  ),
];

/** docs/reference/module-quirks.md */
export function moduleQuirksPage(): string {
  const themes = [...QUIRKS_BY_THEME].map(([title, quirks]) => section(title, quirks));
  return `${[...HEAD, `${QUIRKS.length} quirks.`, ...themes].join("\n\n")}\n`;
}

function section(title: string, quirks: readonly ModuleQuirk[]): string {
  const rows = quirks.map((quirk) => [
    quirk.id,
    quirk.about,
    quirk.lawful,
    quirk.commands === undefined ? "" : `AT+${quirk.commands}`,
    claimed(quirk),
  ]);
  return `## ${title}\n\n${table(["quirk", "the module", "why that is lawful", "only", "claims"], rows)}`;
}

function claimed({ claims = {} }: ModuleQuirk): string {
  const values = Object.entries(claims.values ?? {}).map(([name, value]) => `${name}: ${value}`);
  return [
    ...(claims.supports ? [`supports: [${claims.supports.join(", ")}]`] : []),
    ...(values.length > 0 ? [`values: { ${values.join(", ")} }`] : []),
  ].join(", ");
}

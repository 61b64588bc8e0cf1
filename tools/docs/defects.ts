/** The page of the defects that the embedded implementations can be told to have. */
import { DEFECTS as BROKER_DEFECTS } from "../../lib/broker/defects.ts";
import { DEFECTS as MODULE_DEFECTS } from "../../lib/module/defects.ts";
import { paragraph, table } from "./markdown.ts";

interface Listed {
  readonly id: string;
  readonly description: string;
  readonly clauses?: readonly string[];
  readonly beside?: readonly string[];
}

const PARTS = [
  "<!-- Made by `deno task docs` from lib/broker/defects and lib/module. Change those, not this page. -->",
  "# Defects",
  paragraph(
    `A defect is a fault that the reference broker or the virtual module can be told to have. \`deno task prove\` runs
    the suites against them all, to show that each fault would be noticed and that each case can fail. To see one by
    hand: \`deno task broker --defect puback-doubled\`, \`deno task module --defect urc-before-ok\`, or \`defects:\` in a
    [target file](target-file.md). A defect that names a [quirk](quirks.md) shows only in a broker that has this quirk
    too.`,
  ),
];

/** docs/reference/defects.md */
export function defectsPage(): string {
  const parts = [
    ...PARTS,
    section("Of the reference broker", BROKER_DEFECTS),
    section("Of the virtual module", MODULE_DEFECTS),
  ];
  return `${parts.join("\n\n")}\n`;
}

function section(title: string, defects: readonly Listed[]): string {
  const rows = defects.map(({ id, description, clauses = [], beside = [] }) => [
    id,
    [description, ...beside.map((quirk) => `with the quirk ${quirk}`)].join("; "),
    clauses.join(" "),
  ]);
  return `## ${title}\n\n${defects.length} defects.\n\n${table(["defect", "what it does", "breaks"], rows)}`;
}

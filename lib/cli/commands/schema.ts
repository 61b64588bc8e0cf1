import { adapterJsonSchema } from "../../client/protocol.ts";
import { profileJsonSchema } from "../../load/profile/load_profile.ts";
import { openingsJsonSchema, suiteJsonSchema } from "../../suite/file/schema.ts";
import { uncoveredJsonSchema } from "../../suite/file/uncovered.ts";
import { expectationJsonSchema } from "../../target/expectation_file.ts";
import { targetJsonSchema } from "../../target/target_file.ts";
import { Command } from "./command.ts";
import { HOME, shownPath } from "../../catalog/home.ts";
import { writeWhole } from "../../catalog/whole_file.ts";
import type { Screen } from "../terminal/screen.ts";

/** The schemas that ship, by the names of their files in docs/schema/. */
export const SCHEMAS: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  ["suite.schema.json", suiteJsonSchema],
  ["openings.schema.json", openingsJsonSchema],
  ["profile.schema.json", profileJsonSchema],
  ["target.schema.json", targetJsonSchema],
  ["expectation.schema.json", expectationJsonSchema],
  ["uncovered.schema.json", uncoveredJsonSchema],
  ["adapter.schema.json", adapterJsonSchema],
]);

/** The text of a schema file. */
export function schemaText(schema: () => unknown): string {
  return `${JSON.stringify(schema(), null, 2)}\n`;
}

/** Makes the command `schema`. */
export function schemaCommand(screen: Screen) {
  return new Command("schema")
    .action(async () => {
      const folder = new URL("docs/schema/", HOME);
      await Deno.mkdir(folder, { recursive: true });
      for (const [name, schema] of SCHEMAS) {
        const url = new URL(name, folder);
        await writeWhole(decodeURIComponent(url.pathname), schemaText(schema));
        screen.print(shownPath(url));
      }
    });
}

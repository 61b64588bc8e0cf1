/**
 * The JSON Schemas of the project's files, for completion in an editor. Run as a program it writes them to docs/schema;
 * `deno task schema` does.
 */
import type { JsonSchema } from "../lib/spec/form.ts";
import { openingsJsonSchema, suiteJsonSchema } from "../lib/suite/schema.ts";
import { expectationJsonSchema } from "../lib/target/expectation_file.ts";
import { targetJsonSchema } from "../lib/target/target_file.ts";

/** Where the schemas are. */
export const SCHEMA_FOLDER = new URL("../docs/schema/", import.meta.url);

/** Every schema file by its name, as text. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const schemas: readonly (readonly [string, JsonSchema])[] = [
    ["suite.schema.json", suiteJsonSchema()],
    ["openings.schema.json", openingsJsonSchema()],
    ["target.schema.json", targetJsonSchema()],
    ["expectation.schema.json", expectationJsonSchema()],
  ];
  return new Map(
    schemas.map(([name, schema]) => [name, `${JSON.stringify(schema, undefined, 2)}\n`] as const),
  );
}

/** Writes them. Needs write permission for docs/schema. */
export async function writeSchemas(): Promise<void> {
  await Deno.mkdir(SCHEMA_FOLDER, { recursive: true });
  for (const [name, text] of schemaFiles()) await Deno.writeTextFile(new URL(name, SCHEMA_FOLDER), text);
}

if (import.meta.main) await writeSchemas();

import { fileSchema, type JsonSchema } from "../../spec/form.ts";
import { openingsFileForm, suiteForm } from "./suite_form.ts";

/** Returns the JSON Schema (draft 2020-12) of suite files, derived from their reader. */
export function suiteJsonSchema(): JsonSchema {
  return fileSchema(suiteForm(""), "attest suite");
}

/** Returns the JSON Schema of `openings.yaml`. */
export function openingsJsonSchema(): JsonSchema {
  return fileSchema(openingsFileForm(""), "attest openings");
}

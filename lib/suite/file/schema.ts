import { fileSchema, type JsonSchema } from "../../spec/form.ts";
import { openingsFileForm, suiteForm } from "./suite_form.ts";

/** The JSON Schema (draft 2020-12) of suite files, made from what reads them. */
export function suiteJsonSchema(): JsonSchema {
  return fileSchema(suiteForm(""), "attest suite");
}

/** The JSON Schema of `openings.yaml`. */
export function openingsJsonSchema(): JsonSchema {
  return fileSchema(openingsFileForm(""), "attest openings");
}

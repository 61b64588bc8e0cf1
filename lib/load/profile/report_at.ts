import type { Report } from "../../spec/form.ts";
import type { Keys } from "../../spec/form_parts.ts";

/** Reports a mistake at the value of a key; does nothing while a schema is made. */
export function reportAt(keys: Keys, report: Report, key: string, message: string, hint?: string): void {
  const place = keys.place(key);
  if (place) report.add(message, place, hint);
}

import type { Dialect } from "../../at/dialect.ts";
import type { Operations } from "./dialect_operations.ts";

/** Looks up the dialects of a run by name. */
export interface DialectsByName {
  /** Throws for one that no target of the run speaks. */
  readonly dialect: (name: string) => Dialect;
  /** How a dialect types and reads operations; undefined for one that no target of the run speaks. */
  readonly operations: (name: string) => Operations | undefined;
}

import type { Dialect } from "../../at/dialect.ts";
import type { Operations } from "./dialect_operations.ts";

/** Looks up the dialects of a run by name. */
export interface DialectsByName {
  /** Throws for a dialect that no target of the run uses. */
  readonly dialect: (name: string) => Dialect;
  /** Returns the operations of a dialect, or undefined for a dialect that no target of the run uses. */
  readonly operations: (name: string) => Operations | undefined;
}

import type { Dialect } from "../../at/dialect.ts";
import type { ClientWays } from "./client_ways.ts";
import type { Operations } from "./dialect_operations.ts";

/** Looks up the dialects of a run by name. */
export interface DialectsByName {
  /** Throws for a dialect that no target of the run uses. */
  readonly dialect: (name: string) => Dialect;
  /** Returns the operations of a dialect, or undefined for a dialect that no target of the run uses. */
  readonly operations: (name: string) => Operations | undefined;
  /** The same for cases; undefined for one that no target of the run speaks, or that does nothing in a way of its own. */
  readonly ways?: ((name: string) => ClientWays | undefined) | undefined;
}

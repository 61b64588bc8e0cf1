import type { Dialect } from "../../at/dialect.ts";
import type { ClientWays } from "./client_ways.ts";
import type { Operations } from "./dialect_operations.ts";

/** Looks up the dialects of a run by name. */
export interface DialectsByName {
  /** Throws for one that no target of the run speaks. */
  readonly dialect: (name: string) => Dialect;
  /** How a dialect types and reads operations; undefined for one that no target of the run speaks. */
  readonly operations: (name: string) => Operations | undefined;
  /** The same for cases; undefined for one that no target of the run speaks, or that does nothing in a way of its own. */
  readonly ways?: ((name: string) => ClientWays | undefined) | undefined;
}

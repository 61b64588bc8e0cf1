import type { LimitResult } from "../lib/run/limit_table.ts";
import type { Standing } from "../lib/run/standing.ts";

/** One parameter of a command, with its classes in the order of the table's columns. */
export interface LimitRow {
  readonly command: string;
  readonly parameter: string;
  /** Undefined if the grammar has no such class for the parameter. */
  readonly cells: readonly (LimitCellShown | undefined)[];
}

/** A cell of the table. */
export interface LimitCellShown {
  readonly standing: Standing | "none";
  /** The executions of its cases. */
  readonly cases: readonly number[];
  /** The number, from 1, of the note that says why the class is not covered. */
  readonly note?: number | undefined;
}

/** The table of one target: command × parameter × class. */
export interface LimitTable {
  readonly target: string;
  readonly protocol: string;
  readonly classes: readonly string[];
  readonly rows: readonly LimitRow[];
  /** Why cells are not covered. */
  readonly notes: readonly string[];
  /** The number of tested classes, and of all classes in the grammar. */
  readonly tried: number;
  readonly all: number;
}

/** The note for a class with a case that this run left out. */
const NOT_RUN = "its case was not selected for this run";

/** The order of the columns; unknown classes come last. */
const ORDER =
  ("lowest highest each below above between negative leading-zero quoted-number text-for-number " +
    "one-character longest one-longer unquoted-text empty-text third-quote control-character " +
    "empty left-off optional-empty extra").split(" ");

function place(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

/** The tables of a run, one for each target with boundary cases. */
export function limitTables(limits: readonly LimitResult[]): readonly LimitTable[] {
  const targets = Map.groupBy(limits, ({ target, protocol }) => JSON.stringify([target, protocol]));
  return [...targets.values()].flatMap((own) => {
    const [first] = own;
    return first ? [tableOf(first.target, first.protocol, own)] : [];
  });
}

function tableOf(target: string, protocol: string, own: readonly LimitResult[]): LimitTable {
  const classes = [...new Set(own.map((one) => one.class))].sort((a, b) => place(a) - place(b));
  const notes: string[] = [];
  const noteOf = (reason: string): number => {
    if (!notes.includes(reason)) notes.push(reason);
    return notes.indexOf(reason) + 1;
  };
  const rows = [...Map.groupBy(own, (one) => JSON.stringify([one.command, one.parameter])).values()];
  return {
    target,
    protocol,
    classes,
    rows: rows.flatMap((cells) => {
      const [first] = cells;
      if (!first) return [];
      return [{
        command: first.command,
        parameter: first.parameter,
        cells: classes.map((name) => shown(cells.find((cell) => cell.class === name), noteOf)),
      }];
    }),
    notes,
    tried: own.filter(({ cases }) => cases.length > 0).length,
    all: own.length,
  };
}

function shown(
  cell: LimitResult | undefined,
  noteOf: (reason: string) => number,
): LimitCellShown | undefined {
  if (!cell) return undefined;
  const { standing, cases, uncovered } = cell;
  return { standing, cases, note: cases.length > 0 ? undefined : noteOf(uncovered ?? NOT_RUN) };
}

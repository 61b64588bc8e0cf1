import { defined } from "../ground/defined.ts";
import type { CaseStarted, LimitListed } from "./event.ts";
import { type Standing, STANDINGS } from "./standing.ts";

/** One class of one parameter on one target. */
export interface LimitResult {
  /** The name of the target. */
  readonly target: string;
  /** The protocol: `3.1`, `3.1.1`, `5.0`, or that of a command set. */
  readonly protocol: string;
  /** The name of the command, such as `ECMTOPEN`, or with its option, such as `ECMTCFG keepalive`. */
  readonly command: string;
  /** The parameter of the command. */
  readonly parameter: string;
  /** The class of its values. */
  readonly class: string;
  /** The gravest standing of its cases; `none` if none ran. */
  readonly standing: Standing | "none";
  /** The cases that tested it, by the numbers of their executions. */
  readonly cases: readonly number[];
  /** Why no case tests it. */
  readonly uncovered?: string;
}

/** A case run that may have tested a class. */
type TriedCase = Pick<CaseStarted, "n" | "target" | "protocol" | "tried"> & { readonly standing: Standing };

/**
 * Returns the results by command, parameter and class for each target with boundary cases: one row per class
 * of the grammar. Rows come in the order of the list; classes that a case tested but no list names come last.
 */
export function limitTable(
  listed: readonly LimitListed[],
  cases: readonly TriedCase[],
): readonly LimitResult[] {
  const tried = Map.groupBy(
    cases.filter((one) => one.tried),
    (one) => JSON.stringify([one.target, one.protocol]),
  );
  return [...tried].flatMap(([, own]) => {
    const [first] = own;
    return first ? tableOf(first.target, first.protocol, listed, own) : [];
  });
}

function tableOf(
  target: string,
  protocol: string,
  listed: readonly LimitListed[],
  own: readonly TriedCase[],
): readonly LimitResult[] {
  const byCell = Map.groupBy(own, ({ tried }) => tried ? keyOf(tried) : "");
  const rows = listed.filter((one) => one.protocol === protocol).map((cell): LimitResult => {
    const found = byCell.get(keyOf(cell)) ?? [];
    byCell.delete(keyOf(cell));
    return rowOf(target, protocol, cell, found);
  });
  const others = [...byCell.values()].flatMap((found) => {
    const cell = found[0]?.tried;
    return cell ? [rowOf(target, protocol, cell, found)] : [];
  });
  return [...rows, ...others];
}

type Cell = Pick<LimitListed, "command" | "parameter" | "class" | "uncovered">;

function keyOf({ command, parameter, class: name }: Cell): string {
  return JSON.stringify([command, parameter, name]);
}

function rowOf(target: string, protocol: string, cell: Cell, found: readonly TriedCase[]): LimitResult {
  const standings = found.map(({ standing }) => standing);
  const { command, parameter, uncovered } = cell;
  return defined({
    target,
    protocol,
    command,
    parameter,
    class: cell.class,
    standing: STANDINGS.find((standing) => standings.includes(standing)) ?? "none",
    cases: found.map(({ n }) => n),
    uncovered,
  });
}

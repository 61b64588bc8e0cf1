import type { LimitResult } from "../../lib/run/limit_table.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { type LimitCellShown, type LimitRow, type LimitTable, limitTables } from "../limit_rows.ts";
import { visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";

/**
 * Command × parameter × class of the boundary cases. `numbers` gives the row of the table of cases by the execution's
 * number, so that each cell leads to its case; a class that no case tries has a note with the reason.
 */
export function LimitTables(
  { limits, numbers }: { limits: readonly LimitResult[]; numbers: ReadonlyMap<number, number> },
) {
  if (limits.length === 0) return null;
  return (
    <section id="limits">
      <h2>Limits of the parameters</h2>
      {limitTables(limits).map((table) => (
        <Table key={`${table.target} ${table.protocol}`} table={table} numbers={numbers} />
      ))}
    </section>
  );
}

function Table({ table, numbers }: { table: LimitTable; numbers: ReadonlyMap<number, number> }) {
  const groups = [...Map.groupBy(table.rows, ({ command }) => command)];
  return (
    <>
      <p>
        <b>{visible(table.target)}</b> <small>{visible(table.protocol)}</small>: {table.tried} of {table.all}
        {" "}
        classes that the grammar has were tried. A number leads to the reason why a class was not; an empty
        cell is a class that the parameter does not have.
      </p>
      <div class="limits">
        <table>
          <thead>
            <tr>
              <th scope="col">Command and parameter</th>
              {table.classes.map((name) => (
                <th key={name} scope="col" class="class">
                  <span>{visible(name.replaceAll("-", " "))}</span>
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(([command, rows]) => (
            <tbody key={command}>
              <tr class="command">
                <th scope="rowgroup" colSpan={table.classes.length + 1}>AT+{visible(command)}</th>
              </tr>
              {rows.map((row) => <Row key={row.parameter} row={row} table={table} numbers={numbers} />)}
            </tbody>
          ))}
        </table>
      </div>
      {table.notes.length === 0
        ? null
        : <ol class="notes">{table.notes.map((note) => <li key={note}>{visible(note)}</li>)}</ol>}
    </>
  );
}

function Row(
  { row, table, numbers }: { row: LimitRow; table: LimitTable; numbers: ReadonlyMap<number, number> },
) {
  return (
    <tr>
      <th scope="row">{visible(row.parameter)}</th>
      {row.cells.map((cell, at) => (
        <td key={table.classes[at] ?? at}>
          {cell ? <Cell cell={cell} name={table.classes[at] ?? ""} table={table} numbers={numbers} /> : null}
        </td>
      ))}
    </tr>
  );
}

function Cell(
  { cell, name, table, numbers }: {
    cell: LimitCellShown;
    name: string;
    table: LimitTable;
    numbers: ReadonlyMap<number, number>;
  },
) {
  if (cell.note !== undefined) {
    const why = `not covered: ${table.notes[cell.note - 1] ?? ""}`;
    return <small class="note" title={visible(why)}>{cell.note}</small>;
  }
  const number = cell.cases.map((n) => numbers.get(n)).find((found) => found !== undefined);
  const mark = <Mark of={cell.standing} />;
  if (number === undefined) return mark;
  const standing = cell.standing === "none" ? "" : STANDING_NAMES[cell.standing];
  return <a href={`#c${number}`} title={`${visible(name.replaceAll("-", " "))}: ${standing}`}>{mark}</a>;
}

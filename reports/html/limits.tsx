import type { LimitResult } from "../../lib/run/limit_table.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { type LimitCellShown, type LimitRow, type LimitTable, limitTables } from "../limit_rows.ts";
import { visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";

/**
 * Command × parameter × class of the boundary cases. `addresses` maps an execution's number to the fragment of its case in the
 * page, so each cell links to its case. A class without a case has a note with the reason.
 */
export function LimitTables(
  { limits, addresses }: { limits: readonly LimitResult[]; addresses: ReadonlyMap<number, string> },
) {
  if (limits.length === 0) return null;
  return (
    <section id="limits">
      <h2>Limits of the parameters</h2>
      {limitTables(limits).map((table) => (
        <Table key={`${table.target} ${table.protocol}`} table={table} addresses={addresses} />
      ))}
    </section>
  );
}

function Table({ table, addresses }: { table: LimitTable; addresses: ReadonlyMap<number, string> }) {
  const groups = [...Map.groupBy(table.rows, ({ command }) => command)];
  return (
    <>
      <p>
        <b>{visible(table.target)}</b> <small>{visible(table.protocol)}</small>: {table.tried} of {table.all}
        {" "}
        classes in the grammar were tested. A number links to the reason why a class was not tested; an empty
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
              {rows.map((row) => <Row key={row.parameter} row={row} table={table} addresses={addresses} />)}
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
  { row, table, addresses }: { row: LimitRow; table: LimitTable; addresses: ReadonlyMap<number, string> },
) {
  return (
    <tr>
      <th scope="row">{visible(row.parameter)}</th>
      {row.cells.map((cell, at) => (
        <td key={table.classes[at] ?? at}>
          {cell
            ? <Cell cell={cell} name={table.classes[at] ?? ""} table={table} addresses={addresses} />
            : null}
        </td>
      ))}
    </tr>
  );
}

function Cell(
  { cell, name, table, addresses }: {
    cell: LimitCellShown;
    name: string;
    table: LimitTable;
    addresses: ReadonlyMap<number, string>;
  },
) {
  if (cell.note !== undefined) {
    const why = `not covered: ${table.notes[cell.note - 1] ?? ""}`;
    return <small class="note" title={visible(why)}>{cell.note}</small>;
  }
  const address = cell.cases.map((n) => addresses.get(n)).find((found) => found !== undefined);
  const mark = <Mark of={cell.standing} />;
  if (address === undefined) return mark;
  const standing = cell.standing === "none" ? "" : STANDING_NAMES[cell.standing];
  return <a href={`#${address}`} title={`${visible(name.replaceAll("-", " "))}: ${standing}`}>{mark}</a>;
}

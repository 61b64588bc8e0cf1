import { ecmtClausesPage, mqttClausesPage } from "./clauses.ts";
import { defectsPage } from "./defects.ts";

/** The pages of docs/reference that are made from tables of the code, by the name of their file. */
export const PAGES: ReadonlyMap<string, () => string> = new Map([
  ["clauses-mqtt.md", mqttClausesPage],
  ["clauses-ecmt.md", ecmtClausesPage],
  ["defects.md", defectsPage],
]);

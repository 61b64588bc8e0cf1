import { adapterPage } from "./adapter.ts";
import { ecmtClausesPage, mqttClausesPage, qmtClausesPage } from "./clauses.ts";
import { conversationRulesPage } from "./conversation_rules.ts";
import { defectsPage } from "./defects.ts";
import { ec616sPage } from "./deviations.ts";
import { loadMetricsPage } from "./load_metrics.ts";
import { moduleQuirksPage } from "./module_quirks.ts";
import { suiteLanguagePage } from "./suite_language.ts";
import { quirksPage } from "./quirks.ts";
import { profilePage, profilesPage, shippedProfiles } from "./profiles.ts";

/** The generated pages of docs/reference, by file name, and those of docs/profiles. */
export const PAGES: ReadonlyMap<string, () => string | Promise<string>> = new Map<
  string,
  () => string | Promise<string>
>([
  ["adapter.md", adapterPage],
  ["clauses-mqtt.md", mqttClausesPage],
  ["clauses-ecmt.md", ecmtClausesPage],
  ["clauses-qmt.md", qmtClausesPage],
  ["conversation-rules.md", conversationRulesPage],
  ["defects.md", defectsPage],
  ["quirks.md", quirksPage],
  ["module-quirks.md", moduleQuirksPage],
  ["deviations-ec616s.md", ec616sPage],
  ["load-metrics.md", loadMetricsPage],
  ["suite-language.md", suiteLanguagePage],
  ["../profiles/README.md", profilesPage],
  ...shippedProfiles().map((one) => [`../profiles/${one.name}.md`, () => profilePage(one)] as const),
]);

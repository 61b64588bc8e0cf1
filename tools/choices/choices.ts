/**
 * Lists the choices that the cases leave to a broker in a version of MQTT, and what takes each of them on the reference
 * broker: a step with several outcomes, and a field with several values. Choices that read alike are listed once:
 *
 *     deno task choices          # in 5.0
 *     deno task choices 3.1.1
 *
 * A member that neither the broker without quirks nor one of its quirks takes is marked with "nobody": no run shows that
 * the cases bear it.
 */
import { hooksOf, QUIRKS } from "../../lib/broker/quirks.ts";
import { dialectsOf } from "../../lib/catalog/dialects.ts";
import { PROOFS, readPoints } from "../../lib/catalog/proofs.ts";
import { Suites } from "../../lib/catalog/suites.ts";
import { findTarget } from "../../lib/catalog/targets.ts";
import { choicesTaken, choiceText, type TakenChoice } from "../../lib/conform/prove/quirk/choices_taken.ts";

if (import.meta.main) {
  const [protocol = "5.0"] = Deno.args;
  const target = await findTarget("reference");
  const points = await readPoints(PROOFS, ["reference"]);
  const record = points.get("reference") ?? { common: new Set(), cases: new Map() };
  const quirks = QUIRKS.filter(({ beside, credentials }) => !beside && !credentials)
    .map((quirk) => ({ ...quirk, points: hooksOf(quirk) }));
  const choices = await choicesTaken({
    target: target.file,
    protocol,
    quirks,
    record,
    plan: {
      suites: await (await Suites.find()).matching(["mqtt/*"]),
      selection: { filters: [] },
      dialects: await dialectsOf([target]),
    },
    seed: 1,
    emit: () => {},
    signal: new AbortController().signal,
    onRun: (name) => console.error(name),
  });
  for (const line of lines(choices)) console.log(line);
}

/** The choices that read alike, with what takes each of their members in any of them. */
function lines(choices: readonly TakenChoice[]): readonly string[] {
  const alike = Map.groupBy(choices, choiceText);
  let members = 0;
  let open = 0;
  const listed = [...alike].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([name, own]) => {
    const [first] = own;
    if (!first) return [];
    const rows = first.members.map(({ text }, at) => {
      const by = [...new Set(own.flatMap((one) => one.by[at] ?? []))];
      members++;
      if (by.length === 0) open++;
      return `    ${text}: ${by.length === 0 ? "nobody" : by.slice(0, 3).join(", ")}`;
    });
    return [`${name}  (${own.length})`, ...rows];
  });
  return [
    ...listed,
    "",
    `${choices.length} choices, ${alike.size} of them different; ${members} members, ${open} that nobody takes`,
  ];
}

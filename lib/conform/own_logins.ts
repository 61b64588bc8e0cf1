import type { Case } from "../suite/file/model.ts";
import type { Outcome } from "../suite/step/outcome.ts";
import type { Sent } from "../suite/step/sent.ts";
import { eachStep } from "../suite/step/step.ts";
import type { PlannedCase } from "./plan.ts";

/** The codes of CONNACK that refuse a login, in 3.x and in 5.0. */
const REFUSALS: ReadonlySet<string> = new Set(["4", "5", "0x86", "0x87", "134", "135"]);

/**
 * Whether the selected cases are about logins, so they can be judged although the target's own login is
 * refused: every CONNECT in them has its own user name, or expects a refusal.
 */
export function haveOwnLogins(cases: readonly PlannedCase[]): boolean {
  const run = cases.filter(({ skip }) => skip === undefined);
  return run.length > 0 && run.every((one) => hasOwnLogin(one.case));
}

function hasOwnLogin({ steps }: Case): boolean {
  const logins: boolean[] = [];
  let refused = false;
  for (const step of eachStep(steps)) {
    if (step.kind === "send") logins.push(...loginsIn(step.send));
    if (step.kind === "expect") refused ||= step.outcomes.some(isRefusal);
  }
  return refused || (logins.length > 0 && logins.every((own) => own));
}

/** Returns for each sent CONNECT whether it has its own user name. */
function loginsIn(sent: Sent): readonly boolean[] {
  const packets = sent.kind === "packet" ? [sent] : sent.kind === "packets" ? sent.packets : [];
  return packets.filter(({ type }) => type === "CONNECT")
    .map(({ fields }) => fields.some(([name]) => name === "userName"));
}

function isRefusal(outcome: Outcome): boolean {
  return outcome.kind === "packet" && outcome.type === "CONNACK" &&
    outcome.fields.some(([name, value]) =>
      name === "reason" && (value.kind === "list" ? value.items : [value])
        .some((one) => one.kind === "literal" && REFUSALS.has(one.source.toLowerCase()))
    );
}

import type { Violation } from "../mqtt/frame.ts";
import { LIMIT_RULES } from "../mqtt/ledger/ledger_rules.ts";
import { describeViolation } from "./frame_text.ts";
import { StepFailed } from "./step_failed.ts";

/** A client keeps to the Keep Alive that the server sets; that of its own is the case's choice. */
const SERVER_KEEP_ALIVE = "MQTT-3.2.2-21";

/** A limit that the target has announced and that a case does not keep. */
export interface Impossible {
  /** One sentence. */
  readonly message: string;
  /** The rule of the conversation behind it. */
  readonly limit: string;
}

/** Takes the name of each rule that a case of attest's own breaks. */
export type OnBroken = (rule: string) => void;

/**
 * The rules of MQTT that a case breaks on purpose. attest is held to the rules as its target is: what a step sends and that
 * breaks one which the case does not name never goes out.
 */
export class BrokenRules {
  readonly #declared: ReadonlySet<string>;
  readonly #onBroken: OnBroken | undefined;
  #impossible: Impossible | undefined;

  /** `declared` are rules by their names, or the clauses that state them. */
  constructor(declared: readonly string[], onBroken?: OnBroken) {
    this.#declared = new Set(declared);
    this.#onBroken = onBroken;
  }

  /**
   * Why the case can't be done on this target: the far end set a limit that the case has not kept, and ended the
   * connection for it. What a step misses from then on says nothing about the target.
   */
  get impossible(): Impossible | undefined {
    return this.#impossible;
  }

  /** The far end ended a connection for what a limit of its own forbids. */
  ended(violation: Violation): void {
    this.#impossible ??= notPossible(violation);
  }

  /**
   * Lets a packet pass that breaks these rules, or throws {@link StepFailed}: the case is skipped where the far end has
   * announced that it does not take such a packet, and an error where the case should name the rule.
   */
  judge(violations: readonly Violation[]): void {
    for (const { rule } of violations) this.#onBroken?.(rule);
    if (this.#onBroken) return;
    const undeclared = violations.find(({ rule, clause }) =>
      !this.#declared.has(rule) && !(clause !== undefined && this.#declared.has(clause))
    );
    if (!undeclared) return;
    if (LIMIT_RULES.has(undeclared.rule) || undeclared.clause === SERVER_KEEP_ALIVE) {
      throw new StepFailed({ ...notPossible(undeclared), verdict: "skip" });
    }
    throw new StepFailed({
      message: `The step breaks a rule that the case does not name: ${describeViolation(undeclared)}; ` +
        `add breaks: [${undeclared.rule}]`,
      verdict: "error",
    });
  }
}

function notPossible(violation: Violation): Impossible {
  return { message: `Not possible on this target: ${describeViolation(violation)}`, limit: violation.rule };
}

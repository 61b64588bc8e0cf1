import type { Violation } from "../mqtt/frame.ts";
import { LIMIT_RULES } from "../mqtt/ledger/ledger_rules.ts";
import { describeViolation } from "./frame_text.ts";
import { StepFailed } from "./step_failed.ts";

/**
 * The clause for the Keep Alive that the server sets, which attest's clients keep; their own Keep Alive is
 * the case's choice.
 */
const SERVER_KEEP_ALIVE = "MQTT-3.2.2-21";

/** A limit that the target has announced and the case exceeds. */
export interface Impossible {
  /** One sentence. */
  readonly message: string;
  /** The conversation rule behind it. */
  readonly limit: string;
}

/** Receives the name of each rule that a case breaks on attest's side. */
export type OnBroken = (rule: string) => void;

/**
 * The rules of MQTT that a case breaks on purpose. attest is held to the rules like its target: a step that
 * breaks a rule which the case does not name is never sent.
 */
export class BrokenRules {
  readonly #declared: ReadonlySet<string>;
  readonly #onBroken: OnBroken | undefined;
  #impossible: Impossible | undefined;

  /** `declared` are rules by name, or the clauses that state them. */
  constructor(declared: readonly string[], onBroken?: OnBroken) {
    this.#declared = new Set(declared);
    this.#onBroken = onBroken;
  }

  /**
   * Why the case is not possible on this target: it exceeded a limit of the far end, which then closed the
   * connection. From then on a failed step says nothing about the target.
   */
  get impossible(): Impossible | undefined {
    return this.#impossible;
  }

  /** Records that the far end closed a connection because of a limit of its own. */
  ended(violation: Violation): void {
    this.#impossible ??= notPossible(violation);
  }

  /**
   * Accepts a packet that breaks these rules, or throws {@link StepFailed}: the case is skipped if the far
   * end has announced that it does not accept such a packet, and is an error if the case should name the
   * rule.
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
      message: `The step breaks a rule that the case does not name: ${describeViolation(undeclared)}; add ` +
        `breaks: [${undeclared.rule}]`,
      verdict: "error",
    });
  }
}

function notPossible(violation: Violation): Impossible {
  return { message: `Not possible on this target: ${describeViolation(violation)}`, limit: violation.rule };
}

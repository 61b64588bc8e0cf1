import { messageOf } from "../../ground/error_message.ts";
import type { Operations } from "../../suite/dialect/dialect_operations.ts";
import { eachStep } from "../../suite/step/step.ts";
import type { ModuleTarget } from "../../target/target.ts";
import type { PlannedCase } from "../plan.ts";
import { type CaseJudgement, judgement } from "../run_case.ts";
import type { ModuleLine } from "./line.ts";
import { moduleOpens } from "./round_trip.ts";

/**
 * Whether a module that nobody can switch off can still be used, so that a case that leaves it useless is the one that is blamed for
 * it, and not those that follow. It is checked after cases that did not pass and those that cut the connection: the module is
 * reset, and has to open a connection. Nothing is blamed on anybody before the module has opened one in this run.
 */
export class Usability {
  readonly #line: ModuleLine;
  readonly #target: ModuleTarget;
  readonly #operations: Operations | undefined;
  readonly #signal: AbortSignal;
  #shown = false;
  /** The id of the case behind which the module could not be used again. */
  #brokenBy: string | undefined;

  constructor(
    line: ModuleLine,
    target: ModuleTarget,
    operations: Operations | undefined,
    signal: AbortSignal,
  ) {
    this.#line = line;
    this.#target = target;
    this.#operations = operations;
    this.#signal = signal;
  }

  /** Whether the module has opened a connection in this run. */
  get shown(): boolean {
    return this.#shown;
  }

  /** The module has opened a connection. */
  opened(): void {
    this.#shown = true;
  }

  /**
   * Before a case, with the module reset: why it can't begin, since an earlier case has left the module useless; undefined if
   * the module can be used, perhaps again.
   */
  async refusal(): Promise<CaseJudgement | undefined> {
    if (this.#brokenBy === undefined) return undefined;
    const wrong = await this.#wrong();
    if (wrong === undefined) {
      this.#brokenBy = undefined;
      return undefined;
    }
    return judgement("error", `The module can't be used since ${this.#brokenBy}: ${wrong}`, true);
  }

  /** The result of a case, the look at what it has left of the module included. */
  async behind({ case: one }: PlannedCase, result: CaseJudgement): Promise<CaseJudgement> {
    if (!this.#shown || !this.#line.keepsState || this.#line.lost || this.#signal.aborted) return result;
    const suspect = result.verdict === "fail" || result.verdict === "inconclusive" ||
      eachStep(one.steps).some(({ kind }) => kind === "drop");
    if (!suspect) return result;
    const wrong = await this.#wrong();
    if (wrong === undefined || this.#line.lost || this.#signal.aborted) return result;
    this.#brokenBy = one.id;
    const said = `Behind this case the module can't be used again: ${wrong}`;
    if (result.verdict === "fail") return { ...result, warnings: [...result.warnings, said] };
    return { ...result, verdict: "fail", reason: said };
  }

  /** What is wrong with the module where a case would begin; undefined if nothing is, or if it is unknown. */
  async #wrong(): Promise<string | undefined> {
    if (!this.#operations) return undefined;
    try {
      await this.#line.restart();
      await moduleOpens(this.#line, this.#target, this.#operations, this.#signal);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
}

import { UsageError } from "../catalog/usage_error.ts";

/** A share of the load, counted from 1, and the variable that it was read from. */
export interface FoundShard {
  readonly index: number;
  readonly of: number;
  readonly by: string;
}

interface Source {
  readonly index: string;
  /** The index of the first share, or the variable that contains it. */
  readonly first: number | string;
  readonly count: string;
}

/** Neither GNU parallel nor Kubernetes sets the number of shares, so the recipes set this variable. */
const OWN_COUNT = "ATTEST_SHARDS";

/** Slurm sets the variables of a task in an array job too, so those of the array job come first. */
const SOURCES: readonly Source[] = [
  { index: "SLURM_ARRAY_TASK_ID", first: "SLURM_ARRAY_TASK_MIN", count: "SLURM_ARRAY_TASK_COUNT" },
  { index: "SLURM_PROCID", first: 0, count: "SLURM_NTASKS" },
  { index: "JOB_COMPLETION_INDEX", first: 0, count: OWN_COUNT },
  { index: "AWS_BATCH_JOB_ARRAY_INDEX", first: 0, count: "AWS_BATCH_JOB_ARRAY_SIZE" },
  { index: "PARALLEL_SEQ", first: 1, count: OWN_COUNT },
];

/**
 * The share that a scheduler gave this process, from the variables of Slurm, Kubernetes (Indexed Job), AWS Batch and GNU
 * parallel. Undefined without such variables, or if there is only one share. Throws {@link UsageError} for invalid values.
 */
export function shardOfVariables(variable: (name: string) => string | undefined): FoundShard | undefined {
  for (const { index, first, count } of SOURCES) {
    const at = variable(index);
    const of = variable(count);
    if (at === undefined || of === undefined) continue;
    const number = whole(index, at) -
      (typeof first === "number" ? first : whole(first, variable(first) ?? "0")) + 1;
    const total = whole(count, of);
    if (total <= 1) continue;
    if (number < 1 || number > total) {
      throw new UsageError(
        `${index}=${at} and ${count}=${of} are not a valid share; give one with --shard i/n`,
      );
    }
    return { index: number, of: total, by: index };
  }
  return undefined;
}

/** All variables that are read, for the permissions. */
export const SHARD_VARIABLES: readonly string[] = [
  ...new Set(
    SOURCES.flatMap((
      { index, first, count },
    ) => [index, ...(typeof first === "string" ? [first] : []), count]),
  ),
];

function whole(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`${name}="${text.slice(0, 40)}" is not a number; give the share with --shard i/n`);
}

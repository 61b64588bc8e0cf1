import { arrivalRate } from "./arrival_rate.ts";
import { closedLoop } from "./closed_loop.ts";
import type { Executor } from "./executor.ts";
import { search } from "./search.ts";

/** All executors, the default first. A new one is a file of this folder and an entry here. */
export const EXECUTORS = [arrivalRate, closedLoop, search] as const satisfies readonly Executor[];

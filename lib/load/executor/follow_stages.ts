import { pause } from "../../ground/wait.ts";
import type { Stage } from "../profile/stage.ts";
import type { LoadControl } from "./executor.ts";

/** What {@link followStages} needs from a load. */
export type Followed =
  & Pick<LoadControl, "warmUpMs" | "now" | "signal">
  & Partial<Pick<LoadControl, "over">>
  & {
    readonly seconds: Pick<LoadControl["seconds"], "cut">;
  };

/**
 * Records a load second by second from `startMs` of its clock to the end of its stages. Returns earlier if the signal
 * aborts, the load is over, or `stopped` returns true at the end of a second.
 */
export async function followStages(
  stages: readonly Stage[],
  startMs: number,
  { warmUpMs, seconds, now, signal, over }: Followed,
  stopped: () => boolean = () => false,
): Promise<void> {
  const endMs = stages.reduce((sum, { ms }) => sum + ms, 0);
  const ended = over ? AbortSignal.any([signal, over]) : signal;
  let atMs = 0;
  while (!ended.aborted && !stopped() && atMs < endMs) {
    // A second is cut at the end of the warm-up, so none is partly in it.
    const nextMs = atMs < warmUpMs ? Math.min(atMs + 1000, warmUpMs) : atMs + 1000;
    atMs = Math.min(nextMs, endMs);
    await pause(startMs + atMs - now(), ended);
    await seconds.cut({ phase: atMs <= warmUpMs ? "warm-up" : "measure", stage: stageAt(stages, atMs) });
  }
}

/** The index of the stage to which a second that ends at `endMs` belongs. */
function stageAt(stages: readonly Stage[], endMs: number): number {
  let stageEnd = 0;
  return stages.findIndex(({ ms }) => (stageEnd += ms) >= endMs);
}

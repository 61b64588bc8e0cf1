/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** The thread of one worker: starts an engine, and handles the messages of the load. */
import { messageOf } from "../../ground/error_message.ts";
import { type ClientCertificates, clientCertificates } from "./client_certificates.ts";
import { compareClock } from "./clock.ts";
import { Engine } from "./engine.ts";
import { LoopDriver } from "./loop/loop_driver.ts";
import type { FromWorker, ToWorker } from "./worker_message.ts";

let engine: Engine | undefined;
let driver: LoopDriver | undefined;

function tell(message: FromWorker): void {
  postMessage(message);
}

addEventListener("message", async ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "start") {
    const offset = compareClock(data.clock);
    let certificates: ClientCertificates;
    try {
      certificates = await clientCertificates(data.plan, data.worker);
    } catch (error) {
      return tell({ kind: "unready", reason: messageOf(error) });
    }
    engine = new Engine(data.plan, data.worker, data, {
      now: () => performance.now() + offset,
      epochMs: data.epochMs,
      fault: (fault) => tell({ kind: "fault", fault }),
      settled: () => tell({ kind: "settled" }),
      certificates,
    });
    driver = new LoopDriver(engine);
    tell({ kind: "started" });
    return;
  }
  if (!engine || !driver) return;
  switch (data.kind) {
    case "connect":
      driver.start();
      engine.connectAll();
      return;
    case "begin":
      engine.begin(data.startMs, data.measuredFromMs);
      driver.reschedule();
      return;
    case "extend":
      engine.extend(data.segments, data.measuredFromMs);
      driver.reschedule();
      return;
    case "run":
      engine.run(data.running);
      return;
    case "stop":
      engine.stop();
      driver.reschedule();
      return;
    case "take":
      return tell({ kind: "taken", delta: engine.recorder.take(), connected: engine.connections.ready });
    case "left":
      // Messages that have come due by now must be counted, however late this thread is.
      engine.tick();
      return tell({ kind: "left", left: engine.left, missing: engine.missing });
    case "finish":
      driver.stopSending();
      await engine.finish();
      driver.stop();
      return tell({ kind: "finished", delta: engine.recorder.take(), shares: engine.flows.shared });
  }
});

tell({ kind: "loaded" });

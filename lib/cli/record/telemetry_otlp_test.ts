import assert from "node:assert/strict";
import { TestFolder } from "../../catalog/test_folder.ts";
import { ended, spawned } from "../test_screen.ts";

const LOAD = ["point-to-point-basic", "--set", "pairs=2", "--set", "rate=20", "--set", "seconds=3s"];

interface Point {
  readonly asInt?: string | number;
  readonly asDouble?: number;
}
interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean };
}

/**
 * Runs a load that may send to a receiver of OTLP/HTTP; returns the last export of each metric, and the number of
 * exports.
 */
async function received(
  folder: TestFolder,
  on: boolean,
): Promise<{ exports: number; metrics: Map<string, Metric> }> {
  const metrics = new Map<string, Metric>();
  let exports = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const body = await request.json();
    if (!request.url.endsWith("/v1/metrics")) return Response.json({});
    exports++;
    for (const { scopeMetrics } of body.resourceMetrics) {
      for (const { scope, metrics: some } of scopeMetrics) {
        if (scope.name === "attest") { for (const one of some as Metric[]) metrics.set(one.name, one); }
      }
    }
    return Response.json({});
  });
  const child = spawned(["load", ...LOAD, "--format", "json", "--out", `${folder.path}/out`], {
    permissions: "load",
    env: {
      ...(on ? { OTEL_DENO: "true" } : {}),
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
      OTEL_METRIC_EXPORT_INTERVAL: "500",
    },
  });
  await ended(child);
  return { exports, metrics };
}

Deno.test("a receiver of OTLP gets a load's counts while it runs, and at the end those of its result", async () => {
  await using folder = new TestFolder();
  const { exports, metrics } = await received(folder, true);
  assert.ok(exports > 1, `${exports} exports`);
  const { load } = JSON.parse(folder.read("out/result.json"));
  for (const counter of ["planned", "sent", "received", "due", "connect.succeeded"]) {
    const sum = metrics.get(`attest.load.${counter}`)?.sum;
    assert.ok(sum?.isMonotonic, counter);
    const value = sum.dataPoints.reduce((all, { asInt, asDouble }) => all + Number(asInt ?? asDouble), 0);
    assert.equal(value, load.counts[counter], counter);
  }
});

Deno.test("a load without OTEL_DENO sends nothing, wherever the exporter would send it", async () => {
  await using folder = new TestFolder();
  assert.equal((await received(folder, false)).exports, 0);
});

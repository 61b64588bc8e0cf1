import assert from "node:assert/strict";

const ROOT = new URL("../../../", import.meta.url).pathname;

Deno.test("a load exports its metrics to OpenTelemetry while it runs, and their sums are those of its result", async () => {
  const out = await Deno.makeTempDir({ prefix: "attest-telemetry-" });
  try {
    const set = ["--set", "pairs=2", "--set", "rate=20", "--set", "seconds=3s"];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "-P=load",
        "main.ts",
        "load",
        "qos-mix",
        ...set,
        "--out",
        out,
        "--format",
        "json",
      ],
      cwd: ROOT,
      env: {
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_PROTOCOL: "console",
        OTEL_METRIC_EXPORT_INTERVAL: "1000",
        NO_COLOR: "1",
      },
    }).output();
    const decoder = new TextDecoder();
    // deno-lint-ignore no-control-regex
    const text = (decoder.decode(stdout) + decoder.decode(stderr)).replaceAll(/\x1b\[[0-9;]*m/g, "");
    const exports = text.split("METRIC attest.load.sent ").slice(1);
    assert.ok(exports.length >= 2, `${exports.length} exports: ${text.slice(0, 2000)}`);
    const { load } = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
    for (const name of ["sent", "acknowledged", "received", "connect.succeeded"]) {
      const last = text.split(`METRIC attest.load.${name} (Sum)`).at(-1) ?? "";
      const [, value] = /profile=qos-mix[^}]*\}\s*(?:value=|=)?\s*(\d+)/.exec(last) ?? [];
      assert.equal(Number(value), load.counts[name], name);
    }
    assert.match(text, /METRIC attest\.load\.connected \(Gauge/);
    assert.match(text, /metric=latency[^}]*percentile=p99/);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

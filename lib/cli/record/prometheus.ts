import type { SecondSeen } from "../../load/run/second_keeper.ts";
import { COUNTER_NAMES, COUNTERS, METRIC_NAMES } from "../../run/metrics.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { messageOf } from "../../ground/error_message.ts";

/** Where a load serves its metrics. */
export interface MetricsAddress {
  readonly hostname: string;
  readonly port: number;
}

const QUANTILES = [0.5, 0.9, 0.99, 0.999, 1] as const;
const TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Serves the metrics of a running load at `/metrics` in the text format of Prometheus, as of its last second. Disposing it ends
 * the server.
 */
export class PrometheusEndpoint implements AsyncDisposable {
  readonly #labels: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #text: string;

  /** Starts to serve. Throws {@link UsageError} if it can't listen on the address. */
  constructor(address: MetricsAddress, profile: string, target: string) {
    this.#labels = `profile="${label(profile)}",target="${label(target)}"`;
    this.#text = `# The load has not run for a second yet\n`;
    try {
      this.#server = Deno.serve({ ...address, onListen: () => {} }, (request) => this.#answer(request));
    } catch (error) {
      throw new UsageError(
        `The metrics can't be served at ${address.hostname}:${address.port}: ${
          messageOf(error)
        }; give another address with --metrics`,
      );
    }
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** Records a second of the load. */
  see(seen: SecondSeen): void {
    this.#text = prometheusText(seen, this.#labels);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #answer(request: Request): Response {
    if (new URL(request.url).pathname !== "/metrics") {
      return new Response("The metrics are at /metrics\n", { status: 404 });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("Only GET is answered\n", { status: 405 });
    }
    return new Response(this.#text, { headers: { "content-type": TYPE } });
  }
}

/**
 * The metrics of a load in the text format of Prometheus: counters and times cover the whole run so far, those of the
 * machine the last second. `labels` are added to each sample.
 */
export function prometheusText({ second, total }: SecondSeen, labels: string): string {
  const lines: string[] = [];
  const metric = (name: string, type: string, help: string, samples: readonly string[]) => {
    if (samples.length > 0) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples);
  };
  const gauge = (name: string, help: string, value: number | undefined) =>
    metric(name, "gauge", help, value === undefined ? [] : [`${name}{${labels}} ${value}`]);
  for (const counter of COUNTER_NAMES) {
    const name = `attest_load_${counter.replace(/[.-]/g, "_")}_total`;
    metric(name, "counter", COUNTERS[counter], [`${name}{${labels}} ${total.counts[counter] ?? 0}`]);
  }
  gauge("attest_load_connected", "connections that are up", second.connected);
  gauge("attest_load_cpu_cores", "cores that attest used in the last second", second.health.cpu);
  gauge("attest_load_memory_bytes", "resident memory of attest, in bytes", second.health.memory);
  gauge(
    "attest_load_broker_cpu_cores",
    "cores that the broker used in the last second, if attest started it",
    second.health.brokerCpu,
  );
  const times = METRIC_NAMES.flatMap((name) => {
    const histogram = total.histograms.get(name);
    if (!histogram || histogram.total === 0) return [];
    const of = `${labels},metric="${name}"`;
    return [
      ...QUANTILES.map((quantile) =>
        `attest_load_time_seconds{${of},quantile="${quantile}"} ${histogram.percentile(100 * quantile) / 1e6}`
      ),
      `attest_load_time_seconds_count{${of}} ${histogram.total}`,
    ];
  });
  metric(
    "attest_load_time_seconds",
    "summary",
    "what was timed in the run so far, without the warm-up",
    times,
  );
  return `${lines.join("\n")}\n`;
}

/** A value of a label, escaped as the format requires. */
function label(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

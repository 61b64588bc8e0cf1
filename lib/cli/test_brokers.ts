/** A real broker that tests start, and the files that show whether it is installed here. */
export interface TestBroker {
  readonly target: string;
  readonly files: readonly string[];
}

const ACTIVEMQ = [
  "/usr/bin/java",
  "/usr/share/activemq/lib/activemq-mqtt.jar",
  "/usr/share/java/mqtt-client.jar",
];

/** The brokers that ship as targets. */
export const TEST_BROKERS = {
  mosquitto: broker("mosquitto", ["/usr/sbin/mosquitto"]),
  mosquittoDefault: broker("mosquitto-default", ["/usr/sbin/mosquitto"]),
  mosquittoLimited: broker("mosquitto-limited", ["/usr/sbin/mosquitto"]),
  mosquittoSecured: broker("mosquitto-secured", ["/usr/sbin/mosquitto"]),
  rabbitmq: broker("rabbitmq", ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/bin/epmd"]),
  ejabberd: broker("ejabberd", ["/usr/bin/erl", "/usr/sbin/ejabberdctl"]),
  aedes: broker("aedes", []),
  activemq: broker("activemq", ACTIVEMQ),
  activemqStore: broker("activemq-kahadb", ACTIVEMQ),
} as const;

/** Whether to test complete runs on real brokers, which take minutes. */
export const THOROUGH = Deno.env.get("CI") === "true";

/** Whether to skip the test of a broker; prints what is missing. */
export function leftOut({ target, files }: TestBroker): boolean {
  const missing = files.filter((file) => !isThere(file));
  if (missing.length > 0) console.log(`${missing.join(", ")}: not installed, so ${target} is not tested`);
  return !THOROUGH || missing.length > 0;
}

function broker(target: string, files: readonly string[]): TestBroker {
  return { target, files };
}

function isThere(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch {
    return false;
  }
}

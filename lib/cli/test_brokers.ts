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
  rabbitmq: broker("rabbitmq", ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/bin/epmd"]),
  ejabberd: broker("ejabberd", ["/usr/bin/erl", "/usr/sbin/ejabberdctl"]),
  aedes: broker("aedes", []),
  activemq: broker("activemq", ACTIVEMQ),
  activemqStore: broker("activemq-kahadb", ACTIVEMQ),
} as const;

/** Whether whole runs on real brokers are tested: they take minutes. */
export const THOROUGH = Deno.env.get("CI") === "true";

/** Whether a test of a broker is left out; says what is missing of it. */
export function leftOut({ target, files }: TestBroker): boolean {
  const missing = files.filter((file) => !isThere(file));
  if (missing.length > 0) console.log(`${missing.join(", ")}: not here, so ${target} is not tested`);
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

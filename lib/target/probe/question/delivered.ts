import { capacityOf } from "../../../suite/claim/capacities.ts";
import { announced, type Asking, publishQos, type Question } from "../asking.ts";
import { comesThrough, type Tried } from "../comes_through.ts";
import { type CapacityFinding, claimed, limited, notClaimed, unknown, unlimited } from "../finding.ts";
import { greatest } from "../greatest.ts";

/** The size of a large packet in bytes: its remaining length needs a fourth byte. */
const LARGE = 2_097_152;
/** The most bytes of a PUBLISH that are neither topic nor payload. */
const BESIDES = 10;

/** Asks how long a topic may be. */
export const TOPIC_LENGTH: Question = {
  about: "topic length",
  sends: "messages",
  async ask(asking) {
    const most = Math.min(capacityOf("topicLength")?.most ?? 1, packetLimit(asking) - BESIDES);
    const tried = (n: number, root: string) => ({ topic: `${root}/`.padEnd(n, "x"), bytes: 0 });
    return [await amount(asking, "topicLength", most, "both", tried)];
  },
};

/** Asks how large a packet may be: by CONNACK, or by a PUBLISH that is delivered. */
export const PACKET_SIZE: Question = {
  about: "packet size",
  sends: "messages",
  async ask(asking) {
    const found = await askSize(asking);
    const { amount: size, how } = found;
    // With fewer bytes the feature cannot be judged.
    if (!size || (size.atLeast && size.most < LARGE)) return [found];
    return [size.most > LARGE ? claimed("large-packets", how) : notClaimed("large-packets", how), found];
  },
};

async function askSize(asking: Asking): Promise<CapacityFinding> {
  const name = "largestPacket";
  const most = packetLimit(asking);
  if (most !== Infinity) return limited(name, most, `CONNACK announces Maximum Packet Size ${most}`);
  const tried = (n: number, root: string) => ({
    topic: `${root}/size`,
    bytes: Math.max(0, n - `${root}/size`.length - besides(n, asking)),
  });
  // A large packet takes longer, in transit and in the broker.
  const times = { ...asking.times, patienceMs: 3 * asking.times.patienceMs };
  return await amount({ ...asking, times }, name, asking.largest, "one", tried);
}

/** Returns the bytes of a PUBLISH of `size` bytes besides topic and payload. */
function besides(size: number, asking: Asking): number {
  const remainingLength = size <= 129 ? 1 : size <= 16_386 ? 2 : size <= 2_097_155 ? 3 : 4;
  const packetId = publishQos(asking) === 0 ? 0 : 2;
  const propertyLength = asking.version === "5.0" ? 1 : 0;
  return 1 + remainingLength + 2 + packetId + propertyLength;
}

/** Returns the largest packet according to CONNACK; Infinity if it does not say. */
export function packetLimit(asking: Asking): number {
  return announced(asking, "maximumPacketSize") ?? Infinity;
}

/** Searches for the greatest amount that is delivered. */
export async function amount(
  asking: Asking,
  name: "topicLength" | "topicLevels" | "largestPacket",
  most: number,
  paths: "both" | "one",
  tried: (n: number, root: string) => Tried,
): Promise<CapacityFinding> {
  const unit = capacityOf(name)?.unit ?? name;
  let refusal = "";
  const { works, fails } = await greatest(most, async (n) => {
    // Parallel attempts use separate topics.
    const root = `${asking.prefix}/t${asking.nextNumber().toString(36)}`;
    const { arrives, how } = await comesThrough(asking, root, tried(n, root), paths);
    if (arrives === false) refusal = how;
    return arrives;
  });
  if (works === 0) {
    return unknown(
      name,
      refusal === "" ? "no answer shows it" : `even the least is not accepted: ${refusal}`,
    );
  }
  if (fails === undefined) return unlimited(name, works, `a message with ${works} ${unit} is delivered`);
  return limited(name, works, `with ${fails} ${unit} ${refusal}`);
}

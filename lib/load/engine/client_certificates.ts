import { messageOf } from "../../ground/error_message.ts";
import { quoteEscaped } from "../../ground/text.ts";
import type { Credential } from "../../transport/certificates.ts";
import { brokerOf, ofWorker, type Plan, type PlannedGroup, wordsOf } from "../plan/plan.ts";
import { fill } from "../profile/template.ts";

/** The certificates of those clients of a worker that have their own, by the number of the client among all clients. */
export type ClientCertificates = ReadonlyMap<number, Credential>;

/** Issues a certificate, signed by one authority. */
type Issue = (name: string) => Promise<Credential>;

/**
 * Issues or reads the certificates of a worker's clients. Throws Error with a sentence for a certificate that can't be
 * issued or read.
 */
export async function clientCertificates(plan: Plan, worker: number): Promise<ClientCertificates> {
  const found = new Map<number, Credential>();
  const issuers = new Map<string, Issue>();
  for (const group of plan.groups) {
    if (!group.certificate) continue;
    for (let index = 0; index < group.clients; index++) {
      const number = group.firstClient + index;
      if (!ofWorker(plan, number, worker)) continue;
      found.set(number, await certificateOf(plan, group, index, issuers));
    }
  }
  return found;
}

async function certificateOf(
  plan: Plan,
  group: PlannedGroup,
  index: number,
  issuers: Map<string, Issue>,
): Promise<Credential> {
  const words = wordsOf(plan, group, index);
  const { certificate: source } = group;
  if (source?.kind === "files") {
    const [certificate, key] = await Promise.all([
      pem(fill(source.certificate, words), group.name, index),
      pem(fill(source.key, words), group.name, index),
    ]);
    return { certificate, key };
  }
  const authority = brokerOf(plan, group, group.firstClient + index)?.issuer;
  if (!authority) throw new Error(`There is no issuer for the certificates of the group "${group.name}"`);
  let issue = issuers.get(authority.certificate);
  if (!issue) {
    const { clientIssuer } = await import("../../transport/certificates.ts");
    try {
      issue = await clientIssuer(authority);
    } catch (error) {
      throw new Error(
        `The issuer of client certificates can't be used: ${messageOf(error)}; ` +
          "expected a certificate and a PKCS #8 key of ECDSA on P-256 in tls: { issuer, issuerKey } of the target file",
      );
    }
    issuers.set(authority.certificate, issue);
  }
  return await issue(fill(group.clientId, words));
}

async function pem(path: string, group: string, client: number): Promise<string> {
  const whose = `client ${client} of the group "${group}"`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(
      `The certificate or key ${quoteEscaped(path, 200)} of ${whose} can't be read: ${messageOf(error)}`,
    );
  }
  if (text.includes("-----BEGIN ")) return text;
  throw new Error(
    `The file ${quoteEscaped(path, 200)} of ${whose} holds no PEM; expected a certificate or key as PEM`,
  );
}

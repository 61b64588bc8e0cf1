import { flag, type Form } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { GroupCertificate } from "./group.ts";
import { template } from "./profile_parts.ts";
import { reportAt } from "./report_at.ts";
import { type DataTables, uses } from "./template.ts";

/** The form of a certificate for each client of a group. */
export function certificateForm(tables?: DataTables): Form<GroupCertificate> {
  const of = tables ? { tables } : {};
  return object("a certificate for each client", (keys, report): GroupCertificate | undefined => {
    const issued = keys.optional(
      "issued",
      flag(),
      "true: issued when the load starts, by the issuer of the target; its common name is the client id",
    );
    const file = keys.optional(
      "file",
      template("a path", of),
      "a PEM file for each client, such as certs/$client.pem",
    );
    const key = keys.optional(
      "key",
      template("a path", of),
      "the file of its key, such as certs/$client.key",
    );
    if (file && key && issued !== true) {
      if (!uses(file, "client")) {
        reportAt(keys, report, "file", "one certificate for all clients", "put $client into the path");
      }
      return { kind: "files", certificate: file, key };
    }
    if (issued === true && !keys.has("file") && !keys.has("key")) return { kind: "issued" };
    // Allows a value of the profile to turn certificates off.
    if (issued === false && !keys.has("file") && !keys.has("key")) return undefined;
    const first = ["issued", "file", "key"].find((name) => keys.has(name)) ?? "issued";
    const found = issued === true
      ? "a certificate that is issued, and a file"
      : "a certificate without its two files";
    reportAt(
      keys,
      report,
      first,
      found,
      "write { issued: true } or { file: certs/$client.pem, key: certs/$client.key }",
    );
    return undefined;
  });
}

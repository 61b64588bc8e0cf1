import { resolve } from "node:path";
import { shellWord } from "../ground/shell_word.ts";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { NamedTarget } from "../catalog/targets.ts";
import { UsageError } from "../catalog/usage_error.ts";
import type { Place } from "../spec/place.ts";
import { isBrokerAddress, parseAddress } from "../transport/address.ts";

/** The access to a broker that attest did not start, from the command line. */
export interface AccessOptions {
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly ca?: string | undefined;
  readonly insecure?: true | undefined;
}

/** The flags of {@link AccessOptions} with their help, for each command that reaches a broker. */
export const ACCESS = {
  user: ["--user <name>", "the user name of every CONNECT to a broker that attest did not start"],
  passwordFile: [
    "--password-file <file>",
    "the file with its password; a line break at its end is ignored",
  ],
  ca: ["--ca <file>", "a PEM file with the authority that signed the broker's certificate"],
  insecure: ["--insecure", "trust any certificate of a broker"],
} as const;

/** Reads a user name. Throws for an empty one. */
export function userName(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("A user name is expected.");
}

/**
 * The targets with the access from the command line, which overrides that of their files. Throws {@link UsageError} if an
 * option applies to none of them.
 */
export function withAccess(targets: readonly NamedTarget[], options: AccessOptions): readonly NamedTarget[] {
  const { user, passwordFile, ca, insecure } = options;
  const login = user !== undefined || passwordFile !== undefined;
  const trust = ca !== undefined || insecure === true;
  if (ca !== undefined && insecure) {
    throw new UsageError("--ca can't be used with --insecure, which trusts any certificate");
  }
  const refuse = (given: readonly (string | false)[], what: string) => {
    throw new UsageError(
      `${given.filter(Boolean).join(" and ")}: expected a target that is ${what}, but there is none`,
    );
  };
  if (login && !targets.some(isReached)) {
    const given = [user !== undefined && "--user", passwordFile !== undefined && "--password-file"];
    refuse(given, "a broker at an address, such as mqtt://host:port");
  }
  if (trust && !targets.some(isSecure)) {
    refuse([ca !== undefined && "--ca", insecure === true && "--insecure"], "a broker at mqtts:// or wss://");
  }
  return targets.map((target) => {
    const { file } = target;
    const { credentials, tls } = file;
    if (login && isReached(target) && user === undefined && !credentials?.userName) {
      throw new UsageError("--password-file needs a user name; give it with --user");
    }
    return {
      ...target,
      file: {
        ...file,
        credentials: login && isReached(target)
          ? {
            userName: user === undefined ? credentials?.userName : { from: "here", text: user, place: HERE },
            // The password of a file belongs to the user in that file.
            password: passwordFile === undefined
              ? user === undefined ? credentials?.password : undefined
              : { from: "file", path: resolve(passwordFile), place: HERE },
          }
          : credentials,
        tls: trust && isSecure(target)
          ? { ...tls, ca: ca === undefined ? tls?.ca : resolve(ca), insecure }
          : tls,
      },
    };
  });
}

/** The options as typed, for a suggested command; each with a leading space. */
export function accessWords({ user, passwordFile, ca, insecure }: AccessOptions): string {
  const words = [
    ...(user === undefined ? [] : ["--user", user]),
    ...(passwordFile === undefined ? [] : ["--password-file", passwordFile]),
    ...(ca === undefined ? [] : ["--ca", ca]),
    ...(insecure ? ["--insecure"] : []),
  ];
  return words.map((word) => ` ${shellWord(word)}`).join("");
}

const HERE: Place = { file: "the command line", line: 1, column: 1, length: 1 };

function isReached({ file }: NamedTarget): boolean {
  return file.address !== undefined && isBrokerAddress(parseAddress(file.address.text));
}

function isSecure(target: NamedTarget): boolean {
  return isReached(target) && /^(mqtts|wss):/i.test(target.file.address?.text ?? "");
}

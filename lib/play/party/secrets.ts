import type { Draft } from "../../mqtt/packet.ts";
import type { Credentials } from "../../target/target.ts";
import { asText } from "./draft_values.ts";

/** The packet with asterisks for what the target file keeps secret. */
export function withoutSecrets(draft: Draft, credentials: Credentials | undefined): Draft {
  if (draft.type !== "CONNECT" || !credentials) return draft;
  const { userName, password } = credentials;
  const hidden = (text: string) => "*".repeat(new TextEncoder().encode(text).length);
  const isName = userName !== undefined && draft.userName !== undefined &&
    asText(draft.userName) === userName;
  const isPassword = password !== undefined && draft.password !== undefined &&
    asText(draft.password) === password;
  return {
    ...draft,
    ...(isName ? { userName: hidden(userName) } : {}),
    ...(isPassword ? { password: hidden(password) } : {}),
  };
}

import type { Draft } from "../../mqtt/packet.ts";
import type { BrokerTarget, Credentials, DeclaredAuth } from "../../target/target.ts";
import { shownAuthData } from "../auth/shown.ts";
import { asText } from "./draft_values.ts";

/** Replaces the target file's secrets in a packet with asterisks. */
export function withoutSecrets(
  draft: Draft,
  { credentials, auth }: Pick<BrokerTarget, "credentials" | "auth">,
): Draft {
  return withoutAuthData(withoutCredentials(draft, credentials), auth);
}

function withoutAuthData(draft: Draft, auth: DeclaredAuth | undefined): Draft {
  if (!auth || (draft.type !== "CONNECT" && draft.type !== "AUTH")) return draft;
  let changed = false;
  const properties = draft.properties?.map((property) => {
    const { name, value } = property;
    if (name !== "authenticationData" || !(value instanceof Uint8Array)) return property;
    const shown = shownAuthData(auth, value);
    changed ||= shown !== value;
    return { name, value: shown };
  });
  return changed ? { ...draft, properties } : draft;
}

function withoutCredentials(draft: Draft, credentials: Credentials | undefined): Draft {
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

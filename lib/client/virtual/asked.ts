/** What an application asks for; the fields are those of the adapter protocol. */
export type Asked = Readonly<Record<string, unknown>>;

/** A request that the client refuses, with the reason. */
export class Refused extends Error {
  override readonly name = "Refused";
}

import { connected, isAccepted, type Question } from "../asking.ts";
import { claimed, notClaimed } from "../finding.ts";

const NAME = "credentials";

/** Asks whether a client needs the right password, if the probe itself has one. */
export const CREDENTIALS: Question = {
  about: "user names and passwords",
  async ask(asking) {
    const { userName, password } = asking.reach;
    if (userName === undefined || password === undefined) return [];
    const { userName: _, password: _p, ...nobody } = asking.reach;
    await using anonymous = await connected({ ...asking, reach: nobody });
    await using wrong = await connected({ ...asking, reach: { ...asking.reach, password: `${password}x` } });
    const accepted = [isAccepted(anonymous), isAccepted(wrong)];
    if (accepted.includes(undefined)) return [];
    if (accepted[0]) return [notClaimed(NAME, "a client without a user name is accepted")];
    if (accepted[1]) return [notClaimed(NAME, "a client with a wrong password is accepted")];
    return [claimed(NAME, "a client without a user name and one with a wrong password are refused")];
  },
};

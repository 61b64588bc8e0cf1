import { Argument } from "@commander-js/extra-typings";
import { bashScript } from "../completion/bash.ts";
import { completedCommands, SHELLS } from "../completion/completion.ts";
import { fishScript } from "../completion/fish.ts";
import { zshScript } from "../completion/zsh.ts";
import type { Screen } from "../terminal/screen.ts";
import { Command } from "./command.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** Makes the command `completions`. */
export function completionsCommand(screen: Screen) {
  return new Command("completions")
    .addArgument(new Argument("<shell>", "the shell that reads the script").choices(SHELLS))
    .action(async (shell) => {
      screen.print(SCRIPTS[shell](await completedCommands(screen)).trimEnd());
    });
}

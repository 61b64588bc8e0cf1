import { Command as Commander } from "@commander-js/extra-typings";

/** A command of attest. Mistakes are thrown as errors, so the exit status is decided in one place. */
export class Command<Args extends unknown[] = []> extends Commander<Args> {
  constructor(name: string) {
    super(name);
    this.exitOverride().showSuggestionAfterError(true).showHelpAfterError(
      name === "attest"
        ? '"deno run -P=read main.ts --help" shows all commands'
        : `"deno task ${name} --help" shows examples and options`,
    );
  }
}

import { Command as Commander } from "@commander-js/extra-typings";

/** A command of attest. Mistakes are thrown as errors, so that one place decides on the exit status. */
export class Command<Args extends unknown[] = []> extends Commander<Args> {
  constructor(name: string) {
    super(name);
    this.exitOverride().showSuggestionAfterError(true).showHelpAfterError(
      '(add "--help" for what can be said)',
    );
  }
}

import type { Choices, CompletedCommand } from "./completion.ts";

/** The completions for fish. They work for a command or alias `attest`, and `deno task COMMAND`. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  return `# Completions of attest for fish, of the command or alias "attest" and of "deno task".
# Whether the command is the first argument; without an argument, whether there is no command yet.
function __attest_at
    set -l words (commandline -opc)
    if test "$words[1]" = deno
        test "$words[2]" = task; or return 1
        set -e words[1]
    end
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -ge 2; and test "$words[2]" = "$argv[1]"
    end
end

for program in attest deno
    complete -c $program -n 'contains -- (commandline -opc)[1] attest; or __attest_at ${
    names.split(" ").join("; or __attest_at ")
  }' -f
${commands.map(lines).join("\n")}
    complete -c $program -n '__attest_at help' -a ${quoted(names)}
end
`;
}

function lines({ name, about, options, argument }: CompletedCommand): string {
  const at = `    complete -c $program -n '__attest_at ${name}'`;
  return [
    `    complete -c $program -n __attest_at -a ${name} -d ${quoted(about)}`,
    ...options.map(({ flag, about, value }) =>
      `${at} -l ${flag.replace(/^--/, "")} -d ${quoted(about)}${value ? ` ${given(value)}` : ""}`
    ),
    ...argument.words.length > 0 ? [`${at} -a ${quoted(argument.words.join(" "))}`] : [],
    ...argument.files ? [`${at} -F`] : [],
  ].join("\n");
}

/** The values of an option. */
function given({ words, files, listed }: Choices): string {
  const all = words.length === 0
    ? ""
    : listed
    ? ` -a ${quoted(`(__fish_complete_list , 'string split " " "${words.join(" ")}"')`)}`
    : ` -a ${quoted(words.join(" "))}`;
  return `${files ? "-r -F" : "-x"}${all}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

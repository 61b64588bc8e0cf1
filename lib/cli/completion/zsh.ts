import type { Choices, CompletedCommand, CompletedOption } from "./completion.ts";

/** The completions for zsh. They work for a command or alias `attest`, and `deno task COMMAND`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef attest
# Completions of attest for zsh, of the command or alias "attest" and of "deno task".
_attest_commands() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`).join("\n")}
  )
  _describe command commands
}

_attest_words_or_files() {
  _alternative "words:$1:($2)" 'files:file:_files'
}

# Completes the words after a command, which is the first of them.
_attest_command() {
  case $words[1] in
${commands.map(branch).join("\n")}
    help) _attest_commands ;;
  esac
}

_attest() {
  if (( CURRENT == 2 )); then
    _attest_commands
    return
  fi
  shift words
  (( CURRENT-- ))
  _attest_command
}

# "deno task COMMAND" too; everything else of deno is left to its earlier completions.
_attest_deno() {
  local -a known
  known=(${commands.map(({ name }) => name).join(" ")})
  if [[ $words[2] == task ]] && (( CURRENT > 3 && \${known[(Ie)$words[3]]} )); then
    shift 2 words
    (( CURRENT -= 2 ))
    _attest_command
  elif [[ -n $_attest_deno_before ]]; then
    $_attest_deno_before "$@"
  elif [[ $words[2] == task ]] && (( CURRENT == 3 )); then
    _attest_commands
  fi
}

if (( $+functions[compdef] )); then
  if [[ \${_comps[deno]:-} != _attest_deno ]]; then
    typeset -g _attest_deno_before=\${_comps[deno]:-}
    compdef _attest_deno deno
  fi
  compdef _attest attest
fi
`;
}

function branch({ name, options, argument }: CompletedCommand): string {
  const specs = [...options.map(optionSpec), ...argumentSpec(argument)];
  return `    ${name})\n      _arguments -S \\\n${
    specs.map((spec) => `        ${quoted(spec)}`).join(" \\\n")
  }\n      ;;`;
}

function optionSpec({ flag, about, value }: CompletedOption): string {
  const text = about.replaceAll(/[\\[\]:]/g, "\\$&");
  return value ? `*${flag}=[${text}]:value:${action(value)}` : `${flag}[${text}]`;
}

function argumentSpec(choices: Choices): readonly string[] {
  return choices.words.length === 0 && !choices.files ? [] : [`*:argument:${action(choices)}`];
}

function action({ words, files, listed }: Choices): string {
  if (words.length === 0) return files ? "_files" : " ";
  if (listed) return `_values -s , value ${words.join(" ")}`;
  return files ? `{_attest_words_or_files name "${words.join(" ")}"}` : `(${words.join(" ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

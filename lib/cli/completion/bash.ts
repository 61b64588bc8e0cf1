import type { Choices, CompletedCommand } from "./completion.ts";

/** The completions for bash, 3.2 and later. They work for a command or alias `attest`, and `deno task COMMAND`. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ flag, value }) => value ? [`    "${name} ${flag}") ${reply(value)} ;;`] : [])
  );
  const rest = commands.map(({ name, options, argument }) =>
    `    ${name}) options="${options.map(({ flag }) => flag).join(" ")}"; arguments='${reply(argument)}' ;;`
  );
  return `# Completions of attest for bash, of the command or alias "attest" and of "deno task".
_attest_commands="${commands.map(({ name }) => name).join(" ")}"

# Adds the words that begin with what is typed, and paths with "files" as the second argument.
_attest_reply() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$1" -- "$_attest_typed")
  [[ $2 == files ]] || return 0
  compopt -o filenames 2>/dev/null
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$_attest_typed")
}

# The same for the last of several words with commas between them.
_attest_reply_list() {
  local before="" line
  [[ $_attest_typed == *,* ]] && before="\${_attest_typed%,*},"
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$1" -P "$before" -- "\${_attest_typed##*,}")
}

# Completes a command line whose command is the word at the position given by the first argument.
_attest_from() {
  local first=$1 before command options arguments
  COMPREPLY=()
  _attest_typed=\${COMP_WORDS[COMP_CWORD]}
  before=\${COMP_WORDS[COMP_CWORD-1]}
  # bash takes --option=value as three words.
  if [[ $_attest_typed == "=" ]]; then
    _attest_typed=""
  elif [[ $before == "=" ]]; then
    before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if (( COMP_CWORD == first )); then
    _attest_reply "$_attest_commands help --help --version"
    return
  fi
  command=\${COMP_WORDS[first]}
  case "$command $before" in
${values.join("\n")}
    *) _attest_words "$command" ;;
  esac
}

# Completes the options or the arguments of a command.
_attest_words() {
  local options="" arguments=""
  case "$1" in
${rest.join("\n")}
    help) arguments='_attest_reply "$_attest_commands"' ;;
  esac
  if [[ $_attest_typed == -* ]]; then
    _attest_reply "$options"
  else
    eval "$arguments"
  fi
}

_attest() {
  _attest_from 1
}
complete -F _attest attest

# "deno task COMMAND" too; everything else of deno is left to its earlier completions.
_attest_deno() {
  if [[ \${COMP_WORDS[1]} == task && $COMP_CWORD -ge 3 && " $_attest_commands " == *" \${COMP_WORDS[2]} "* ]]; then
    _attest_from 2
  elif [[ -n $_attest_deno_before ]]; then
    "$_attest_deno_before" "$@"
  elif [[ \${COMP_WORDS[1]} == task && $COMP_CWORD -eq 2 ]]; then
    COMPREPLY=()
    _attest_typed=\${COMP_WORDS[2]}
    _attest_reply "$_attest_commands"
  fi
}
if [[ $(complete -p deno 2>/dev/null) != *"-F _attest_deno "* ]]; then
  _attest_deno_before=$(complete -p deno 2>/dev/null | sed -n 's/.*-F \\([^ ]*\\).*/\\1/p')
  complete -o default -F _attest_deno deno
fi
`;
}

/** The command of the script that completes choices. */
function reply({ words, files, listed }: Choices): string {
  if (words.length === 0 && !files) return ":";
  return `${listed ? "_attest_reply_list" : "_attest_reply"} "${words.join(" ")}"${files ? " files" : ""}`;
}

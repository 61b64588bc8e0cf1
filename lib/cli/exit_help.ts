/** The help text on the exit status of a command that runs something. */
export const EXIT_HELP = `
Exit status:
  0    every verdict is pass, skip or a known deviation; every threshold and promise that was judged holds
  1    a verdict is fail, inconclusive or an unexpected pass, a threshold does not hold or could not be judged, or
       nothing was judged: every case was skipped, none was selected, or a load measured nothing
  2    the command, a suite, a profile or a target file is wrong; nothing was run
  3    a target could not be reached or started, or accepts no client; the harness failed; or a verdict is error
  130  interrupted; the reports hold what was run
If several apply, precedence is 130, 2, 3, 1.`;

/** The help text on the exit status of `probe`. */
export const PROBE_EXIT_HELP = `
Exit status:
  0    the target file was written
  2    the command or the target file is wrong; nothing was probed
  3    the broker could not be reached, or accepts no client
  130  interrupted`;

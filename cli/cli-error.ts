/** What the process ends with. Anything but 0 has said why on standard error. */
export const EXIT = { done: 0, refused: 1, usage: 2, runFailed: 3, runCancelled: 4, unreachable: 5 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected end: the message is for a person, lines as they are. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.refused,
  ) {
    super(message);
  }
}

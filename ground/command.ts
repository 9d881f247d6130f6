// What a command line answers: the result for stdout, messages for stderr, and the exit code.

export type CommandResult = {
  readonly exitCode: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs with the arguments after the command's name. Rejects only for a bug. */
export type Command = (args: readonly string[]) => Promise<CommandResult>;

/** Exit code 2: the command could not be carried out at all. */
export function cannotRun(message: string): CommandResult {
  return { exitCode: 2, stdout: '', stderr: `${JSON.stringify({ error: message })}\n` };
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

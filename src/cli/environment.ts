import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BuiltEnvironment } from '../build/types.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { exec, lastLines } from '../exec.ts';
import type { Context } from './context.ts';
import { withProgress } from './progress.ts';
import { outputOf, ownRepository } from './repository.ts';
import { timeoutOf } from './timeout.ts';

export interface EnvironmentArguments {
  directory?: string | undefined;
  output?: string | undefined;
  timeout?: string | undefined;
}

const buildTimeoutMs = 3_600_000;

/**
 * Builds the environment that was generated for a repository.
 *
 * @throws NidifyError `not-generated` (exit 3), `build-failed` (5), `tool-missing` (4)
 */
export async function obtainEnvironment(
  args: EnvironmentArguments,
  context: Context,
): Promise<BuiltEnvironment> {
  const directory = outputOf(ownRepository(args.directory, context), args.output, context);
  if (!existsSync(path.join(directory, 'flake.nix'))) {
    throw new NidifyError({
      code: 'not-generated',
      message: `there is no flake.nix in ${directory}`,
      hint: 'Run `nidify` first.',
      exitCode: ExitCode.unserved,
    });
  }
  const timeoutMs = timeoutOf(args.timeout) ?? buildTimeoutMs;
  return withProgress(context, 'building the environment', async () => {
    const nix = (words: readonly string[]) => runNix(words, timeoutMs, context.io.signal);
    // Older versions have no `--print-out-paths`.
    const built = await nix(['build', '--no-link', '--json', `path:${directory}#environment`]);
    const [{ outputs }] = JSON.parse(built) as [{ outputs: { out: string } }];
    const storePath = outputs.out;
    const closure = await nix(['path-info', '--recursive', '--', storePath]);
    return { name: 'default', storePath, storeDirectory: null, closure: closure.trim().split('\n').sort() };
  });
}

async function runNix(words: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<string> {
  const { exitCode, stdout, stderrTail } = await exec({
    program: 'nix',
    args: ['--extra-experimental-features', 'nix-command flakes', ...words],
    cwd: '/',
    timeoutMs,
    signal,
    allow: ['NIX_CONFIG'],
    whenMissing: 'Install Nix: https://nixos.org/download/',
  });
  if (exitCode === 0) return stdout.toString('utf8');
  throw new NidifyError({
    code: 'build-failed',
    message: `nix ${words[0]} failed: ${lastLines(stderrTail, 5)}`,
    exitCode: ExitCode.buildFailed,
  });
}

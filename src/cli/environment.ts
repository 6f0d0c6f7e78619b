import path from 'node:path';
import type { BuiltEnvironment } from '../build/types.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { type ExecResult, exec, lastLines } from '../exec.ts';
import type { Context } from './context.ts';
import { withProgress } from './progress.ts';
import { ownRepository } from './repository.ts';

export interface EnvironmentArguments {
  directory?: string | undefined;
  /** The project whose environment it is; the default environment without it. */
  project?: string | undefined;
}

const buildTimeoutMs = 3_600_000;

/**
 * The environment of a generated repository, built or found in the store.
 *
 * @throws NidifyError `build-failed` (exit 5), `no-environment` (3), and what starting Nix throws
 */
export async function obtainEnvironment(
  args: EnvironmentArguments,
  context: Context,
): Promise<BuiltEnvironment> {
  const { directory } = ownRepository(args.directory, context);
  const name = args.project === undefined ? 'default' : path.basename(path.resolve(directory, args.project));
  const attribute = name === 'default' ? 'environment' : `environment-${name}`;
  return withProgress(context, 'building the environment', async () => {
    const built = await nix(
      ['build', '--no-link', '--print-out-paths', `path:${directory}#${attribute}`],
      directory,
      context,
    );
    const [storePath = ''] = built;
    const closure = await nix(['path-info', '--recursive', storePath], directory, context);
    return { name, storePath, storeDirectory: null, closure };
  });
}

async function nix(args: readonly string[], cwd: string, { io }: Context): Promise<string[]> {
  const result: ExecResult = await exec({
    program: 'nix',
    args: ['--extra-experimental-features', 'nix-command flakes', ...args],
    cwd,
    timeoutMs: buildTimeoutMs,
    signal: io.signal,
    allow: ['NIX_CONFIG', 'NIX_BUILD_SHELL'],
    whenMissing: 'Install Nix: https://nixos.org/download.',
  });
  if (result.exitCode === 0) return result.stdout.toString('utf8').trim().split('\n');
  throw new NidifyError({
    code: 'build-failed',
    message: `the environment could not be built; Nix said: ${lastLines(result.stderrTail, 5)}`,
    hint: '`nidify generate` writes the environment that is built.',
    exitCode: ExitCode.buildFailed,
  });
}

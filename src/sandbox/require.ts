import { ExitCode, NidifyError } from '../errors.ts';
import { exec, lastLines } from '../exec.ts';

/**
 * Tries whether bubblewrap makes a sandbox here.
 *
 * @throws NidifyError `sandbox-unavailable`, `tool-missing` (exit 4)
 */
export async function requireSandbox(env: Readonly<Record<string, string>>): Promise<void> {
  if (process.platform !== 'linux') {
    throw unavailable(`the sandbox is one of Linux, and this is ${process.platform}`, null);
  }
  const { exitCode, stderrTail } = await exec({
    program: 'bwrap',
    args: [
      '--unshare-all',
      '--unshare-user',
      '--ro-bind',
      '/',
      '/',
      '--proc',
      '/proc',
      '--',
      '/proc/self/exe',
      '--version',
    ],
    cwd: '/',
    timeoutMs: 10_000,
    env: { PATH: env.PATH ?? '' },
    whenMissing: 'Install bubblewrap: `apt install bubblewrap`, `nix profile install nixpkgs#bubblewrap`.',
  });
  if (exitCode === 0) return;
  throw unavailable(
    `this machine gives no sandbox; bwrap said: ${lastLines(stderrTail, 2)}`,
    'bubblewrap needs user namespaces: see the settings kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns.',
  );
}

function unavailable(message: string, hint: string | null): NidifyError {
  return new NidifyError({
    code: 'sandbox-unavailable',
    message,
    ...(hint === null ? {} : { hint }),
    exitCode: ExitCode.toolMissing,
  });
}

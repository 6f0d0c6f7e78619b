/** Builds that are a script of the sandbox's /bin/sh, and what becomes of those that fail. */
import { NidifyError } from '../../src/errors.ts';
import type { GeneratedFile } from '../../src/render/types.ts';

/**
 * Files of a flake whose environment is what this script makes.
 *
 * @param more further attributes of the derivation, in Nix
 */
export function scripted(script: string, more = ''): GeneratedFile[] {
  const drv = `derivation { name = "scripted"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ${JSON.stringify(script)} ]; ${more} }`;
  const text = `{ outputs = _: rec { packages.x86_64-linux.environment = ${drv}; devShells.x86_64-linux.default = packages.x86_64-linux.environment; }; }`;
  return [{ path: 'flake.nix', text, mode: 0o644 }];
}

/** The error that something must fail with. */
export async function failure(work: Promise<unknown>): Promise<NidifyError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`no NidifyError: ${String(error)}`);
}

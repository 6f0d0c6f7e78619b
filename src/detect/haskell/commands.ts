import type { Commands } from '../../plan/schema.ts';
import type { HaskellProject } from './projects.ts';

/**
 * Stack would fetch a GHC of its own, or look for one with Nix: it takes the environment's, whose patch level
 * may be another than the snapshot's. https://docs.haskellstack.org/en/stable/topics/nix_integration/
 */
const own = '--no-nix --system-ghc --skip-ghc-check';

export function haskellCommands(
  { folder, manager, packages }: HaskellProject,
  generates: boolean,
): Partial<Commands> {
  const main = packages.find((each) => each.folder === folder) ?? packages[0];
  const programs = (main?.described.executables ?? []).filter((name) => /^\w[\w-]*$/.test(name));
  const program =
    programs.length === 1 ? programs[0] : programs.find((name) => name === main?.described.name);
  const hasTests = packages.some(({ described }) => described.hasTests);
  if (manager === 'stack') {
    return {
      install: `stack setup ${own} && stack build ${own} --only-dependencies${hasTests ? ' --test' : ''}`,
      build: `stack build ${own}`,
      ...(hasTests ? { test: `stack test ${own}` } : {}),
      ...(program === undefined ? {} : { start: `stack exec ${own} -- ${program}` }),
    };
  }
  return {
    install: `${generates ? 'hpack && ' : ''}cabal update && cabal build all --only-dependencies${hasTests ? ' --enable-tests' : ''}`,
    build: 'cabal build all',
    ...(hasTests ? { test: 'cabal test all' } : {}),
    ...(program === undefined ? {} : { start: `cabal run ${program}` }),
  };
}

/** From the environment that a project is developed in to what its programs need when they run. */
import type { Environment, Plan } from './schema.ts';

/** Languages whose programs run without what built them. */
const compiled = new Set(['go', 'rust', 'zig', 'haskell', 'ocaml', 'nim', 'crystal']);

/** Programs that are started while something is built, and never afterwards. */
const buildPrograms =
  /^(pkg-config|gnumake|cmake|ninja|meson|autoconf|automake|libtool|nasm|perl|protobuf\w*|bison|flex|gcc\w*|clang\w*|lld|mold|llvm\w*|git|php\d*\.packages\.composer|autoconf-archive|gettext|hpack|dune_\d|m4|rsync|unzip)$/;

/**
 * The plan of the same project with the least that its programs need: runtimes, programs that dependencies start, and
 * the libraries that they are linked with or load. Without compilers, package managers, build tools and headers.
 *
 * Pure: renders as any plan does, and nothing of it is written.
 */
export function runtimePlan(plan: Plan): Plan {
  const libraries = new Set(plan.libraries.map(({ key }) => key));
  const kept = new Set([
    ...plan.toolchains.filter(({ id }) => !compiled.has(id)).map(({ key }) => key),
    ...plan.tools.filter(({ attribute }) => !buildPrograms.test(attribute)).map(({ key }) => key),
  ]);
  const withoutBuild = (environment: Environment): Environment => {
    const linked = environment.packages.filter((key) => libraries.has(key) && !key.endsWith('pg_config'));
    const libraryPath = [...new Set([...environment.libraryPath, ...linked])];
    const packages = environment.packages.filter((key) => kept.has(key));
    const known = new Set([...packages, ...libraryPath]);
    return {
      ...environment,
      compiler: 'none',
      hardeningDisable: [],
      packages,
      libraryPath,
      variables: environment.variables.filter(({ value }) =>
        value.every((part) => typeof part === 'string' || known.has(part.package)),
      ),
    };
  };
  return { ...plan, environments: plan.environments.map(withoutBuild) };
}

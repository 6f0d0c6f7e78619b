/** How a Julia project is installed, tested and started. */
import type { Commands } from '../../plan/schema.ts';
import type { JuliaProject } from './project.ts';

export interface JuliaFramework {
  id: string;
  packages: readonly string[];
  /** Where it listens without being told. */
  port: number | null;
}

/** Ports: the defaults of each package's own documentation. */
const frameworks: readonly JuliaFramework[] = [
  // https://learn.genieframework.com/docs/reference/server/
  { id: 'genie', packages: ['Genie', 'GenieFramework'], port: 8000 },
  // https://oxygenframework.github.io/Oxygen.jl/stable/
  { id: 'oxygen', packages: ['Oxygen'], port: 8080 },
  // https://plutojl.org/
  { id: 'pluto', packages: ['Pluto'], port: 1234 },
  { id: 'makie', packages: ['Makie', 'GLMakie', 'CairoMakie', 'WGLMakie'], port: null },
  { id: 'franklin', packages: ['Franklin'], port: 8000 },
];

export function frameworksOf({ dependencies }: Pick<JuliaProject, 'dependencies'>): JuliaFramework[] {
  return frameworks.filter(({ packages }) => packages.some((name) => dependencies.has(name)));
}

/** Programs that a project is started by, the likeliest first. */
const mains = ['main.jl', 'app.jl', 'server.jl', 'run.jl'];

/** @param has whether the project's folder holds a file */
export function juliaCommands(
  project: JuliaProject | null,
  has: (path: string) => boolean,
): Partial<Commands> {
  const main = mains.find(has);
  const start = main === undefined ? {} : { start: `julia --project ${main}` };
  if (project === null) return start;
  const served = frameworksOf(project).map(({ id }) => id);
  const framework =
    start.start !== undefined
      ? start
      : served.includes('genie') && has('config/env/dev.jl')
        ? { start: pkg('using Genie; Genie.loadapp(); up(async = false)') }
        : served.includes('franklin') && has('config.md')
          ? { start: pkg('using Franklin; serve()') }
          : served.includes('pluto')
            ? { start: pkg('using Pluto; Pluto.run()') }
            : {};
  return {
    install: pkg('using Pkg; Pkg.instantiate()'),
    ...(has('deps/build.jl') ? { build: pkg('using Pkg; Pkg.build()') } : {}),
    ...(has('test/runtests.jl')
      ? { test: project.isPackage ? pkg('using Pkg; Pkg.test()') : 'julia --project test/runtests.jl' }
      : {}),
    ...framework,
  };
}

/** @param code without single quotes */
function pkg(code: string): string {
  return `julia --project -e '${code}'`;
}

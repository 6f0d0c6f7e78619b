/** What is to be verified of a plan: its projects, what is run of each, and what that may reach. */
import path from 'node:path';
import type { Evidence, Plan, Project } from '../plan/schema.ts';

export const stepNames = ['install', 'build', 'test'] as const;
export type StepName = (typeof stepNames)[number];

export interface Step {
  step: StepName;
  /** A line for bash; null: there is nothing to run. */
  command: string | null;
  /** The project whose step includes this one: `npm ci` of a workspace installs for its members. */
  coveredBy: string | null;
}

export interface ProjectSteps {
  path: string;
  environment: string;
  /** Names of registries (src/sandbox/registries.ts) that installing needs. */
  registries: string[];
  steps: Step[];
  because: readonly Evidence[];
}

/** Package managers whose command in the root of a workspace is for its members too. */
const workspaceManagers = new Set(['npm', 'pnpm', 'yarn', 'bun', 'uv', 'nuget', 'mix', 'cargo']);
/** What a workspace has one of, in its root: a project with one of its own is no member. */
const lockFiles: readonly string[] = [
  ...['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'],
  'uv.lock',
];

/** Where packages come from, by language; package managers of a language share its registries. */
const registriesOf: Readonly<Record<string, readonly string[]>> = {
  node: ['npm'],
  bun: ['npm'],
  deno: ['npm', 'deno'],
  python: ['pypi'],
  rust: ['crates'],
  go: ['go'],
  ruby: ['rubygems'],
  php: ['packagist'],
  java: ['maven'],
  dotnet: ['nuget'],
  elixir: ['hex'],
  // What FetchContent, Conan and vcpkg fetch comes from anywhere: GitHub is where most of it is.
  c: ['conan', 'github'],
  cpp: ['conan', 'github'],
  haskell: ['hackage', 'github'],
  ocaml: ['opam', 'github'],
  zig: ['github'],
  nim: ['github'],
  crystal: ['github'],
  erlang: ['hex'],
  gleam: ['hex'],
  r: ['cran'],
  julia: ['julia', 'github'],
  racket: ['racket', 'github'],
  perl: ['cpan'],
  lua: ['luarocks'],
};

/**
 * The projects of a plan with their steps, those above others first.
 *
 * @param chosen path or name of one project; null for all
 * @param has whether the repository has a file at this path
 */
export function stepsOf(plan: Plan, chosen: string | null, has: (file: string) => boolean): ProjectSteps[] {
  const projects = [...plan.projects].sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1));
  return projects
    .filter((project) => chosen === null || project.path === chosen || project.name === chosen)
    .map((project) => ({
      path: project.path,
      environment: project.environment,
      registries: [...new Set(project.languages.flatMap((language) => registriesOf[language] ?? []))],
      steps: stepNames.map((step) => {
        const above = chosen === null || step === 'install' ? coveringOf(project, projects, step, has) : null;
        return { step, command: project.commands[step], coveredBy: above?.path ?? null };
      }),
      because: project.because,
    }));
}

function coveringOf(
  project: Project,
  projects: readonly Project[],
  step: StepName,
  has: (file: string) => boolean,
): Project | null {
  const folder = project.path;
  const names = project.packageManager === 'cargo' ? ['Cargo.lock'] : lockFiles;
  if (folder === '.' || names.some((name) => has(path.posix.join(folder, name)))) return null;
  const above = projects.filter(
    (each) =>
      (each.path === '.' ? folder !== '.' : folder.startsWith(`${each.path}/`)) &&
      each.environment === project.environment &&
      each.commands[step] !== null &&
      areOfOneWorkspace(each, project),
  );
  return above[0] ?? null;
}

function areOfOneWorkspace(root: Project, { packageManager }: Project): boolean {
  return (
    packageManager !== null && packageManager === root.packageManager && workspaceManagers.has(packageManager)
  );
}

const depth = ({ path: folder }: Project): number => (folder === '.' ? 0 : folder.split('/').length);

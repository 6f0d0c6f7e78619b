import path from 'node:path';
import type { Plan } from '../../plan/schema.ts';
import { integrationFiles } from '../../render/ci/files.ts';
import { servicesIn } from '../../render/services.ts';
import type { WriteState, WrittenFile } from '../../write/write.ts';
import { table } from '../terminal/table.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../terminal/text.ts';
import { findingLines, heading, summary } from './parts.ts';

export interface Generated {
  plan: Plan;
  written: readonly WrittenFile[];
  untracked: readonly string[] | null;
  dryRun: boolean;
  /** Absolute. */
  directory: string;
  /** Absolute: where the project is; the files may be elsewhere. */
  repository: string;
  cwd: string;
  quiet: boolean;
}

const stateStyle: Record<WriteState, (text: string) => Span> = {
  created: green,
  updated: yellow,
  unchanged: dim,
  removed: red,
  kept: yellow,
};

/** What was written, what nidify found, and what to do next. */
export function generatedView(generated: Generated, columns: number): Line[] {
  const { plan, dryRun, quiet } = generated;
  const findings = plan.findings.filter(({ severity }) => severity !== 'info');
  const problems = quiet ? findings.filter(({ severity }) => severity === 'error') : findings;
  const sections: Line[][] = [
    quiet ? [] : [[bold(plan.repository.name), dim(`  ${summary(plan)}`)]],
    quiet ? [] : writtenLines(generated, columns),
    problems.length === 0 ? [] : [heading('Findings'), ...findingLines(problems, columns)],
    quiet || dryRun ? [] : nextSteps(generated, columns),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]));
}

function writtenLines(generated: Generated, columns: number): Line[] {
  const { written, dryRun } = generated;
  if (written.every(({ state }) => state === 'unchanged')) return [[green('Every file is as it should be.')]];
  const rows = written.map((file): Line[] => [
    [stateStyle[file.state]((dryRun ? plannedWords : doneWords)[file.state])],
    [shownPath(file, generated)],
  ]);
  return table(rows, { columns });
}

const doneWords: Record<WriteState, string> = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  removed: 'removed',
  kept: 'kept, because it was edited',
};

const plannedWords: Record<WriteState, string> = {
  created: 'would create',
  updated: 'would update',
  unchanged: 'would leave',
  removed: 'would remove',
  kept: 'would keep, because it was edited',
};

function shownPath({ path: file }: WrittenFile, { directory, cwd }: Generated): string {
  return relativeTo(cwd, path.join(directory, file));
}

function relativeTo(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') ? file : relative || '.';
}

/** Commands to type, each with what it is for. */
function nextSteps(generated: Generated, columns: number): Line[] {
  const { plan, untracked, written } = generated;
  const folder = relativeTo(generated.cwd, generated.directory);
  const inside = folder === '.' ? '' : `./${folder.replace(/^\.\//, '')}`;
  const at = path.isAbsolute(folder) ? folder : inside;
  const unknown = (untracked ?? []).filter(isForFlake).map(quote);
  // Git takes no path outside the repository that it is started in.
  const git = at === '' ? 'git' : `git -C ${quote(at)}`;
  const named = plan.environments.filter(({ name }) => name !== 'default').map(({ name }) => name);
  const hasEnvrc = written.some((file) => file.path === '.envrc' && file.state === 'created');
  const isServed = plan.environments.some((environment) => servicesIn(environment, plan).length > 0);
  const [gitlab] = integrationFiles.gitlab;
  const needsInclude = written.some((file) => file.path === gitlab && file.state === 'created');
  const steps: Step[] = [
    ...(unknown.length === 0
      ? []
      : [
          {
            command: `${git} add -N ${unknown.join(' ')}`,
            purpose: 'a flake sees only the files that Git knows',
          },
        ]),
    at === ''
      ? { command: 'nix develop', purpose: 'or: nix-shell' }
      : { command: `nix develop ${quote(at)}`, purpose: `or: nix-shell ${quote(`${at}/shell.nix`)}` },
    ...named.slice(0, 5).map((name) => ({
      command: `nix develop ${quote(`${at === '' ? '.' : at}#${name}`)}`,
      purpose: `for ${projectsIn(plan, name)}`,
    })),
    ...(needsInclude
      ? [{ command: `include: [{ local: /${gitlab} }]`, purpose: 'to be added to .gitlab-ci.yml' }]
      : []),
    ...(isServed
      ? [{ command: 'services up', purpose: 'in the shell: starts what the project talks to' }]
      : []),
    ...containerSteps(generated),
    ...(hasEnvrc
      ? [{ command: `direnv allow ${quote(at)}`.trim(), purpose: 'enters it whenever you come here' }]
      : []),
  ];
  return [heading('Next'), ...stepLines(steps, columns)];
}

/** A flake reads these alone of what is written; the rest may be added with the next commit. */
function isForFlake(file: string): boolean {
  return /^(?:[^/]+\.nix|flake\.lock)$/.test(file);
}

/** What starts the container, from where the user is. */
function containerSteps({ plan, repository, directory, cwd }: Generated): Step[] {
  if (plan.container === undefined) return [];
  const { folder, toolchain } = plan.container;
  const workspace = relativeTo(cwd, repository);
  const file = relativeTo(cwd, path.join(directory, folder, 'devcontainer.json'));
  const isFound = directory === repository && folder === '.devcontainer';
  const up = `devcontainer up --workspace-folder ${quote(workspace)}${isFound ? '' : ` --config ${quote(file)}`}`;
  const run = workspace === '.' ? 'nidify' : `nidify -C ${quote(workspace)}`;
  return [
    { command: up, purpose: 'the container, as editors start it' },
    // Features are installed by the command line of devcontainers alone.
    ...(toolchain === 'features'
      ? []
      : [
          {
            command: `${run} run -- bash`,
            purpose: `a command in it${plan.target.profile === null ? '' : ', with Docker'}`,
          },
        ]),
  ];
}

interface Step {
  command: string;
  purpose: string;
}

const widestAligned = 44;

/** Commands stay whole, to be copied: a long one has its purpose above it, the others beside them. */
function stepLines(steps: readonly Step[], columns: number): Line[] {
  const short = steps.filter(({ command }) => command.length <= widestAligned);
  const width = short.reduce((most, { command }) => Math.max(most, command.length), 0);
  return steps.flatMap(({ command, purpose }): Line[] => {
    const isShort = command.length <= widestAligned && width + purpose.length + 6 <= columns;
    return isShort
      ? [[`  ${command.padEnd(width)}`, dim(`  # ${purpose}`)]]
      : [[dim(`  # ${purpose}`)], [`  ${command}`]];
  });
}

function projectsIn(plan: Plan, environment: string): string {
  const paths = plan.projects
    .filter((project) => project.environment === environment)
    .map((project) => project.path);
  return paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
}

/** For a shell, where the name needs it. */
function quote(text: string): string {
  if (text === '') return '';
  return /^[\w@%+=:,./#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

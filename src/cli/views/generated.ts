import path from 'node:path';
import type { Plan } from '../../plan/schema.ts';
import type { WriteState, WrittenFile } from '../../write/write.ts';
import { paragraph, table } from '../terminal/table.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../terminal/text.ts';
import { findingLines, heading, summary } from './parts.ts';

export interface Generated {
  plan: Plan;
  written: readonly WrittenFile[];
  untracked: readonly string[] | null;
  dryRun: boolean;
  /** Absolute. */
  directory: string;
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
  const { plan, written, dryRun, quiet } = generated;
  const findings = plan.findings.filter(({ severity }) => severity !== 'info');
  const problems = quiet ? findings.filter(({ severity }) => severity === 'error') : findings;
  const sections: Line[][] = [
    quiet ? [] : [[bold(plan.repository.name), dim(`  ${summary(plan)}`)]],
    quiet
      ? []
      : table(
          written.map((file) => [
            [stateStyle[file.state](word(file.state, dryRun))],
            [shownPath(file, generated)],
          ]),
          { columns },
        ),
    problems.length === 0 ? [] : [heading('Findings'), ...findingLines(problems, columns)],
    plan.target.kind === 'container' ? containerNote(columns) : [],
    quiet || dryRun ? [] : nextSteps(generated, columns),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]));
}

function word(state: WriteState, dryRun: boolean): string {
  if (state === 'kept') return 'kept (edited)';
  const planned: Partial<Record<WriteState, string>> = {
    created: 'create',
    updated: 'update',
    removed: 'remove',
  };
  return dryRun ? `would ${planned[state] ?? `leave ${state}`}`.replace('leave unchanged', 'leave') : state;
}

function shownPath({ path: file }: WrittenFile, { directory, cwd }: Generated): string {
  return relativeTo(cwd, path.join(directory, file));
}

function relativeTo(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') ? file : relative || '.';
}

function containerNote(columns: number): Line[] {
  return paragraph(
    [
      yellow('This repository runs containers itself, which a Nix environment cannot. '),
      'The Nix part is written; the container part comes with a later version. `nidify explain container` says why.',
    ],
    { columns },
  );
}

/** Commands to type, each with what it is for. */
function nextSteps(generated: Generated, columns: number): Line[] {
  const { plan, untracked, written } = generated;
  const folder = relativeTo(generated.cwd, generated.directory);
  const inside = folder === '.' ? '' : `./${folder.replace(/^\.\//, '')}`;
  const at = path.isAbsolute(folder) ? folder : inside;
  const unknown = (untracked ?? []).map((file) =>
    quote(relativeTo(generated.cwd, path.join(generated.directory, file))),
  );
  const named = plan.environments.filter(({ name }) => name !== 'default').map(({ name }) => name);
  const hasEnvrc = written.some((file) => file.path === '.envrc' && file.state === 'created');
  const rows: Line[][] = [
    ...(unknown.length === 0
      ? []
      : [step(`git add -N ${unknown.join(' ')}`, 'a flake sees only the files that Git knows')]),
    step(
      at === '' ? 'nix develop' : `nix develop ${quote(at)}`,
      at === '' ? 'or: nix-shell' : `or: nix-shell ${quote(`${at}/shell.nix`)}`,
    ),
    ...named
      .slice(0, 5)
      .map((name) =>
        step(`nix develop ${quote(`${at === '' ? '.' : at}#${name}`)}`, `for ${projectsIn(plan, name)}`),
      ),
    ...(hasEnvrc
      ? [step(at === '' ? 'direnv allow' : `direnv allow ${quote(at)}`, 'enters it whenever you come here')]
      : []),
  ];
  return [heading('Next'), ...table(rows, { columns })];
}

function step(command: string, purpose: string): Line[] {
  return [[command], [dim(`# ${purpose}`)]];
}

function projectsIn(plan: Plan, environment: string): string {
  const paths = plan.projects
    .filter((project) => project.environment === environment)
    .map((project) => project.path);
  return paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
}

/** For a shell, where the name needs it. */
function quote(text: string): string {
  return /^[\w@%+=:,./#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

import type { Commands, PackageManager, Plan, Project, Toolchain } from '../../plan/schema.ts';
import { paragraph, table } from '../terminal/table.ts';
import { bold, dim, green, type Line, type Span, yellow } from '../terminal/text.ts';
import { attributeCell, channelText, evidenceCell, findingLines, heading, summary } from './parts.ts';

/**
 * What a repository needs, for a person.
 *
 * @param paths of the files that `generate` would write
 */
export function analysisView(plan: Plan, paths: readonly string[], columns: number): Line[] {
  const sections: Line[][] = [
    [[bold(plan.repository.name), dim(summary(plan) === '' ? '' : `  ${summary(plan)}`)]],
    section('Languages', plan.toolchains.map(versionRow), columns),
    section('Package managers', plan.packageManagers.map(versionRow), columns),
    section('Libraries', plan.libraries.filter(isAsked).map(partRow), columns),
    section('Tools', plan.tools.filter(isAsked).map(partRow), columns),
    section(
      'Services',
      plan.services.map(({ id, version, because }) => [[id], [version ?? ''], evidenceCell(because)]),
      columns,
    ),
    section(
      'Containers',
      plan.nestedContainers.map(({ kind, version, because }) => [
        [kind],
        [version ?? ''],
        evidenceCell(because),
      ]),
      columns,
    ),
    settings(plan, columns),
    projects(plan, columns),
    plan.findings.length === 0 ? [] : [heading('Findings'), ...findingLines(plan.findings, columns)],
    nixpkgs(plan, columns),
    files(paths, columns),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]));
}

type Row = Line[];

function section(title: string, rows: Row[], columns: number): Line[] {
  return rows.length === 0 ? [] : [heading(title), ...table(rows, { columns })];
}

/** What every environment has needs no mention: it has no evidence. */
function isAsked({ because }: { because: readonly unknown[] }): boolean {
  return because.length > 0;
}

function versionRow(tool: Toolchain | PackageManager): Row {
  const bundled = 'bundledWith' in tool && tool.version === null ? tool.bundledWith : null;
  const version = bundled === null ? versionSpan(tool) : dim(`with ${bundled}`);
  return [[tool.id], [version], attributeCell(tool), evidenceCell(tool.because)];
}

function versionSpan({ version, status }: Toolchain | PackageManager): Span {
  const text = version === null || version === '0' ? '' : version;
  if (status === 'supported') return green(text);
  return yellow(`${text} ${status}`.trim());
}

function partRow(part: Plan['libraries'][number] | Plan['tools'][number]): Row {
  return [[part.key], attributeCell(part), evidenceCell(part.because)];
}

const shownSettings = 12;

/** Settings of the application, which no environment sets: names, and where they are from. */
function settings({ variables }: Plan, columns: number): Line[] {
  const rows = variables
    .slice(0, shownSettings)
    .map(
      ({ name, required, because }): Row => [
        [name],
        [dim(required ? '' : 'optional')],
        evidenceCell(because),
      ],
    );
  return [...section('Settings', rows, columns), ...andMore(variables.length - shownSettings)];
}

function andMore(left: number): Line[] {
  return left > 0 ? [[dim(`  and ${left} more: \`nidify analyze --json\` has them all`)]] : [];
}

const shownProjects = 12;

function projects(plan: Plan, columns: number): Line[] {
  if (plan.projects.length === 0) return [];
  const isShared = plan.environments.length < 2;
  const shown = plan.projects
    .slice(0, shownProjects)
    .flatMap((project) => [
      ...paragraph(
        [
          bold(project.path),
          ...(project.name === null || project.name === project.path ? [] : [`  ${project.name}`]),
          dim(`  ${kinds(project)}`),
          ...(isShared ? [] : [dim(`  in ${project.environment}`)]),
          ...(project.ports.length === 0 ? [] : [dim(`  port ${project.ports.join(', ')}`)]),
        ],
        { columns, indent: 2 },
      ),
      ...table(commandRows(project.commands), { columns, indent: 4 }),
    ]);
  return [heading('Projects'), ...shown, ...andMore(plan.projects.length - shownProjects)];
}

function kinds({ frameworks, languages }: Project): string {
  return [...frameworks, ...languages].join(', ');
}

function commandRows(commands: Commands): Row[] {
  return Object.entries(commands).flatMap(([name, command]) =>
    command === null ? [] : [[[dim(name)], [command]]],
  );
}

function nixpkgs(plan: Plan, columns: number): Line[] {
  const rows = plan.nixpkgs.map((input) => [
    [input.input],
    [channelText(input)],
    evidenceCell(input.because),
  ]);
  return section('Nixpkgs', rows, columns);
}

function files(paths: readonly string[], columns: number): Line[] {
  if (paths.length === 0) return [];
  return paragraph([`\`nidify\` would write ${paths.join(', ')}.`], { columns });
}

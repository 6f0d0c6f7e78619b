import { append } from '../../append.ts';
import { stringAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { composerSet } from '../../versions/composer.ts';
import { atLeast, beginningWith, coverage, type VersionSet } from '../../versions/interval.ts';
import { parseTuple } from '../../versions/tuple.ts';
import { evidence, presence } from '../evidence.ts';
import { fileIn } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, ServiceNeed } from '../types.ts';
import { phpCommands } from './commands.ts';
import { extensionNeeds } from './extensions.ts';
import { type PhpFramework, phpFrameworks } from './frameworks.ts';
import { type PhpProject, phpProjects, platformRequirements, requires } from './projects.ts';
import { phpRequests } from './requests.ts';

/** PHP with Composer, or a WordPress: docs/ecosystems/php.md says what is read, in which order. */
export const detectPhp: Detect = async (context) => {
  const { projects, side } = await phpProjects(context.inventory);
  const needs: Need[] = [];
  for (const project of projects) append(needs, await needsOf(context, project));
  if (projects.length === 0) append(needs, await wordpress(context));
  const [example] = side;
  if (needs.length === 0 && example !== undefined) {
    const { requests } = await phpRequests(context.inventory, example);
    const because = [presence(example.manifest.file.path, 'php/side-folder')];
    needs.push({ kind: 'toolchain', id: 'php', project: example.folder, requests, because, optional: true });
  }
  return needs;
};

async function needsOf(context: DetectContext, project: PhpProject): Promise<Need[]> {
  const { folder, manifest, lockPath } = project;
  const { requests, findings } = await phpRequests(context.inventory, project);
  const frameworks = frameworksOf(project);
  const { commands, ports } = phpCommands(context.inventory, project, frameworks);
  const because = [presence(manifest.file.path, 'php/composer')];
  return [
    {
      kind: 'toolchain',
      id: 'php',
      project: folder,
      requests,
      because,
      components: ['composer'],
      extensions: extensionNeeds(project),
    },
    {
      kind: 'package-manager',
      id: 'composer',
      project: folder,
      requests: [],
      lockfile: lockPath,
      because: [presence(lockPath ?? manifest.file.path, 'php/composer')],
    },
    ...repositories(project),
    ...services(context, project, frameworks),
    {
      kind: 'project',
      path: folder,
      name: nameOfPackage(project),
      languages: ['php'],
      frameworks: frameworks.map(({ id }) => id),
      packageManager: 'composer',
      commands,
      ports,
      because,
    },
    ...findings,
    ...old(project),
  ];
}

/** `acme/shop` → `shop`. */
function nameOfPackage({ manifest }: PhpProject): string | null {
  const name = stringAt(manifest.document.value, ['name']);
  // Skeletons keep the name that they come with.
  if (name === null || /^(laravel\/laravel|symfony\/(website-)?skeleton)$/.test(name)) return null;
  return name.slice(name.indexOf('/') + 1) || null;
}

function frameworksOf(project: PhpProject): PhpFramework[] {
  const found = phpFrameworks.filter(({ packages }) => requires(project, ...packages));
  const ids = new Set(found.map(({ id }) => id));
  return found.filter(({ within }) => within?.some((id) => ids.has(id)) !== true);
}

/** Composer clones what comes from a repository of Git: https://getcomposer.org/doc/05-repositories.md#vcs */
function repositories({ manifest, folder }: PhpProject): Need[] {
  const { value } = manifest.document;
  for (const at of Array.from({ length: 50 }, (_, index) => index)) {
    const type = stringAt(value, ['repositories', at, 'type']);
    if (type !== 'vcs' && type !== 'git') continue;
    const because = [evidence(manifest.file, manifest.document.line(['repositories', at]), 'php/repository')];
    return [{ kind: 'tool', id: 'git', project: folder, because }];
  }
  return [];
}

/** Of the drivers of config/database.php: https://laravel.com/docs/12.x/database#introduction */
const databases: Readonly<Record<string, { id: string; port: number }>> = {
  mysql: { id: 'mysql', port: 3306 },
  mariadb: { id: 'mariadb', port: 3306 },
  pgsql: { id: 'postgresql', port: 5432 },
  sqlsrv: { id: 'mssql', port: 1433 },
};

/** The database that Laravel's example of an environment is configured for. */
function services(
  { inventory }: DetectContext,
  { folder }: PhpProject,
  frameworks: readonly PhpFramework[],
): ServiceNeed[] {
  const example = fileIn(inventory, folder, '.env.example');
  if (example === null || !frameworks.some(({ id }) => id === 'laravel')) return [];
  const lines = (example.text ?? '').split(/\r?\n/, 500);
  const at = lines.findIndex((line) => /^DB_CONNECTION=/.test(line));
  const driver =
    lines[at]
      ?.slice('DB_CONNECTION='.length)
      .trim()
      .replace(/^["']|["']$/g, '') ?? '';
  const known = Object.hasOwn(databases, driver) ? databases[driver] : undefined;
  if (known === undefined) return [];
  return [{ kind: 'service', ...known, version: null, because: [evidence(example, at + 1, 'php/database')] }];
}

/** Whether all that is asked for is older than what any channel has. */
function isBeforeOldest(set: VersionSet | null): boolean {
  return set !== null && set.length > 0 && coverage(set, atLeast([7, 3])) === 'none';
}

/** Lines that no channel of nixpkgs has any more. */
function old(project: PhpProject): Need[] {
  const platform = stringAt(project.manifest.document.value, ['config', 'platform', 'php']) ?? '';
  const ancient = platformRequirements(project).find(
    ({ name, constraint, package: owner }) =>
      name === 'php' && owner === null && isBeforeOldest(composerSet(constraint)),
  );
  const pretended = parseTuple(platform);
  if (
    ancient === undefined &&
    (pretended === null || !isBeforeOldest([beginningWith(pretended.slice(0, 2))]))
  )
    return [];
  const { file, document } = project.manifest;
  const line =
    ancient === undefined ? document.line(['config', 'platform', 'php']) : document.line(ancient.path);
  return [
    {
      kind: 'finding',
      code: 'php-removed',
      severity: 'warning',
      message: 'PHP before 7.3 is in no channel of nixpkgs that nidify knows',
      hint: 'The flake github:fossar/nix-phps has older ones; or move to PHP 8.',
      because: [evidence(file, line, 'php/require')],
    },
  ];
}

/** A WordPress that was unpacked into the repository: https://developer.wordpress.org/advanced-administration/before-install/ */
async function wordpress({ inventory }: DetectContext): Promise<Need[]> {
  const file: ClaimedFile | undefined =
    inventory.files.get('wp-config-sample.php') ?? inventory.files.get('wp-load.php');
  if (file === undefined) return [];
  const because = [presence(file.path, 'php/wordpress')];
  const requests = await versionFileRequests(inventory, '.', ['php']);
  return [
    { kind: 'toolchain', id: 'php', project: '.', requests, because },
    { kind: 'service', id: 'mysql', version: null, port: 3306, because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['php'],
      frameworks: ['wordpress'],
      packageManager: null,
      commands: { start: 'php -S 0.0.0.0:8000', dev: 'php -S localhost:8000' },
      ports: [8000],
      because,
    },
  ];
}

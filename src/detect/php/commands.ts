/** How a PHP project is installed, tested and served: its own scripts first, then what convention says. */
import { entriesAt, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { procfileCommand } from '../shared/procfile.ts';
import { join } from '../shared/tree.ts';
import type { PhpFramework } from './frameworks.ts';
import { type PhpProject, requires } from './projects.ts';

/** Names that scripts have for a purpose, best first: https://getcomposer.org/doc/articles/scripts.md */
const scriptNames = {
  build: ['build'],
  test: ['test', 'tests', 'phpunit', 'pest'],
  start: ['start', 'serve'],
  dev: ['dev'],
  lint: ['lint', 'phpstan', 'stan', 'analyse', 'analyze', 'cs', 'check-style', 'phpcs'],
} as const;

export interface Served {
  commands: Partial<Commands>;
  ports: number[];
}

export function phpCommands(
  inventory: Inventory,
  project: PhpProject,
  frameworks: readonly PhpFramework[],
): Served {
  const { folder, manifest } = project;
  const has = (path: string) => inventory.files.has(join(folder, path));
  const scripts = new Set(entriesAt(manifest.document.value, ['scripts']).map(([name]) => name));
  const script = (purpose: keyof typeof scriptNames): string | null => {
    const name = scriptNames[purpose].find((each) => scripts.has(each));
    return name === undefined ? null : `composer run-script ${name}`;
  };
  const framework = frameworks.find(({ program, root }) => program !== undefined || root !== undefined);
  // A page in what is a library by its own word is an example of it.
  const isLibrary = stringAt(manifest.document.value, ['type']) === 'library' && framework === undefined;
  const served = isLibrary ? null : serverOf(has, framework);
  const procfile = procfileCommand(inventory, folder, 'web');
  const usual = served?.start ?? script('start');
  const commands: Record<keyof Commands, string | null> = {
    install: 'composer install --no-interaction',
    build: script('build'),
    test: script('test') ?? testCommand(has, project, framework),
    start: procfile ?? usual,
    dev: script('dev') ?? script('start') ?? served?.dev ?? null,
    lint: script('lint') ?? lintCommand(has, project),
  };
  return {
    commands: Object.fromEntries(Object.entries(commands).filter(([, command]) => command !== null)),
    ports:
      procfile === null && served !== null ? [served.port] : framework?.port == null ? [] : [framework.port],
  };
}

/** Folders that may be the web's: https://www.php.net/manual/en/features.commandline.webserver.php */
const roots = ['public', 'web', 'webroot', 'www', 'htdocs', 'pub', '.'];

function serverOf(
  has: (path: string) => boolean,
  framework: PhpFramework | undefined,
): { start: string; dev: string; port: number } | null {
  const { program, port } = framework ?? {};
  if (program !== undefined && has(program.file)) {
    return { start: program.start, dev: program.dev ?? program.start, port: port ?? 8000 };
  }
  const own = framework?.root === undefined ? roots : [framework.root, ...roots];
  const root = own.find((folder) => has(folder === '.' ? 'index.php' : `${folder}/index.php`));
  if (root === undefined) return null;
  const option = root === '.' ? '' : ` -t ${root}`;
  return { start: `php -S 0.0.0.0:8000${option}`, dev: `php -S localhost:8000${option}`, port: 8000 };
}

function binary(project: PhpProject, name: string): string {
  const folder = valueAt(project.manifest.document.value, ['config', 'bin-dir']);
  const isPlain = typeof folder === 'string' && /^[\w.-]+(\/[\w.-]+)*\/?$/.test(folder);
  return `${isPlain ? folder.replace(/\/$/, '') : 'vendor/bin'}/${name}`;
}

function testCommand(
  has: (path: string) => boolean,
  project: PhpProject,
  framework: PhpFramework | undefined,
): string | null {
  if (framework?.program?.test !== undefined && has(framework.program.file)) return framework.program.test;
  if (requires(project, 'pestphp/pest')) return binary(project, 'pest');
  if (requires(project, 'symfony/phpunit-bridge') && !requires(project, 'phpunit/phpunit')) {
    return binary(project, 'simple-phpunit');
  }
  if (requires(project, 'phpunit/phpunit')) return binary(project, 'phpunit');
  return null;
}

function lintCommand(has: (path: string) => boolean, project: PhpProject): string | null {
  const isAny = (...names: string[]) => names.some(has);
  if (requires(project, 'phpstan/phpstan', 'larastan/larastan', 'nunomaduro/larastan')) {
    if (isAny('phpstan.neon', 'phpstan.neon.dist', 'phpstan.dist.neon')) {
      return `${binary(project, 'phpstan')} analyse`;
    }
  }
  if (requires(project, 'laravel/pint')) return `${binary(project, 'pint')} --test`;
  if (
    requires(project, 'friendsofphp/php-cs-fixer') &&
    isAny('.php-cs-fixer.dist.php', '.php-cs-fixer.php')
  ) {
    return `${binary(project, 'php-cs-fixer')} check`;
  }
  if (requires(project, 'squizlabs/php_codesniffer') && isAny('phpcs.xml', 'phpcs.xml.dist')) {
    return binary(project, 'phpcs');
  }
  return null;
}

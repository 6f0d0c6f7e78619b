/** How a Ruby project is installed, built, tested and started: by its files, its gems and its framework. */
import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { isThere } from '../shared/paths.ts';
import { procfileCommand } from '../shared/procfile.ts';
import { fileIn, join, nameOf } from '../shared/tree.ts';
import { programNames } from './claims.ts';
import { assetGems, type RubyFramework, rackServers } from './frameworks.ts';
import { callsIn } from './gemfile.ts';
import { asksFor, installs, type RubyProject } from './projects.ts';
import { tokensOf } from './tokens.ts';

/** Commands to run in the project's folder. */
export function rubyCommands(
  inventory: Inventory,
  project: RubyProject,
  frameworks: readonly RubyFramework[],
): Partial<Commands> {
  const start = startCommand(inventory, project, frameworks);
  const dev = devCommand(inventory, project, frameworks, start);
  const commands: Record<keyof Commands, string | null> = {
    install: installCommand(project),
    build: buildCommand(inventory, project, frameworks),
    test: testCommand(inventory, project, frameworks),
    start: procfileCommand(inventory, project.folder, 'web') ?? start,
    dev,
    lint: lintCommand(project),
  };
  return Object.fromEntries(Object.entries(commands).filter(([, command]) => command !== null));
}

/** Frozen: a Gemfile that says more than its lock file is an error. https://bundler.io/man/bundle-config.1.html */
function installCommand(project: RubyProject): string | null {
  const { gemfile, lock } = project;
  if (isGemAlone(project)) {
    const lines = `'source "https://rubygems.org"\\ngemspec path: ".."\\n'`;
    return `mkdir -p .bundle && printf ${lines} > .bundle/Gemfile && ${ownGemfile} bundle install`;
  }
  if (gemfile === null) return null;
  return lock === null ? 'bundle install' : 'BUNDLE_FROZEN=true bundle install';
}

const ownGemfile = 'BUNDLE_GEMFILE=.bundle/Gemfile';

/**
 * A specification whose dependencies no Gemfile takes in: Bundler installs them by one that is out of the way.
 * https://bundler.io/man/gemfile.5.html#GEMSPEC
 */
export function isGemAlone({ gemfile, gemspec }: RubyProject): boolean {
  return gemfile === null && gemspec !== null && gemspec.dependencies.length > 0;
}

/** What runs the programs of the gems; null where none are installed. */
function execOf(project: RubyProject): string | null {
  if (isGemAlone(project)) return `${ownGemfile} bundle exec`;
  return project.gemfile === null ? null : 'bundle exec';
}

function has(inventory: Inventory, { folder }: RubyProject, path: string): boolean {
  return inventory.files.has(join(folder, path));
}

function rails(inventory: Inventory, project: RubyProject): string {
  return has(inventory, project, 'bin/rails') ? 'bin/rails' : 'bundle exec rails';
}

/** An engine has the gem and no application. */
function isRailsApplication(inventory: Inventory, project: RubyProject): boolean {
  return has(inventory, project, 'bin/rails') || has(inventory, project, 'config.ru');
}

function ofFramework(frameworks: readonly RubyFramework[], key: 'build' | 'start' | 'dev'): string | null {
  return frameworks.map((each) => each[key]).find((command) => command !== undefined) ?? null;
}

const isRails = (frameworks: readonly RubyFramework[]): boolean =>
  frameworks.some(({ id }) => id === 'rails');

function startCommand(
  inventory: Inventory,
  project: RubyProject,
  frameworks: readonly RubyFramework[],
): string | null {
  if (isRails(frameworks) && isRailsApplication(inventory, project))
    return `${rails(inventory, project)} server`;
  const own = ofFramework(frameworks, 'start');
  if (own !== null) return own;
  if (project.gemspec !== null && project.gemfile?.gemspec != null) return null;
  if (has(inventory, project, 'config.ru')) {
    const server = serverOf(project);
    if (server !== null)
      return project.gemfile === null ? server.command.replace('bundle exec ', '') : server.command;
  }
  const program = programNames.find((name) => has(inventory, project, name));
  if (program === undefined) return null;
  return project.gemfile === null ? `ruby ${program}` : `bundle exec ruby ${program}`;
}

export function serverOf(project: RubyProject): (typeof rackServers)[number] | null {
  return (
    rackServers.find(({ gems }) => asksFor(project, ...gems)) ??
    rackServers.find(({ gems }) => installs(project, ...gems)) ??
    (project.gemfile === null ? (rackServers.at(-1) ?? null) : null)
  );
}

function devCommand(
  inventory: Inventory,
  project: RubyProject,
  frameworks: readonly RubyFramework[],
  start: string | null,
): string | null {
  if (isRails(frameworks) && has(inventory, project, 'bin/dev')) return 'bin/dev';
  return ofFramework(frameworks, 'dev') ?? start;
}

function buildCommand(
  inventory: Inventory,
  project: RubyProject,
  frameworks: readonly RubyFramework[],
): string | null {
  if (isRails(frameworks) && isRailsApplication(inventory, project)) {
    return asksFor(project, ...assetGems) ? `${rails(inventory, project)} assets:precompile` : null;
  }
  const own = ofFramework(frameworks, 'build');
  if (own !== null) return own;
  const { gemspec, gemfile } = project;
  if (gemspec === null) return null;
  if (gemfile !== null && rakeTasks(inventory, project).has('build')) return 'bundle exec rake build';
  const name = nameOf(gemspec.file.path);
  return /^[\w.-]+$/.test(name) && !name.startsWith('-') ? `gem build ${name}` : null;
}

function testCommand(
  inventory: Inventory,
  project: RubyProject,
  frameworks: readonly RubyFramework[],
): string | null {
  const exec = execOf(project);
  if (exec === null) return null;
  const tasks = rakeTasks(inventory, project);
  const isSpecified = has(inventory, project, '.rspec') || has(inventory, project, 'spec/spec_helper.rb');
  const asksForRspec = asksFor(project, 'rspec', 'rspec-rails', 'rspec-core');
  // Gems that generators of gems have listed are not always used.
  const isOtherwise =
    tasks.has('test') &&
    isThere(inventory, join(project.folder, 'test')) &&
    !isThere(inventory, join(project.folder, 'spec'));
  if ((asksForRspec && !isOtherwise) || (isSpecified && installs(project, 'rspec-core'))) {
    return `${exec} rspec`;
  }
  if (isRails(frameworks) && isRailsApplication(inventory, project))
    return `${rails(inventory, project)} test`;
  const task = ['test', 'spec'].find((name) => tasks.has(name));
  return task === undefined ? null : `${exec} rake ${task}`;
}

function lintCommand(project: RubyProject): string | null {
  const exec = execOf(project);
  if (exec === null) return null;
  if (asksFor(project, 'standard', 'standardrb')) return `${exec} standardrb`;
  const rubocop = [
    'rubocop',
    'rubocop-rails-omakase',
    'rubocop-rails',
    'rubocop-performance',
    'rubocop-rspec',
  ];
  return asksFor(project, ...rubocop) ? `${exec} rubocop` : null;
}

/** Classes that define a task of their usual name, with what stands before them: https://ruby.github.io/rake/ */
const taskClasses: Readonly<Record<string, { within: readonly string[]; task: string }>> = {
  TestTask: { within: ['Rake', 'Minitest'], task: 'test' },
  RakeTask: { within: ['Core'], task: 'spec' },
};

const knownTasks = new WeakMap<ClaimedFile, ReadonlySet<string>>();
const noTasks: ReadonlySet<string> = new Set();

/** Names of the tasks that a Rakefile defines, as far as it says so itself; each is read once. */
function rakeTasks(inventory: Inventory, { folder }: RubyProject): ReadonlySet<string> {
  const file = fileIn(inventory, folder, 'Rakefile');
  if (file === null) return noTasks;
  const tasks = knownTasks.get(file) ?? tasksOf(file.text ?? '');
  knownTasks.set(file, tasks);
  return tasks;
}

function tasksOf(text: string): Set<string> {
  const tokens = tokensOf(text);
  const tasks = new Set<string>();
  for (const { args } of callsIn(tokens, ['task'])) {
    const [first] = args;
    if (first !== undefined && first.kind !== 'mark' && first.kind !== 'word') tasks.add(first.text);
  }
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === 'string' && text === 'bundler/gem_tasks') tasks.add('build');
    const known = kind === 'word' && Object.hasOwn(taskClasses, text) ? taskClasses[text] : undefined;
    if (known === undefined || !known.within.includes(tokens[at - 2]?.text ?? '')) continue;
    const name = tokens
      .slice(at + 1, at + 5)
      .find((token) => token.kind === 'symbol' || token.kind === 'string');
    tasks.add(name?.text ?? known.task);
  }
  return tasks;
}

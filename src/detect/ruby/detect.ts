import { append } from '../../append.ts';
import { evidence, presence } from '../evidence.ts';
import { procfileCommand } from '../shared/procfile.ts';
import { fileIn, join } from '../shared/tree.ts';
import type { Detect, DetectContext, Need, ServiceNeed } from '../types.ts';
import { isGemAlone, rubyCommands, serverOf } from './commands.ts';
import { type RubyFramework, rubyFrameworks } from './frameworks.ts';
import { callsIn } from './gemfile.ts';
import { furtherNeeds, gemNeeds } from './native.ts';
import { asksFor, type RubyProject, rubyProjects } from './projects.ts';
import { rubyRemarks } from './remarks.ts';
import { rubyRequests } from './requests.ts';
import { tokensOf } from './tokens.ts';

/** Ruby with Bundler: docs/ecosystems/ruby.md says what is read, in which order. */
export const detectRuby: Detect = async (context) => {
  const { projects, side } = rubyProjects(context.inventory);
  const needs: Need[] = [];
  for (const project of projects) append(needs, await needsOf(context, project));
  const [example] = side;
  if (projects.length === 0 && example !== undefined) {
    const { requests } = await rubyRequests(context.inventory, example);
    const because = [presence(example.file.path, 'ruby/side-folder')];
    needs.push({ kind: 'toolchain', id: 'ruby', project: example.folder, requests, because, optional: true });
  }
  return needs;
};

async function needsOf(context: DetectContext, project: RubyProject): Promise<Need[]> {
  const { inventory, native } = context;
  const { folder, file, gemfile, gemspec } = project;
  const frameworks = frameworksOf(project);
  const { requests, findings } = await rubyRequests(inventory, project);
  const because = [presence(file.path, 'ruby/project')];
  const commands = rubyCommands(inventory, project, frameworks);
  // A Gemfile that only brings tools to a project of another language.
  const isBundled = gemfile !== null || isGemAlone(project);
  const isBackground = commands.start === undefined && frameworks.length === 0 && hasOther(context, folder);
  return [
    { kind: 'toolchain', id: 'ruby', project: folder, requests, because },
    ...(isBundled ? [bundler(project)] : []),
    ...gemNeeds(native, project),
    ...furtherNeeds(project),
    ...(isBackground ? [] : services(context, project)),
    {
      kind: 'project',
      path: folder,
      name: gemspec?.name ?? null,
      languages: ['ruby'],
      frameworks: frameworks.map(({ id }) => id),
      packageManager: isBundled && !isBackground ? 'bundler' : null,
      commands: isBackground ? installation(commands.install) : commands,
      ports: isBackground ? [] : portsOf(context, project, frameworks),
      because,
    },
    ...findings,
    ...rubyRemarks(project),
  ];
}

const installation = (install: string | null | undefined) => (install == null ? {} : { install });

function hasOther({ inventory }: DetectContext, folder: string): boolean {
  return ['package.json', 'pyproject.toml', 'go.mod', 'Cargo.toml', 'pubspec.yaml'].some((name) =>
    inventory.files.has(join(folder, name)),
  );
}

function bundler({ folder, lock, file }: RubyProject): Need {
  const written = lock?.bundler == null ? null : { lock, ...lock.bundler };
  return {
    kind: 'package-manager',
    id: 'bundler',
    project: folder,
    requests:
      written === null
        ? []
        : [
            {
              raw: written.raw,
              scheme: 'prefix',
              because: evidence(written.lock.file, written.line, 'ruby/bundled-with'),
            },
          ],
    lockfile: lock?.file.path ?? null,
    because: [presence(lock?.file.path ?? file.path, 'ruby/bundler')],
  };
}

function frameworksOf(project: RubyProject): RubyFramework[] {
  const found = rubyFrameworks.filter(({ gems }) => asksFor(project, ...gems));
  const ids = new Set(found.map(({ id }) => id));
  return found.filter(({ within }) => within?.some((id) => ids.has(id)) !== true);
}

/** The port that Puma's configuration names, else the framework's, else that of the server of a rack-up file. */
function portsOf(
  { inventory }: DetectContext,
  project: RubyProject,
  frameworks: readonly RubyFramework[],
): number[] {
  const { folder } = project;
  const configured = pumaPort(fileIn(inventory, folder, 'config/puma.rb')?.text ?? '');
  if (configured !== null) return [configured];
  const framework = frameworks.find((each) => each.port !== null);
  const port = framework?.port;
  // A server that is given the rack-up file listens where it listens itself: https://puma.io/puma/#command-line
  const isRacked = framework?.start === undefined && framework?.id !== 'rails';
  const isStarted = isRacked && procfileCommand(inventory, folder, 'web') === null;
  const server = isStarted && inventory.files.has(join(folder, 'config.ru')) ? serverOf(project) : null;
  if (server !== null) return [server.port];
  if (port != null) return project.gemspec === null || frameworks[0]?.id !== 'rails' ? [port] : [];
  return [];
}

/** `port ENV.fetch("PORT", 3000)`: https://puma.io/puma/Puma/DSL.html#port-instance_method */
function pumaPort(text: string): number | null {
  const [call] = callsIn(tokensOf(text), ['port']);
  const written = call?.args.find((token) => /^\d{2,5}$/.test(token.text))?.text;
  const port = Number(written);
  return written !== undefined && port > 0 && port < 65_536 ? port : null;
}

const databases: readonly { adapter: RegExp; id: string; port: number }[] = [
  { adapter: /^(postgresql|postgis)$/, id: 'postgresql', port: 5432 },
  { adapter: /^(mysql2?|trilogy)$/, id: 'mysql', port: 3306 },
  { adapter: /^sqlserver$/, id: 'mssql', port: 1433 },
];

/** Databases of config/database.yml, a template of which only plain lines are read; Redis for Sidekiq. */
function services({ inventory }: DetectContext, project: RubyProject): ServiceNeed[] {
  const needs: ServiceNeed[] = [];
  const file = fileIn(inventory, project.folder, 'config/database.yml');
  for (const [at, line] of (file?.text ?? '').split('\n', 500).entries()) {
    const adapter = /^\s+adapter:\s*["']?(?<adapter>\w{1,30})["']?\s*(#.*)?$/.exec(line.slice(0, 300))?.groups
      ?.adapter;
    const known = databases.find((each) => adapter !== undefined && each.adapter.test(adapter));
    if (file === null || known === undefined || needs.some(({ id }) => id === known.id)) continue;
    const because = [evidence(file, at + 1, 'ruby/database')];
    needs.push({ kind: 'service', id: known.id, version: null, port: known.port, because });
  }
  const queue = ['sidekiq', 'resque'].find((name) => asksFor(project, name));
  if (queue !== undefined) {
    const locked = project.lock?.gems.get(queue);
    const line = locked?.line ?? project.gemfile?.gems.find(({ name }) => name === queue)?.line ?? null;
    const from = locked !== undefined && project.lock !== null ? project.lock.file : project.file;
    needs.push({
      kind: 'service',
      id: 'redis',
      version: null,
      port: 6379,
      because: [evidence(from, line, 'ruby/queue')],
    });
  }
  return needs;
}

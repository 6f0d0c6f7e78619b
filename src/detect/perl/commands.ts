/** How a Perl project is installed, built, tested and started. */
import type { Commands } from '../../plan/schema.ts';
import { isPlainPath } from '../shared/shell.ts';

export interface PerlLayout {
  manager: 'carton' | 'cpanm' | null;
  has(path: string): boolean;
  /** Paths below the project's folder, from it. */
  paths: readonly string[];
  /** Modules that it asks for. */
  modules: ReadonlySet<string>;
}

export interface PerlFramework {
  id: string;
  modules: readonly string[];
  port: number;
}

/** Ports: the defaults of `daemon`, `plackup` and Catalyst's development server. */
const frameworks: readonly PerlFramework[] = [
  // https://docs.mojolicious.org/Mojo/Server/Daemon
  { id: 'mojolicious', modules: ['Mojolicious', 'Mojolicious::Lite', 'Mojo'], port: 3000 },
  // https://metacpan.org/pod/plackup
  { id: 'dancer', modules: ['Dancer2', 'Dancer'], port: 5000 },
  { id: 'catalyst', modules: ['Catalyst::Runtime', 'Catalyst'], port: 3000 },
  { id: 'plack', modules: ['Plack'], port: 5000 },
];

export function frameworksOf({ modules }: Pick<PerlLayout, 'modules'>): PerlFramework[] {
  return frameworks.filter((each) => each.modules.some((name) => modules.has(name)));
}

export function perlCommands(layout: PerlLayout): { commands: Partial<Commands>; ports: number[] } {
  const { manager, has, paths, modules } = layout;
  const within = (command: string) => (manager === 'carton' ? `carton exec ${command}` : command);
  const started = startOf(layout);
  const isCompiled = paths.some((path) => path.endsWith('.xs'));
  const build = has('Makefile.PL')
    ? 'perl Makefile.PL && make'
    : has('Build.PL')
      ? 'perl Build.PL && ./Build'
      : has('dist.ini')
        ? 'dzil build'
        : null;
  // A test.pl is run by MakeMaker and Module::Build: https://perldoc.perl.org/ExtUtils::MakeMaker#make-test
  const isOld = paths.includes('test.pl') && (has('Makefile.PL') || has('Build.PL'));
  const hasTests = isOld || paths.some((path) => /^t\/.*\.t$/.test(path));
  const needsMake = isCompiled || isOld;
  const ownTest =
    needsMake && has('Makefile.PL') ? 'make test' : needsMake && has('Build.PL') ? './Build test' : null;
  const install = installOf(layout);
  return {
    commands: {
      ...(install === null ? {} : { install }),
      ...(build === null ? {} : { build: within(build) }),
      ...(hasTests ? { test: within(ownTest ?? 'prove -lr t') } : {}),
      ...(started === null ? {} : { start: within(started.command) }),
      ...(has('.perlcriticrc') && modules.has('Perl::Critic') ? { lint: within('perlcritic lib') } : {}),
    },
    ports: started?.port === undefined ? [] : [started.port],
  };
}

/** Into `local` of the project: https://metacpan.org/dist/App-cpanminus/view/bin/cpanm */
function installOf({ manager, has }: PerlLayout): string | null {
  if (manager === 'carton')
    return has('cpanfile.snapshot') ? 'carton install --deployment' : 'carton install';
  if (manager === null) return null;
  if (has('cpanfile') || has('Makefile.PL') || has('Build.PL')) return 'cpanm -L local --installdeps .';
  return [
    'cpanm -L local Dist::Zilla',
    'dzil authordeps --missing | cpanm -L local',
    'dzil listdeps --missing | cpanm -L local',
  ].join(' && ');
}

/** What is run to try, measure or set up the rest. */
const helper = /^(?:tests?|bench(?:mark)?|examples?|demo|install|configure|setup|build)\b/i;

function startOf({ has, paths, modules }: PerlLayout): { command: string; port?: number } | null {
  const plain = paths.filter(isPlainPath);
  const catalyst = plain.find((path) => /^script\/\w+_server\.pl$/.test(path));
  if (catalyst !== undefined && has('Makefile.PL')) return { command: `perl ${catalyst}`, port: 3000 };
  const psgi = ['app.psgi', 'bin/app.psgi', 'script/app.psgi'].find((path) => paths.includes(path));
  const isMojo = modules.has('Mojolicious') || modules.has('Mojolicious::Lite');
  const scripts = plain.filter((path) => /^script\/[\w-]+(\.pl)?$/.test(path));
  const programs = plain.filter((path) => /^[\w.-]+\.pl$/.test(path));
  if (isMojo && scripts.length === 1) return { command: `perl ${scripts[0]} daemon`, port: 3000 };
  if (psgi !== undefined) return { command: `plackup ${psgi}`, port: 5000 };
  // What a distribution installs stands in `bin` or `script`: a file beside its manifest is a helper.
  const isDistribution = has('Makefile.PL') || has('Build.PL') || has('dist.ini');
  const [only, ...others] = programs.filter((path) => !helper.test(path));
  const main =
    programs.find((path) => /^(app|main|server)\.pl$/.test(path)) ??
    (others.length === 0 && !isDistribution ? only : undefined);
  if (main === undefined) return null;
  return isMojo ? { command: `perl ${main} daemon`, port: 3000 } : { command: `perl ${main}` };
}

/**
 * Installs the dependencies of a repository in the sandbox, at the paths that the image has: what is installed may
 * name them (virtual environments, first lines of scripts).
 */
import { lstatSync, mkdirSync, readlinkSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BuiltEnvironment } from '../../build/types.ts';
import { saysDiskFull } from '../../disk-full.ts';
import { ExitCode, NidifyError } from '../../errors.ts';
import { exec } from '../../exec.ts';
import { keepLast } from '../../lines.ts';
import { networkOf } from '../../sandbox/network.ts';
import { requireSandbox } from '../../sandbox/require.ts';
import { inSandbox, type Limits } from '../../sandbox/run.ts';
import { temporaryFolder } from '../../temporary.ts';
import { plain } from '../../text/plain.ts';
import { copyFile } from '../../verify/copy.ts';
import { user } from '../system-files.ts';
import type { TarEntry } from '../tar.ts';
import { type Amount, defaultInstallBounds, withinBounds } from './amount.ts';
import { folderInside } from './inside.ts';
import { dependencyEntries, type Place, stateOf } from './layer.ts';
import type { Installation, Selection } from './select.ts';

export interface InstallOptions {
  /** The files that the selection's tree lists, such as a copy of the repository; it is not written to. */
  directory: string;
  /** By name in the plan. */
  environments: ReadonlyMap<string, BuiltEnvironment>;
  /** Words of `--network` in place of the registries that installing needs; null for those. */
  network?: string | null;
  /** This process's own environment, for the sandbox itself (`childEnvironment`). */
  hostEnv: Readonly<Record<string, string>>;
  /** Where registries that the user configured are named. */
  configuration: NodeJS.ProcessEnv;
  /** Of each installation; half an hour unless told. */
  timeoutMs?: number;
  limits?: Limits;
  /** Of all that is installed; 32 GiB and three million files unless told. */
  bounds?: Partial<Amount>;
  signal?: AbortSignal | undefined;
  onStatus?: (text: string) => void;
}

export interface InstalledDependencies {
  /** The entries of the layer: as often as they are asked for, until `remove`. */
  entries(): AsyncGenerator<TarEntry>;
  /** `host:port` that installing reached, sorted. */
  reached: readonly string[];
  remove(): void;
}

const defaultTimeoutMs = 1_800_000;
const keptLines = 40;
const shownLines = 15;
const lineLength = 500;
const maxOutputBytes = 256 * 1024 * 1024;

/**
 * Installs what was selected, one after the other; null where that is nothing.
 *
 * @throws NidifyError `dependencies-failed` (exit 5) with the last lines that installing printed,
 *   `dependencies-too-large` (5), `sandbox-unavailable` (4), `tool-timed-out` and `aborted` (75)
 */
export async function installDependencies(
  selection: Selection,
  options: InstallOptions,
): Promise<InstalledDependencies | null> {
  if (selection.installations.length === 0) return null;
  await requireSandbox(options.hostEnv);
  const temporary = temporaryFolder('nidify-dependencies-');
  try {
    const project = path.join(temporary.directory, 'project');
    const home = path.join(temporary.directory, 'home');
    for (const each of [project, home]) mkdirSync(each, { mode: 0o755 });
    for (const each of selection.installations) copyFiles(each, options.directory, project);
    const places: Place[] = [
      { kind: 'home', directory: home, before: new Map() },
      { kind: 'project', directory: project, before: await stateOf(project) },
    ];
    const reached = new Set<string>();
    for (const each of selection.installations) {
      options.onStatus?.(`${each.path === '.' ? '' : `${each.path}: `}${each.command}`);
      await withinBounds([project, home], { ...defaultInstallBounds, ...options.bounds }, (stop) =>
        install(each, { project, home, reached }, selection, {
          ...options,
          signal: options.signal === undefined ? stop : AbortSignal.any([options.signal, stop]),
        }),
      );
    }
    return {
      entries: () => dependencyEntries(places, options.signal),
      reached: [...reached].sort(),
      remove: temporary.remove,
    };
  } catch (error) {
    temporary.remove();
    throw error;
  }
}

function copyFiles({ files, stubs, path: folder }: Installation, from: string, to: string): void {
  const root = realpathSync(from);
  mkdirSync(path.join(to, folder), { recursive: true });
  for (const name of files) {
    const [source, target] = [path.join(root, name), path.join(to, name)];
    // What a commit has and the folder has not is for the package manager to miss.
    if (isThere(target) || !isThere(source)) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else copyFile(root, name, target);
  }
  for (const name of stubs) {
    const target = path.join(to, name);
    mkdirSync(path.dirname(target), { recursive: true });
    if (!isThere(target)) writeFileSync(target, '');
  }
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

interface Places {
  project: string;
  home: string;
  reached: Set<string>;
}

async function install(
  installation: Installation,
  { project, home, reached }: Places,
  { allowScripts }: Selection,
  options: InstallOptions,
): Promise<void> {
  const environment = options.environments.get(installation.environment);
  if (environment === undefined) throw new Error('an installation without an environment');
  // An installation before it may have removed the folder, where its code was run.
  const cwd = folderInside(project, installation.path);
  const words = options.network ?? installation.registries.join(',');
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const refused = new Set<string>();
  const lines: string[] = [];
  const run = inSandbox(
    {
      environment,
      // One stream, so that what was printed is told in its order.
      command: [
        path.join(environment.storePath, 'bin/enter'),
        ...['bash', '--norc', '--noprofile', '-c', 'exec 2>&1; eval "$1"', 'nidify', installation.command],
      ],
      project,
      projectInside: user.workFolder,
      isReadOnly: false,
      cwd,
      network: networkOf(words === '' ? undefined : words, options.configuration),
      env: installation.variables,
      hostEnv: withoutLanguage(options.hostEnv),
      timeoutMs,
      limits: options.limits ?? {},
      homeDirectory: home,
      onRefused: (target) => refused.add(target),
      onAllowed: (target) => reached.add(target),
    },
    false,
    (sandbox) =>
      exec({
        ...sandbox,
        isBare: true,
        timeoutMs,
        maxOutputBytes,
        signal: options.signal,
        onOutputLine: (line) => keepLast(lines, line, keptLines),
      }),
  );
  const { exitCode } = await run;
  if (exitCode === 0) return;
  const tail = lines
    .map((line) => plain(line.slice(0, 4 * lineLength)).slice(0, lineLength))
    .slice(-shownLines);
  throw failed(installation, exitCode, tail, [...refused], allowScripts);
}

/** What is installed depends on neither the language nor the time zone of this machine. */
function withoutLanguage(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(LANG|LANGUAGE|TZ|LC_\w+|TERM)$/.test(name)),
  );
}

function failed(
  { path: folder, command }: Installation,
  code: number,
  tail: readonly string[],
  refused: readonly string[],
  allowScripts: boolean,
): NidifyError {
  const hints = [
    saysDiskFull(tail.join('\n')) ? 'A disk is full: TMPDIR names the one for what is installed.' : null,
    refused.length === 0
      ? null
      : `It was not let out to ${refused.slice(0, 5).join(', ')}: --network names what it may reach.`,
    allowScripts ? null : 'No code of packages was run: --allow-scripts lets those that cannot do without.',
    'An image without the dependencies layer leaves installing to the worker.',
  ].filter((each) => each !== null);
  return new NidifyError({
    code: 'dependencies-failed',
    message: `installing the dependencies of ${folder} failed: \`${command}\` ended with ${code}; it last said:\n${tail.join('\n')}`,
    hint: hints.join(' '),
    exitCode: ExitCode.buildFailed,
  });
}

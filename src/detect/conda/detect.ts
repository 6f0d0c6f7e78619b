/** conda, mamba and pixi: from what was scanned to needs. See docs/ecosystems/conda.md. */
import { append } from '../../append.ts';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { presence, shown } from '../evidence.ts';
import { type Framework, frameworks as pythonFrameworks } from '../python/frameworks.ts';
import { isBinderFolder } from '../shared/binder.ts';
import { findingNeed } from '../shared/finding.ts';
import { folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';
import { environmentNames, lockNames, projectNames } from './claims.ts';
import { type Decision, decide, needsChannels } from './decide.ts';
import { type Environment, isExport, readEnvironment } from './environment.ts';
import { condaInstall, inConda, pipInstall } from './install.ts';
import { pixiNeeds } from './pixi.ts';
import { requestOf } from './spec.ts';

/** Every folder with an environment or a manifest of pixi's, except examples, tests and what only CI uses. */
export const detectConda: Detect = async (context) => {
  const needs: Need[] = [];
  for (const folder of foldersOf(context.inventory)) {
    const managed = await pixiNeeds(context.inventory, folder);
    if (managed !== null && isPixi(context.inventory, folder)) append(needs, managed);
    else append(needs, await environmentNeeds(context, folder));
  }
  return needs;
};

function isPixi({ files }: Inventory, folder: string): boolean {
  return files.has(join(folder, 'pixi.toml')) || files.has(join(folder, 'pixi.lock'));
}

const beside = /(^|\/)(ci|docs?|devtools|recipes?|conda[.-]?recipe|\.[^/]+)(\/|$)/i;

function foldersOf({ files }: Inventory): string[] {
  const names: readonly string[] = [
    ...environmentNames,
    ...projectNames,
    ...lockNames,
    'pixi.toml',
    'pixi.lock',
  ];
  const folders = [...files.keys()].filter((path) => names.includes(nameOf(path))).map(folderOf);
  const speaking = folders.map((folder) => (isBinderFolder(folder) ? '.' : folder));
  return [...new Set(speaking)].filter((folder) => !isSideFolder(folder) && !beside.test(folder)).sort();
}

async function environmentNeeds(context: DetectContext, folder: string): Promise<Need[]> {
  const environment = await readEnvironment(context.inventory, folder);
  if (environment === null) return [];
  const decision = decide(environment, context.native);
  const channels = needsChannels(environment, decision);
  const because = [presence(environment.file.path, 'conda/environment')];
  const own = await hasPythonManifest(context, folder);
  // Installing itself and its requirements: the environment is the one that is made.
  const decides =
    !own || environment.pip.some(({ text }) => /^(-e|-r|--editable|--requirement|\.)/.test(text));
  return [
    ...interpreterNeeds(decision, folder, because, own),
    ...dependencyNeeds(context, environment, decision, folder),
    ...(decides ? projectNeeds(context.inventory, environment, decision, folder, channels, because) : []),
    ...findings(environment, decision, folder, channels && decides, decides),
  ];
}

/** Python's own manifests decide how packages are installed; a program alone does not. */
async function hasPythonManifest({ inventory }: DetectContext, folder: string): Promise<boolean> {
  const names = [
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'Pipfile',
    'requirements.txt',
    'poetry.lock',
    'uv.lock',
  ];
  if (!names.some((name) => inventory.files.has(join(folder, name)))) return false;
  const { readManifests } = await import('../python/manifests.ts');
  const { isPackage } = await import('../python/project.ts');
  const manifests = await readManifests(inventory, folder);
  return (
    manifests.requirements.length > 0 ||
    manifests.pipfile !== null ||
    manifests.locks.size > 0 ||
    isPackage(manifests)
  );
}

function interpreterNeeds(
  decision: Decision,
  project: string,
  because: Evidence[],
  ownPython: boolean,
): Need[] {
  const found: Need[] = [];
  for (const { id, entry } of decision.interpreters) {
    if (id === 'python' && ownPython) continue;
    const place = entry.because();
    found.push({ kind: 'toolchain', id, project, requests: requestOf(entry.spec, place), because: [place] });
  }
  const hasPython = decision.interpreters.some(({ id }) => id === 'python');
  if (!hasPython && !ownPython && (decision.pip.length > 0 || decision.interpreters.length === 0)) {
    found.push({ kind: 'toolchain', id: 'python', project, requests: [], because });
  }
  return found;
}

function dependencyNeeds(
  { native }: DetectContext,
  { pip }: Environment,
  decision: Decision,
  project: string,
): Need[] {
  const common = { kind: 'dependency', version: null, project } as const;
  const named = [
    ...decision.pip.map(({ name, entry }) => ({ name: normal(name), because: entry.because })),
    ...pip.map(({ text, because }) => ({ name: normal(/^[\w.-]+/.exec(text)?.[0] ?? ''), because })),
  ];
  return [
    ...named
      .filter(({ name }) => native.pypi.has(name))
      .map(({ name, because }) => ({ ...common, ecosystem: 'pypi' as const, name, because: [because()] })),
    ...decision.native.map(({ spec, because }) => ({
      ...common,
      ecosystem: 'conda' as const,
      name: spec.name,
      because: [because()],
    })),
  ];
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function projectNeeds(
  inventory: Inventory,
  environment: Environment,
  decision: Decision,
  folder: string,
  channels: boolean,
  because: Evidence[],
): Need[] {
  const named = decision.interpreters.map(({ id }) => id);
  const isPython = decision.pip.length > 0 || environment.pip.length > 0 || named.length === 0;
  const languages = [...new Set([...(isPython ? ['python'] : []), ...named])];
  const install = channels ? condaInstall(environment, folder) : pipInstall(environment, decision);
  const manager = channels ? 'micromamba' : isPython ? 'pip' : null;
  const frameworks = frameworksOf(decision, environment);
  const commands = commandsOf(inventory, environment, folder, channels, frameworks);
  return [
    ...(manager === null
      ? []
      : [
          {
            kind: 'package-manager' as const,
            id: manager,
            project: folder,
            requests: [],
            lockfile: channels ? (environment.lock?.path ?? null) : null,
            because,
          },
        ]),
    {
      kind: 'project',
      brings: ['python', 'r'],
      path: folder,
      name: environment.name,
      languages,
      frameworks: frameworks.map(({ id }) => id),
      packageManager: manager,
      commands: { ...(install === null ? {} : { install }), ...commands },
      ports: frameworks.some(({ id }) => id === 'jupyter') ? [jupyterPort] : [],
      because,
    },
  ];
}

/** Programs that Python projects are started by; an anaconda project says it itself. */
const programs = ['main.py', 'app.py', 'run.py'];

/** https://jupyter-server.readthedocs.io/en/latest/other/full-config.html */
const jupyterPort = 8888;

function frameworksOf({ pip: named }: Decision, { pip }: Environment): Framework[] {
  const names = new Set([
    ...named.map(({ name }) => normal(name)),
    ...pip.map(({ text }) => normal(/^[\w.-]+/.exec(text)?.[0] ?? '')),
  ]);
  return pythonFrameworks.filter(({ packages }) => packages.some((name) => names.has(name)));
}

function commandsOf(
  { files }: Inventory,
  { commands }: Environment,
  folder: string,
  channels: boolean,
  frameworks: readonly Framework[],
): Partial<Commands> {
  const program = programs.find((name) => files.has(join(folder, name)));
  const start = commands.get('default') ?? commands.values().next().value ?? null;
  const test = commands.get('test') ?? null;
  const run = (line: string) => (channels ? inConda(line) : line);
  const isShown = program === undefined && frameworks.some(({ id }) => id === 'jupyter');
  const line =
    start ?? (isShown ? 'jupyter lab' : channels && program !== undefined ? `python ${program}` : null);
  return { ...(line === null ? {} : { start: run(line) }), ...(test === null ? {} : { test: run(test) }) };
}

const longest = 8;

function list(names: readonly string[]): string {
  const short = names.slice(0, longest).map(shown).join(', ');
  return names.length > longest ? `${short} and ${names.length - longest} more` : short;
}

function findings(
  environment: Environment,
  decision: Decision,
  folder: string,
  channels: boolean,
  decides: boolean,
): Need[] {
  const { file, unreadable, lock } = environment;
  const found: Need[] = [];
  const unknown = [...decision.unknown.map(({ spec }) => spec.name), ...unreadable.map(({ text }) => text)];
  const places = [...decision.unknown, ...unreadable].slice(0, longest).map(({ because }) => because());
  if (unknown.length > 0) {
    found.push(
      findingNeed(
        'conda-packages-unmapped',
        'warning',
        `${file.path} asks for ${list(unknown)}: nidify knows neither a package of nixpkgs nor one of PyPI`,
        decides
          ? 'micromamba installs the environment from its channels; or name what serves with "packages" in nidify.jsonc.'
          : 'Name what serves with "packages" in nidify.jsonc.',
        places,
      ),
    );
  }
  if (channels) {
    const why =
      lock !== null
        ? `${lock.path} locks it`
        : isExport(environment)
          ? 'it names builds of conda'
          : 'not all of it is elsewhere';
    found.push(
      findingNeed(
        'conda-channels',
        'info',
        `${file.path} is installed by micromamba${folder === '.' ? '' : ` in ${folder}`}: ${why}`,
        "Programs of conda's channels expect a dynamic loader that NixOS does not have: there, use a container or nix-ld.",
        [presence(file.path, 'conda/environment')],
      ),
    );
  } else {
    append(found, versionFindings(decision));
  }
  if (!decides) {
    found.push(
      findingNeed(
        'conda-beside',
        'info',
        `${file.path} is read for versions and for what is no Python package; Python's own manifests say what is installed`,
        null,
        [presence(file.path, 'conda/environment')],
      ),
    );
  }
  return found;
}

/** What nixpkgs gives has its own version. */
function versionFindings({ native }: Decision): Need[] {
  const pinned = native.filter(({ spec }) => spec.version !== null && spec.version !== '*');
  if (pinned.length === 0) return [];
  return [
    findingNeed(
      'conda-version-unchecked',
      'info',
      `the versions of ${list(pinned.map(({ spec }) => `${spec.name} ${spec.version}`))} are those of nixpkgs`,
      'Where it must be that version, install it from its channel.',
      pinned.slice(0, longest).map(({ because }) => because()),
    ),
  ];
}

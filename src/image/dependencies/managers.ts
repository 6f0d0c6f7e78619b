/**
 * What is known of each package manager: its lock files, what installing reads, how it installs without running code
 * of packages, and what it leaves behind that no worker needs.
 */

export interface Manager {
  /** In the project's folder, one of them. `pinned`: requirements that name one version each. */
  locks: readonly string[] | 'pinned';
  /** What installing reads, by path from the root. */
  reads: RegExp;
  /** Of these only that they are there counts: they are empty where it installs. */
  present?: RegExp;
  /** The commands that do not run code of packages, with the words and variables below. */
  known: RegExp;
  /** Words behind the command; where forms of a command need different ones, by form. */
  words: readonly { when: RegExp; add: string }[];
  /** Variables that keep code of packages from being run. */
  variables: Readonly<Record<string, string>>;
  /** Variables that hold in any case. */
  always?: Readonly<Record<string, string>>;
  /** A configuration that has code of the repository run whatever the variables say. */
  runsCode?: { file: RegExp; sign: RegExp };
  /** Code of the project itself is run when code may be: then all of its files count. */
  buildsProject?: RegExp;
}

/** Words without any meaning to a shell. */
const plainWords = String.raw`( [\w@%+=:,./-]+)*`;
const command = (start: string) => new RegExp(`^${start}${plainWords}$`);

const nodeFiles =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|\.pnpmfile\.c?js|yarn\.lock|\.yarnrc|\.yarnrc\.yml|\.npmrc|bun\.lockb?|bunfig\.toml)$|(^|\/)(\.yarn\/(releases|plugins|patches|cache)|patches)\//;
const pythonFiles =
  /(^|\/)(pyproject\.toml|uv\.lock|uv\.toml|poetry\.lock|poetry\.toml|pdm\.lock|pdm\.toml|Pipfile|Pipfile\.lock|pylock\.toml|\.python-version|[^/]*(requirements|constraints)[^/]*\.(txt|lock|in)|requirements\/[^/]+\.(txt|lock|in))$/;
/** Scripts that a package manager runs of the project that it installs. */
const lifecycle = /"(pre|post)?install"\s*:|"(pre|post)?prepare"\s*:|"prepublish"\s*:/;

/** `git=` of a repository's .npmrc is a program that npm starts, scripts or not. */
const npmOff = { npm_config_ignore_scripts: 'true', npm_config_git: 'git' };
const wheelsOnly = { PIP_ONLY_BINARY: ':all:' };
const pnpmStore = '/home/nidify/.local/share/pnpm/store';

export const managers: Readonly<Record<string, Manager>> = {
  npm: {
    locks: ['package-lock.json', 'npm-shrinkwrap.json'],
    reads: nodeFiles,
    known: command('npm (ci|install)'),
    words: [{ when: /^/, add: '--ignore-scripts' }],
    variables: npmOff,
    buildsProject: lifecycle,
  },
  pnpm: {
    locks: ['pnpm-lock.yaml'],
    reads: nodeFiles,
    known: command('pnpm install'),
    // A pnpmfile is code too.
    words: [{ when: /^/, add: '--ignore-scripts --ignore-pnpmfile' }],
    variables: { ...npmOff, pnpm_config_ignore_scripts: 'true' },
    always: { npm_config_store_dir: pnpmStore, pnpm_config_store_dir: pnpmStore },
    buildsProject: lifecycle,
  },
  yarn: {
    locks: ['yarn.lock'],
    reads: nodeFiles,
    known: command('yarn install'),
    words: [
      // Berry, whose setting for scripts is one for those of others only.
      { when: / --immutable/, add: '--mode=skip-build' },
      { when: /^(?!.* --immutable)/, add: '--ignore-scripts' },
    ],
    // A release that the repository has, and starts in the place of the environment's, is code of the repository.
    variables: { ...npmOff, YARN_ENABLE_SCRIPTS: 'false', YARN_IGNORE_PATH: '1' },
    always: { YARN_ENABLE_TELEMETRY: '0' },
    // Plugins are loaded before the command is read.
    runsCode: { file: /(^|\/)\.yarnrc\.yml$/, sign: /^\s*["']?plugins["']?\s*:|^\s*\{/m },
    buildsProject: lifecycle,
  },
  bun: {
    locks: ['bun.lock', 'bun.lockb'],
    reads: nodeFiles,
    known: command('bun install'),
    words: [{ when: /^/, add: '--ignore-scripts' }],
    variables: npmOff,
    buildsProject: lifecycle,
  },
  deno: {
    locks: ['deno.lock'],
    reads: /(^|\/)(deno\.jsonc?|deno\.lock|package\.json|import_map\.json|\.npmrc)$/,
    // It runs no scripts unless it is told to.
    known: command('deno install'),
    words: [],
    variables: {},
  },
  uv: {
    locks: ['uv.lock', 'pylock.toml'],
    reads: pythonFiles,
    known: new RegExp(`^uv sync${plainWords}$|^uv venv --allow-existing && uv pip sync${plainWords}$`),
    words: [{ when: /^uv sync/, add: '--no-install-workspace' }],
    variables: { UV_NO_BUILD: '1' },
    always: { UV_LINK_MODE: 'copy', UV_PYTHON_DOWNLOADS: 'never' },
    buildsProject: /^/,
  },
  pip: {
    locks: 'pinned',
    reads: pythonFiles,
    known: /^python3? -m venv \.venv && \. \.venv\/bin\/activate( && pip install( -r [\w@%+=:,./-]+)+)+$/,
    words: [],
    variables: wheelsOnly,
    always: { PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    buildsProject: /^/,
  },
  poetry: {
    locks: ['poetry.lock'],
    reads: pythonFiles,
    known: command('poetry install'),
    words: [{ when: /^(?!.* --no-root)/, add: '--no-root' }],
    variables: { ...wheelsOnly, POETRY_INSTALLER_ONLY_BINARY: ':all:' },
    // Its own place for them is a folder of caches.
    always: { POETRY_VIRTUALENVS_IN_PROJECT: 'true' },
    buildsProject: /^/,
  },
  pdm: {
    locks: ['pdm.lock'],
    reads: pythonFiles,
    known: command('pdm sync'),
    words: [{ when: /^/, add: '--no-self' }],
    variables: { ...wheelsOnly, PDM_ONLY_BINARY: ':all:' },
    always: { PDM_CHECK_UPDATE: '0' },
    buildsProject: /^/,
  },
  pipenv: {
    locks: ['Pipfile.lock'],
    reads: pythonFiles,
    known: command('pipenv sync'),
    words: [],
    variables: wheelsOnly,
    always: { PIPENV_VENV_IN_PROJECT: '1' },
    buildsProject: /^/,
  },
  cargo: {
    locks: ['Cargo.lock'],
    reads: /(^|\/)(Cargo\.toml|Cargo\.lock|rust-toolchain|rust-toolchain\.toml|\.cargo\/config(\.toml)?)$/,
    // A manifest without the file of its program or library is refused.
    present: /\.rs$/,
    // It builds nothing.
    known: command('cargo fetch'),
    words: [],
    variables: {},
  },
  go: {
    locks: ['go.sum'],
    reads: /(^|\/)(go\.mod|go\.sum|go\.work|go\.work\.sum)$/,
    known: command('go mod download'),
    words: [],
    variables: {},
  },
};

/** Package managers that are their language's only one. */
export const managerOfLanguage: Readonly<Record<string, string>> = { rust: 'cargo', go: 'go', deno: 'deno' };

/** What holds for every installation. */
export const commonVariables: Readonly<Record<string, string>> = {
  CI: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  // What Python compiles bears the time of its source, which a layer does not keep.
  PYTHONDONTWRITEBYTECODE: '1',
  PIP_COMPILE: '0',
};

/**
 * Where package managers keep what the project needs when it runs, from the home; of what else is written there nothing
 * is kept: where code of packages may be run, it could put settings of shells, of Git or of ssh there, which the worker
 * would obey whatever it does.
 */
const keptOfHome: readonly string[] = [
  // Cargo's and Go's packages, Yarn's for Plug'n'Play.
  ...['.cargo/git', '.cargo/registry', '.yarn/berry', 'go/pkg/mod'],
  // Deno's packages; what scripts download: browsers and the like.
  '.cache',
];

/**
 * What installing leaves in these and is of no use to who runs the project: caches of downloads and of builds, logs,
 * locks, and states with times.
 */
const ofHome: readonly RegExp[] = [
  /^\.cache\/(pip|uv|go-build|yarn|pnpm|pypoetry|pdm|pipenv|node-gyp|bun|nix)(\/|$)/,
  /^\.cargo\/registry\/index\/[^/]+\/\.last-updated$/,
  /^go\/pkg\/mod\/cache\/(lock$|vcs(\/|$)|download\/sumdb(\/|$))/,
  /^go\/pkg\/mod\/cache\/download\/.*\.(lock|partial)$/,
  // Deno's databases of what it compiled and looked into, and what it looks up where nothing is locked.
  /^\.cache\/deno\/([a-z0-9_]+_cache_v\d+(-shm|-wal|-journal)?|latest\.txt|deno_history\.txt|gen(\/|$))/,
  /^\.cache\/deno\/npm\/.*\/(registry\.json|\.scripts-warned-\d+)$/,
];

const ofProject: readonly RegExp[] = [
  // The repository's layer has its own, and whatever else is in there Git starts on the next pull: hooks, filters.
  /^\.git(\/|$)/i,
  // A later Yarn writes settings into it that were the default before.
  /^((?!node_modules\/)[^/]+\/)*\.yarnrc\.yml$/,
  /(^|\/)\.pnpm-store(\/|$)/,
  /(^|\/)node_modules\/\.cache(\/|$)/,
  /(^|\/)node_modules\/\.pnpm-workspace-state(-v\d+)?\.json$/,
  /(^|\/)(npm-debug|yarn-error|yarn-debug|pnpm-debug)\.log$/,
];

/** Where a worker keeps what Python compiles, bytes differ from one time to the next. */
const anywhere = /(^|\/)__pycache__(\/|$)/;

/** @param isFolder a link or a file in the place of a folder above what is kept is none of it */
export function isLeftOut(place: 'home' | 'project', name: string, isFolder: boolean): boolean {
  if (anywhere.test(name)) return true;
  if (place === 'project') return ofProject.some((each) => each.test(name));
  const isKept = keptOfHome.some(
    (each) => name.startsWith(`${each}/`) || (isFolder && (name === each || each.startsWith(`${name}/`))),
  );
  return !isKept || ofHome.some((each) => each.test(name));
}

/** Files that differ by times only, made the same: their text as one character a byte, since some are no text. */
export const normalised: readonly { file: RegExp; fix(text: string): string }[] = [
  {
    // When pnpm last removed what is no longer needed.
    file: /(^|\/)node_modules\/\.modules\.yaml$/,
    fix: (text) => text.replace(/("?prunedAt"?: ).*?(,?)$/m, '$1"Thu, 01 Jan 1970 00:00:01 GMT"$2'),
  },
  {
    // The last line of a module that Deno fetched says what the server answered, and when.
    file: /\/\.cache\/deno\/remote\/https?\/[^/]+\/[0-9a-f]{64}$/,
    fix: (text) => text.replace(/(?<=\n\/\/ denoCacheMetadata=)\{.*\}$/, withoutTimes),
  },
];

/** Of the headers those that say what the module is. */
function withoutTimes(metadata: string): string {
  try {
    const { headers, url } = JSON.parse(metadata) as { headers: Record<string, string>; url: string };
    const kept = ['content-type', 'location', 'x-typescript-types'].filter(
      (name) => headers[name] !== undefined,
    );
    return JSON.stringify({
      headers: Object.fromEntries(kept.map((name) => [name, headers[name]])),
      url,
      time: 1,
    });
  } catch {
    return metadata;
  }
}

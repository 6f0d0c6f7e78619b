/**
 * Building what a repository's own flake.nix names. That is code of the repository, and nobody has looked at it: it is
 * evaluated only when that is asked for, and then without what would let it out.
 */
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import ownFlakeText from '../../nix/own-flake.nix';
import { ExitCode, NidifyError, usage } from '../errors.ts';
import { stringAt, stringsAt } from '../parse/value.ts';
import type { Input } from '../plan/schema.ts';
import { temporaryFolder } from '../temporary.ts';
import { byNumbers } from '../text/numbers.ts';
import { type Built, systemOf } from './build.ts';
import { nixFailure } from './failure.ts';
import { fileFailure } from './files.ts';
import { fetchInputs } from './inputs.ts';
import { type NixLog, nixLog } from './log.ts';
import { type NixSettings, nix, nixVersion, oldestNix } from './nix.ts';
import { addressesOf, type LockedNode, type OwnLock, readOwnLock } from './own-lock.ts';
import { copyTracked } from './own-source.ts';
import { proved, withProvedBuilders } from './proved.ts';
import { notUnderstood, type Preview, preview, type Run, realise, remember, remembered } from './realise.ts';
import { digestOf, machineKey, stateFolder } from './state.ts';

export interface OwnFlakeOptions {
  /** Absolute folder of the flake. */
  repository: string;
  /** As `attributePathOf` reads it; null for the default package, else the default shell. */
  attribute: readonly string[] | null;
  /** The nixpkgs that the sandbox is proved with. */
  input: Input;
  settings: NixSettings;
  /** As in `BuildOptions`; it has the nixpkgs of the flake's lock too. */
  mirror: string | null;
  provesAnew?: boolean;
  onStatus?: (text: string) => void;
  onPreview?: (preview: Preview) => void;
}

export interface BuiltFlake extends Built {
  /** Hash of the files that were given to Nix, as it computes it. */
  sourceHash: string;
}

/** What evaluating may take where no bound was given: a flake that needs more is not one to trust. */
const evaluationBytes = 4 * 1024 ** 3;

/**
 * Reads `packages.x86_64-linux.default`, `tool` or `.#tool`: names, separated by dots, in quotes where they have dots.
 *
 * @throws NidifyError `usage` (exit 2)
 */
export function attributePathOf(given: string): string[] {
  const text = given.replace(/^\.?#/, '');
  const names = text.match(/"[^"\\$]+"|[A-Za-z0-9_][\w'+-]*/g) ?? [];
  if (names.length > 0 && names.length <= 20 && names.join('.') === text) {
    return names.map((name) => name.replace(/^"|"$/g, ''));
  }
  throw usage(
    `${JSON.stringify(given)} is no attribute of a flake`,
    'Such as --attribute packages.x86_64-linux.default, or --attribute tool for the package `tool` of this system.',
  );
}

/**
 * Builds an attribute of the flake, once the sandbox is proved.
 *
 * @throws NidifyError as `build`; `not-in-git`, `flake-missing`, `flake-unlocked`, `flake-attribute-missing`,
 *   `flake-lock-invalid`, `flake-input-unsupported` (exit 3), `flake-refused`, `flake-input-refused` (6)
 */
export function buildOwnFlake(options: OwnFlakeOptions): Promise<BuiltFlake> {
  return withCopy(options, async (copy) => {
    const { settings, repository, input, attribute, onStatus = () => {} } = options;
    const { cwd, version, system, sourceHash } = copy;
    const machine = machineKey(settings);
    const memory = stateFolder(
      'builds',
      digestOf([realpathSync(repository), 'own-flake', attribute, settings.store]),
    );
    const digest = digestOf([machine, system, attribute, sourceHash]);
    const record = path.join(memory, 'record.json');
    const link = path.join(memory, 'environment');
    if (options.provesAnew !== true) {
      const known = remembered(record, digest);
      if (known !== null) return { ...known, sourceHash };
    }
    await fetchFromMirror(options, copy);
    const { proof, provedAt } = await proved(input, system, machine, options);
    const { derivation, output, attribute: found } = await evaluate(options, copy);
    const run = { settings: withProvedBuilders(settings, proof), cwd, env: copy.env, onStatus };
    const installables = [outputsOf(derivation, version)];
    if (options.onPreview !== undefined) options.onPreview(await preview(installables, run));
    const { results, origins } = await realise(installables, link, run);
    const outputs = results[0]?.outputs ?? {};
    const storePath = outputs[output] ?? outputs.out;
    if (storePath === undefined) throw notUnderstood();
    // Nix names the links of further outputs so.
    const root = output === 'out' || outputs[output] === undefined ? link : `${link}-${output}`;
    const built = await remember(
      { derivation, storePath },
      { record, digest, root, name: found.join('.'), system, version, origins, proof, provedAt },
      { settings, cwd },
    );
    return { ...built, sourceHash };
  });
}

/** What would be built and fetched; evaluates, and builds nothing. */
export function previewOwnFlake(options: OwnFlakeOptions): Promise<{ attribute: string; preview: Preview }> {
  return withCopy(options, async (copy) => {
    await fetchFromMirror(options, copy);
    const { derivation, attribute } = await evaluate(options, copy);
    const { cwd, env, version } = copy;
    const found = await preview([outputsOf(derivation, version)], { settings: options.settings, cwd, env });
    return { attribute: attribute.join('.'), preview: found };
  });
}

/** The private copy of the flake, and what Nix is to be asked with. */
interface Copy {
  cwd: string;
  source: string;
  sourceHash: string;
  lock: OwnLock;
  version: string;
  system: ReturnType<typeof systemOf>;
  env: Record<string, string>;
}

async function withCopy<T>(options: OwnFlakeOptions, use: (copy: Copy) => Promise<T>): Promise<T> {
  const work = temporaryFolder('nidify-flake-');
  try {
    const { repository, settings } = options;
    const system = systemOf({
      systems: ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin', 'x86_64-darwin'],
    });
    const cwd = work.directory;
    const source = path.join(cwd, 'source');
    mkdirSync(source);
    copyTracked(repository, source, settings.signal);
    const lockFile = path.join(source, 'flake.lock');
    const lock = readOwnLock(existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : null);
    const version = await nixVersion(oldestNix, settings, cwd);
    const env = privateVariables(cwd);
    const sourceHash = await hashOf(source, { settings, cwd, env });
    return await use({ cwd, source, sourceHash, lock, version, system, env });
  } catch (error) {
    throw fileFailure(error);
  } finally {
    work.remove();
  }
}

/**
 * A fixed-output derivation may ask for variables of the process that builds, and has the network: what configures
 * Nix, in which access tokens may stand, comes to it by a file instead.
 */
function privateVariables(cwd: string): Record<string, string> {
  const { NIX_CONFIG: text, NIX_USER_CONF_FILES: files, XDG_CONFIG_HOME, XDG_CONFIG_DIRS } = process.env;
  if (!text) return { NIX_PATH: '' };
  const own = path.join(cwd, 'nix.conf');
  writeFileSync(own, text, { mode: 0o600 });
  const folders = [
    XDG_CONFIG_HOME || path.join(homedir(), '.config'),
    ...(XDG_CONFIG_DIRS || '/etc/xdg').split(':'),
  ];
  const others = files?.split(':') ?? folders.map((folder) => path.join(folder, 'nix/nix.conf'));
  // The first of them wins.
  return {
    NIX_PATH: '',
    NIX_CONFIG: '',
    NIX_USER_CONF_FILES: [own, ...others].filter((file) => file !== '').join(':'),
  };
}

async function hashOf(source: string, { settings, cwd, env = {} }: Run): Promise<string> {
  const log = nixLog();
  const { exitCode, stdout } = await nix(['hash', 'path', '--sri', source], settings, {
    cwd,
    env,
    onErrorLine: log.line,
  });
  const hash = /sha256-\S+/.exec(stdout.toString('utf8'))?.[0];
  if (exitCode === 0 && hash !== undefined) return hash;
  throw nixFailure('hashing the flake', log);
}

async function fetchFromMirror({ mirror, input, settings, onStatus }: OwnFlakeOptions, { cwd, lock }: Copy) {
  if (mirror === null) return;
  onStatus?.('fetching nixpkgs from the mirror');
  const nixpkgs = lock.nixpkgs.map((each) => ({ ...input, ...each }));
  await fetchInputs({ nixpkgs: [input, ...nixpkgs] }, mirror, settings, cwd);
}

/** Never asked: what it stands for is in the store, by its hash. */
const sourceAddress = 'https://source.invalid/';

/**
 * Options of nix.conf for code that nobody has looked at. With flakes, `getFlake` would be there, which takes folders
 * of this machine and does not look at `allowed-uris`; so would `fetchTree`, which older versions do not restrict.
 */
const evaluationOptions = {
  'experimental-features': 'nix-command',
  'pure-eval': 'true',
  'restrict-eval': 'true',
  'allow-unsafe-native-code-during-evaluation': 'false',
};

interface Evaluated {
  attribute: string[];
  derivation: string;
  /** The output that stands for the derivation. */
  output: string;
}

async function evaluate({ attribute, settings, onStatus }: OwnFlakeOptions, copy: Copy): Promise<Evaluated> {
  onStatus?.('evaluating the flake');
  const { cwd, env, lock, source, sourceHash, system } = copy;
  await addToStore(source, { settings, cwd, env });
  const paths =
    attribute === null
      ? ['packages', 'devShells'].map((kind) => [kind, system, 'default'])
      : [['packages', system, ...attribute], ['legacyPackages', system, ...attribute], attribute];
  const nodes = { ...lock.nodes, [lock.root]: rootNode(lock, sourceHash) };
  const request = { root: lock.root, nodes, paths };
  const log = nixLog();
  const { exitCode, stdout } = await bounded(settings, () =>
    nix(
      [
        ...['eval', '--json', '--log-format', 'internal-json'],
        ...['--expr', ownFlakeText, '--argstr', 'request', JSON.stringify(request), 'result'],
      ],
      { ...settings, memoryBytes: settings.memoryBytes ?? evaluationBytes },
      {
        cwd,
        env,
        options: {
          ...evaluationOptions,
          'allowed-uris': [sourceAddress, ...addressesOf(lock)].join(' '),
        },
        onErrorLine: log.line,
      },
    ),
  );
  if (exitCode !== 0) throw evaluationFailure(log, paths);
  const value: unknown = JSON.parse(stdout.toString('utf8'));
  const [derivation, output] = [stringAt(value, ['derivation']), stringAt(value, ['output'])];
  const isPath = derivation !== null && /^\/[^\s^#?]*\/[0-9a-z]{32}-[\w.+?=-]+\.drv$/.test(derivation);
  if (!isPath || output === null || !/^[\w+-]+$/.test(output)) throw noDerivation();
  return { attribute: stringsAt(value, ['path']), derivation, output };
}

function rootNode({ inputs }: OwnLock, narHash: string): LockedNode {
  const facts = { narHash, lastModified: 1, lastModifiedDate: '19700101000001' };
  return { source: { archive: { url: sourceAddress, narHash } }, dir: '', isFlake: true, inputs, facts };
}

async function addToStore(source: string, { settings, cwd, env = {} }: Run): Promise<void> {
  const log = nixLog();
  const args = ['store', 'add-path', '--name', 'source', source];
  const { exitCode } = await nix(args, settings, { cwd, env, onErrorLine: log.line });
  if (exitCode !== 0) throw nixFailure('copying the flake into the store', log);
}

/** Says of a Nix that came to its bound of memory what it was. */
async function bounded<T>(settings: NixSettings, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NidifyError) || error.code !== 'tool-killed') throw error;
    throw tooMuchMemory(settings, error);
  }
}

function tooMuchMemory({ memoryBytes }: Pick<NixSettings, 'memoryBytes'>, cause?: unknown): NidifyError {
  const gibibytes = ((memoryBytes ?? evaluationBytes) / 1024 ** 3).toFixed(1);
  return new NidifyError({
    code: 'evaluation-memory',
    message: `evaluating the flake took more memory than it may (${gibibytes} GiB)`,
    hint: 'Give it more with --max-memory SIZE.',
    exitCode: ExitCode.buildFailed,
    cause,
  });
}

function evaluationFailure(log: NixLog, paths: readonly (readonly string[])[]): NidifyError {
  const text = log.errors().join('\n');
  const missing = /nidify: flake\.lock does not pin (\S+) of (\S+)/.exec(text);
  if (missing !== null) {
    return new NidifyError({
      code: 'flake-unlocked',
      message: `flake.lock does not pin the input ${missing[1]}: nothing is fetched whose hash is not known`,
      hint: '`nix flake lock` pins it; commit flake.lock.',
      exitCode: ExitCode.unserved,
    });
  }
  if (text.includes('nidify: the flake has no such attribute')) {
    return new NidifyError({
      code: 'flake-attribute-missing',
      message: `the flake has none of ${paths.map((each) => each.join('.')).join(', ')}`,
      hint: '--attribute names another.',
      exitCode: ExitCode.unserved,
    });
  }
  if (text.includes('nidify: the attribute is no derivation')) return noDerivation();
  if (/out of memory|std::bad_alloc|cannot allocate memory/i.test(text))
    return tooMuchMemory({ memoryBytes: null });
  const refusal =
    /import[\s-]from[\s-]derivation|(forbidden|not allowed) in (pure|restricted)|in pure eval(uation)? mode/i;
  if (!refusal.test(text)) return nixFailure('evaluating the flake', log);
  const said =
    log
      .errors()
      .filter((line) => refusal.test(line))
      .at(-1) ?? '';
  return new NidifyError({
    code: 'flake-refused',
    message: `evaluating the flake was refused: ${said
      .trim()
      .replace(/^error:\s*/, '')
      .slice(0, 400)}`,
    hint: 'It may read its own files and its locked inputs: nothing else of this machine, no variable, and it may build nothing while it is evaluated. `nix build` of your own has fewer bounds.',
    exitCode: ExitCode.refused,
  });
}

function noDerivation(): NidifyError {
  return new NidifyError({
    code: 'flake-attribute-missing',
    message: 'the attribute of the flake is nothing that can be built',
    hint: 'Name a package or a shell with --attribute.',
    exitCode: ExitCode.unserved,
  });
}

/** All outputs of a derivation, as `nix build` takes it since 2.15; before, its path meant them. */
function outputsOf(derivation: string, version: string): string {
  return byNumbers(version, '2.15') >= 0 ? `${derivation}^*` : derivation;
}

/** Toolchains from devcontainer features: https://containers.dev/implementors/features/ */
import { append } from '../append.ts';
import { finding, merged } from './context.ts';
import type { Container, Finding, Library, PackageManager, Tool, Toolchain } from './schema.ts';

type Feature = NonNullable<Container['features']>[number];
type Options = Feature['options'];

/** What the features have to serve. */
export interface Served {
  toolchains: readonly Toolchain[];
  packageManagers: readonly PackageManager[];
  libraries: readonly Library[];
  tools: readonly Tool[];
}

interface Offer {
  /** With the major version of the feature. */
  feature: string;
  /** Parts of a version that the feature's own search of releases goes by. */
  parts: number;
  /** Parts that a version must have: `8` is `8.0` there. */
  least: number;
  /** Options beside `version`, where no package manager asks for more. */
  options: Options;
  /** It gives the container the call ptrace and takes its seccomp profile away, for debuggers. */
  isUnconfined: boolean;
}

const offer = (name: string, options: Options = {}, more: Partial<Offer> = {}): Offer => ({
  feature: `ghcr.io/devcontainers/features/${name}`,
  parts: 3,
  least: 1,
  options,
  isUnconfined: false,
  ...more,
});

/** By toolchain: options as https://github.com/devcontainers/features documents them. */
const offers: Readonly<Record<string, Offer>> = {
  node: offer('node:2', { pnpmVersion: 'none' }),
  python: offer('python:1', { installTools: false }),
  go: offer('go:1', {}, { isUnconfined: true }),
  rust: offer('rust:1', {}, { isUnconfined: true }),
  ruby: offer('ruby:2'),
  php: offer('php:1', { installComposer: false }),
  // SDKMAN names each distribution's builds differently: the newest of a major version.
  java: offer('java:1', {}, { parts: 1 }),
  // "X.Y" or "X.Y.Z": https://github.com/devcontainers/features/tree/main/src/dotnet
  dotnet: offer('dotnet:2', {}, { least: 2 }),
};

/** By package manager: the toolchain whose feature brings it, and how it is asked. */
/** `besides`: nixpkgs has it with the toolchain, the feature has not. */
const managers: Readonly<
  Record<string, { of: string; besides?: true; ask: (version: string, before: Options) => Options }>
> = {
  npm: { of: 'node', ask: (npmVersion) => ({ npmVersion }) },
  pnpm: { of: 'node', ask: (pnpmVersion) => ({ pnpmVersion }) },
  // Corepack, which the feature switches on, takes the version of package.json.
  yarn: { of: 'node', ask: () => ({}) },
  composer: { of: 'php', besides: true, ask: () => ({ installComposer: true }) },
  gradle: { of: 'java', ask: (gradleVersion) => ({ installGradle: true, gradleVersion }) },
  maven: { of: 'java', ask: (mavenVersion) => ({ installMaven: true, mavenVersion }) },
  ...Object.fromEntries(
    ['uv', 'poetry', 'pdm', 'pipenv', 'hatch'].map((name) => [
      name,
      {
        of: 'python',
        ask: (_: string, { toolsToInstall }: Options) => ({
          installTools: true,
          toolsToInstall: toolsToInstall === undefined ? name : `${toolsToInstall},${name}`,
        }),
      },
    ]),
  ),
};

const hint = 'Leave "toolchain" out of "container" in nidify.jsonc, or set it to "nix" (`--toolchain nix`).';

/**
 * The features that stand for a plan's toolchains and package managers, in their order; what no feature gives is a
 * finding.
 */
export function featuresOf(
  { toolchains, packageManagers, libraries, tools }: Served,
  findings: Finding[],
): Feature[] {
  const chosen = new Map<string, { offer: Offer; options: Options }>();
  const missing: { id: string; version: string | null; because: Finding['because'] }[] = [];
  for (const tool of toolchains) {
    const found = offers[tool.id];
    // One container has one version of each.
    if (found === undefined || chosen.has(tool.id)) missing.push(tool);
    else
      chosen.set(tool.id, { offer: found, options: { version: versionFor(tool, found), ...found.options } });
  }
  for (const manager of packageManagers) {
    const how = managers[manager.id];
    if (manager.bundledWith !== null && how?.besides !== true) continue;
    const host = how === undefined ? undefined : chosen.get(how.of);
    if (how === undefined || host === undefined) missing.push(manager);
    else host.options = { ...host.options, ...how.ask(numbersOf(manager.version, 3), host.options) };
  }
  append(findings, missing.map(notOffered));
  const composed = toolchains.filter(({ extensions = [] }) => extensions.length > 0);
  append(findings, composed.map(withoutExtensions));
  const native = [...libraries, ...tools.filter(({ because }) => because.length > 0)];
  if (native.length > 0) findings.push(withoutNative(native));
  const unconfined = [...chosen].filter(([, { offer }]) => offer.isUnconfined).map(([id]) => id);
  if (unconfined.length > 0) findings.push(widening(unconfined));
  return [...chosen.values()].map(({ offer, options }) => ({ id: offer.feature, options }));
}

function versionFor({ version }: Toolchain, { parts, least }: Offer): string {
  const numbers = numbersOf(version, parts);
  const missing = /^\d/.test(numbers) ? least - numbers.split('.').length : 0;
  return numbers + '.0'.repeat(Math.max(0, missing));
}

/** Releases are named by up to three numbers; what nobody asked for is the newest. */
function numbersOf(version: string | null, parts: number): string {
  const { numbers, rest = '' } =
    /^(?<numbers>\d+(?:\.\d+){0,2})(?<rest>.*)/.exec(version ?? '')?.groups ?? {};
  if (numbers === undefined) return 'latest';
  // Of what is before a release, such as 3.14.0rc1, the line is known.
  return numbers
    .split('.')
    .slice(0, rest === '' ? parts : Math.min(parts, 2))
    .join('.');
}

function notOffered({ id, version, because }: Pick<Toolchain, 'id' | 'version' | 'because'>): Finding {
  const named = version === null ? id : `${id} ${version}`;
  const why =
    offers[id] === undefined ? 'no devcontainer feature gives it' : 'a feature gives one version only';
  return finding('feature-missing', 'warning', `${named} is not in the container: ${why}`, hint, because);
}

function withoutExtensions({ id, extensions = [] }: Toolchain): Finding {
  return finding(
    'feature-extensions-missing',
    'warning',
    `the devcontainer feature of ${id} does not add extensions: ${extensions.map(({ name }) => name).join(', ')}`,
    hint,
    merged(...extensions.map(({ because }) => because)),
  );
}

function withoutNative(native: readonly (Library | Tool)[]): Finding {
  const names = [...new Set(native.map(({ attribute }) => attribute))];
  return finding(
    'feature-libraries-missing',
    'warning',
    `devcontainer features give no libraries and programs of nixpkgs: ${names.slice(0, 8).join(', ')}${
      names.length > 8 ? ` and ${names.length - 8} more` : ''
    }`,
    hint,
    merged(...native.map(({ because }) => because)),
  );
}

function widening(ids: readonly string[]): Finding {
  return finding(
    'feature-unconfined',
    'warning',
    `the devcontainer ${ids.length === 1 ? 'feature' : 'features'} of ${ids.join(' and ')} run the container without a seccomp profile and with SYS_PTRACE`,
    hint,
    [],
  );
}

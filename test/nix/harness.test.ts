import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ChannelSet,
  describeNix,
  flakeLock,
  lockedAs,
  type NixVersion,
  nix,
  prepareChannel,
  testCatalogueFacts,
} from './harness.ts';

const example = fileURLToPath(new URL('../channel/example/', import.meta.url));

describeNix('the stand-in for nixpkgs', (nixes) => {
  let work: string;
  let project: string;

  beforeAll(async () => {
    work = mkdtempSync(path.join(tmpdir(), 'nidify-harness-'));
    project = path.join(work, 'project');
    cpSync(example, project, { recursive: true });
    const lock = flakeLock({ nixpkgs: await lockedAs() }, { nixpkgs: 'nixos-26.05' });
    writeFileSync(path.join(project, 'flake.lock'), lock);
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  for (const version of nixes) {
    // What compile.sh prints in each of the environments of the example.
    const compiled = /^1\.3\.1\nOpenSSL 3\.\S+ .*\nit's "here": \$HOME `id` \\ ä\nand here\|it's "here"/;
    const compile = (tag: string) => [
      'sh',
      path.join(project, 'compile.sh'),
      project,
      path.join(work, `${tag}-${version.version}`),
    ];

    test(`Nix ${version.version}: nix develop compiles native modules, and leaves the lock alone`, async () => {
      const before = readFileSync(path.join(project, 'flake.lock'), 'utf8');
      const { stdout, stderr } = await nix(version, [
        'develop',
        `path:${project}`,
        '-c',
        ...compile('develop'),
      ]);
      expect(stdout, stderr).toMatch(compiled);
      expect(readFileSync(path.join(project, 'flake.lock'), 'utf8')).toBe(before);
    });

    test(`Nix ${version.version}: activate compiles them in a clean POSIX shell`, async () => {
      const built = await build(version, project, 'environment');
      const script = `set -eu; . ${built}/activate; ${compile('activate').join(' ')}`;
      const { stdout } = await execa('sh', ['-c', script], {
        env: { HOME: work, PATH: '/usr/bin:/bin' },
        extendEnv: false,
      });
      expect(stdout).toMatch(compiled);
    });

    test(`Nix ${version.version}: a sandboxed build compiles them, with nothing but the environment`, async () => {
      writeFileSync(path.join(project, 'sandboxed.nix'), sandboxed);
      const { stdout, stderr } = await nix(version, ['sandboxed.nix', '--no-out-link'], {
        program: 'nix-build',
        cwd: project,
      });
      const output = stdout.trim();
      expect(output, stderr).toMatch(/^\/nix\/store\//);
      expect(readFileSync(path.join(output, 'printed'), 'utf8')).toMatch(compiled);
    });

    test(`Nix ${version.version}: nix-shell finds its nixpkgs in flake.lock`, async () => {
      const { stdout, stderr } = await nix(version, ['--run', 'node --version; echo "$HOOKED" | head -n 1'], {
        program: 'nix-shell',
        cwd: project,
      });
      expect(stdout, stderr).toMatch(/^v22\.\S+\nit's "here": \$HOME `id` \\ ä$/);
    });

    test(`Nix ${version.version}: activate has what nix develop has`, async () => {
      const built = await build(version, project, 'environment');
      const developed = await variablesOf(['develop', `path:${project}`, '-c'], version);
      const { stdout } = await execa('/bin/sh', ['-c', `. ${built}/activate; exec env -0`], {
        env: { PATH: '' },
        extendEnv: false,
      });
      const activated = parseVariables(stdout);
      const different = [...developed.keys(), ...activated.keys()].filter(
        (name) => normalize(developed.get(name)) !== normalize(activated.get(name)),
      );
      expect(different.filter((name) => !ofTheBuild.has(name))).toEqual([]);
      for (const name of ['CC', 'GREETING', 'HOOKED', 'LD_LIBRARY_PATH', 'PKG_CONFIG_PATH'])
        expect(activated.get(name), name).toBeTruthy();
    });

    test(`Nix ${version.version}: insecure, unfree, removed and unknown packages are refused`, async () => {
      const refusals = {
        nodejs_18: /Package ‘nodejs-18\.\S+’ in \S+ is marked as insecure, refusing to evaluate/,
        unrar:
          /Package ‘unrar-\S+’ in \S+ has an unfree license \(‘unfreeRedistributable’\), refusing to evaluate/,
        nodejs_16: /'nodejs_16' has been removed/,
        nodejs_99: /attribute 'nodejs_99' missing/,
      };
      for (const [attribute, message] of Object.entries(refusals)) {
        const { exitCode, stderr } = await evaluate(version, `(import channel { }).${attribute}.outPath`);
        expect(exitCode).not.toBe(0);
        expect(stderr).toMatch(message);
      }
    });

    test(`Nix ${version.version}: predicates permit by name, aliases can be off`, async () => {
      const permitted = `config = { allowInsecurePredicate = p: p.pname == "nodejs"; allowUnfreePredicate = p: p.pname == "unrar"; };`;
      for (const attribute of ['nodejs_18', 'unrar']) {
        const { stdout } = await evaluate(version, `(import channel { ${permitted} }).${attribute}.outPath`);
        expect(stdout).toMatch(/^"\/nix\/store\//);
      }
      const other = await evaluate(
        version,
        `(import channel { config.allowInsecurePredicate = p: p.pname == "other"; }).nodejs_18.outPath`,
      );
      expect(other.stderr).toContain('marked as insecure');
      const aliases = await evaluate(
        version,
        `let has = config: (import channel { inherit config; }) ? nodejs_latest; in [ (has { }) (has { allowAliases = false; }) ]`,
      );
      expect(aliases.stdout).toBe('[ true false ]');
    });
  }

  test('the example can be evaluated for all its systems, and its image is made of the environment', async () => {
    const version = nixes.at(-1) as NixVersion;
    const check = await nix(version, ['flake', 'check', '--no-build', '--all-systems', `path:${project}`]);
    expect(check.exitCode, check.stderr).toBe(0);
    const environment = await build(version, project, 'environment');
    const stream = await build(version, project, 'image.stream');
    const archive = path.join(work, 'image');
    mkdirSync(archive);
    await execa('sh', ['-c', `${stream} | tar -x -C ${archive} --wildcards '*.json'`]);
    const [manifest] = JSON.parse(readFileSync(path.join(archive, 'manifest.json'), 'utf8'));
    const { config } = JSON.parse(readFileSync(path.join(archive, manifest.Config), 'utf8'));
    expect(manifest.RepoTags).toEqual(['example:environment']);
    expect(config.Entrypoint).toEqual([`${environment}/bin/enter`]);
  });

  test('the old channel has other versions under its own names', async () => {
    const [current, old] = await Promise.all([testCatalogueFacts('current'), testCatalogueFacts('old')]);
    expect(current.nodejs_18).toMatchObject({ pname: 'nodejs', insecure: true });
    expect(old.nodejs_18).toMatchObject({ pname: 'nodejs', insecure: false });
    expect(current.python313?.version).toMatch(/^3\.13\./);
    expect(old.python311?.version).toMatch(/^3\.11\./);
    expect(current.unrar?.unfree).toBe(true);
    expect([old.nodejs_22, old.python313, old.libpq]).toEqual([undefined, undefined, undefined]);
  });

  async function evaluate(version: NixVersion, expression: string, set: ChannelSet = 'current') {
    const { storePath } = await prepareChannel(set);
    return nix(version, ['--eval', '--strict', '-E', `let channel = ${storePath}; in ${expression}`], {
      program: 'nix-instantiate',
    });
  }
});

const sandboxed = `
let
  inherit (import ./shell.nix { }) packages;
in
derivation {
  name = "compiled";
  system = builtins.currentSystem;
  builder = "\${packages.environment}/bin/enter";
  args = [ "sh" "-c" "mkdir $out; sh \${./.}/compile.sh \${./.} $TMPDIR/work > $out/printed" ];
}
`;

// Variables that say something of one build, or of the shell that nix develop starts.
const ofTheBuild = new Set(
  (
    'HOME HOST_PATH IN_NIX_SHELL NIX_BUILD_CORES NIX_GCROOT NIX_BUILD_TOP NIX_ENFORCE_PURITY NIX_LOG_FD OLDPWD PWD SHELL SHLVL TEMP TEMPDIR ' +
    'TERM TMP TMPDIR TZ _ __structuredAttrs buildInputs buildPhase builder cmakeFlags configureFlags depsBuildBuild ' +
    'depsBuildBuildPropagated depsBuildTarget depsBuildTargetPropagated depsHostHost depsHostHostPropagated depsTargetTarget ' +
    'depsTargetTargetPropagated doCheck doInstallCheck dontAddDisableDepTrack hardeningDisable mesonFlags name nativeBuildInputs ' +
    'out outputs patches phases preferLocalBuild propagatedBuildInputs propagatedNativeBuildInputs shell shellHook stdenv ' +
    'strictDeps system LINES COLUMNS NIX_CONFIG NIX_CONF_DIR NIX_USER_CONF_FILES NIX_BUILD_SHELL USER LANG XDG_CACHE_HOME ' +
    'XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME NIX_SSL_CERT_FILE SSL_CERT_FILE PS4'
  ).split(' '),
);

// Each build has an output of its own, which is in the seed of random names and in a run-time path.
function normalize(value: string | undefined): string | undefined {
  return value
    ?.replace(/-frandom-seed=\w+/, '')
    .replace(/-rpath \S+\/outputs\/out\/lib/, '')
    .replace(/:$/, '')
    .trim();
}

async function variablesOf(command: string[], version: NixVersion): Promise<Map<string, string>> {
  // nix develop puts its PATH before the caller's: an empty one shows its own
  const { stdout } = await nix(version, [...command, 'env', '-0'], { env: { PATH: '' } });
  return parseVariables(stdout);
}

function parseVariables(text: string): Map<string, string> {
  const entries = text.split('\0').filter(Boolean);
  return new Map(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

async function build(version: NixVersion, project: string, output: string): Promise<string> {
  // Nix 2.8 knows no --print-out-paths
  const { stdout, stderr } = await nix(version, [
    'build',
    '--no-link',
    '--json',
    `path:${project}#${output}`,
  ]);
  expect(stdout, stderr).toMatch(/^\[\{/);
  return JSON.parse(stdout)[0].outputs.out;
}

/** A repository's own flake: what it may do while it is evaluated and built, and what it may not. */
import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { defaultNixSettings, type NixSettings } from '../../src/build/nix.ts';
import {
  attributePathOf,
  type BuiltFlake,
  buildOwnFlake,
  type OwnFlakeOptions,
  previewOwnFlake,
} from '../../src/build/own-flake.ts';
import { buildPreviewSchema, buildResultSchema } from '../../src/cli/results/index.ts';
import { lockFile, lockOf } from '../../src/lock/make.ts';
import { lockFileName } from '../../src/lock/types.ts';
import type { Input } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { describeNix, everyNix, flakeLock, lockedAs, type NixVersion, nixEnvironment } from './harness.ts';
import { failure } from './scripted.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

type Files = Record<string, string>;

/** A derivation that runs a script of the sandbox's /bin/sh. */
const derivation = (script: string, more = '') =>
  `derivation { name = "own"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ${JSON.stringify(script)} ]; ${more} }`;

const flake = (outputs: string, more = '') => ({
  'flake.nix': `{ ${more} outputs = { self, ... }@inputs: { ${outputs} }; }\n`,
});
const packaged = (value: string, more = '') => flake(`packages.x86_64-linux.default = ${value};`, more);

describeNix(
  "a repository's own flake",
  (nixes) => {
    const storage = realpathSync(mkdtempSync(path.join(tmpdir(), 'nidify-own-flake-')));
    const before = { ...process.env };
    let input: Input;
    let count = 0;

    beforeAll(async () => {
      const empty = path.join(storage, 'empty');
      mkdirSync(empty);
      const { nixpkgs } = await analyze(empty, { catalogue: await standInCatalogue() });
      input = nixpkgs[0] as Input;
    });
    afterEach(() => {
      process.env = { ...before };
    });
    afterAll(() => rmSync(storage, { recursive: true, force: true }));

    async function use(version: NixVersion, conf: Record<string, string> = {}): Promise<void> {
      process.env = { ...(await nixEnvironment(version, conf)) };
    }

    function put(folder: string, files: Files): void {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
    }

    /** A repository whose files Git tracks. */
    async function repository(files: Files): Promise<string> {
      const folder = path.join(storage, `repository-${count++}`);
      put(folder, files);
      await execa('git', ['init', '-q'], { cwd: folder });
      await execa('git', ['add', '.'], { cwd: folder });
      return folder;
    }

    function options(
      folder: string,
      settings: Partial<NixSettings> = {},
      attribute?: string,
    ): OwnFlakeOptions {
      return {
        repository: folder,
        attribute: attribute === undefined ? null : attributePathOf(attribute),
        input,
        settings: { ...defaultNixSettings, timeoutMs: 120_000, ...settings },
        mirror: null,
      };
    }

    async function run(
      files: Files,
      settings?: Partial<NixSettings>,
      attribute?: string,
    ): Promise<BuiltFlake> {
      return buildOwnFlake(options(await repository(files), settings, attribute));
    }

    const content = ({ storePath }: BuiltFlake) => readFileSync(storePath, 'utf8').trim();

    async function locked(): Promise<string> {
      return flakeLock({ nixpkgs: await lockedAs() }, { nixpkgs: 'nixos-26.05' });
    }

    for (const version of nixes) {
      describe(`with Nix ${version.version}`, () => {
        test('is built with its locked inputs, and the next run finds it', async () => {
          await use(version);
          const folder = await repository({
            'flake.nix': `{
              inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
              outputs = { self, nixpkgs }:
                let pkgs = import nixpkgs { system = "x86_64-linux"; };
                in { packages.x86_64-linux.default = pkgs.runCommand "own" { } "cat \${./words} > $out; \${pkgs.jq}/bin/jq --version >> $out"; };
            }\n`,
            'flake.lock': await locked(),
            // Never built before, on whatever store.
            words: `of its own, with ${version.version}, ${randomUUID()}\n`,
          });
          const built = await buildOwnFlake(options(folder));
          expect(content(built)).toMatch(/^of its own, with [\d.]+, \S+\njq-/);
          expect(built).toMatchObject({ name: 'packages.x86_64-linux.default', isRemembered: false });
          expect(built.proof).toMatchObject({ sandbox: 'held', here: true, control: 'refused' });
          expect(realpathSync(built.root)).toBe(built.storePath);
          expect(built.origins).toContainEqual({
            kind: 'built',
            derivation: built.derivation,
            machine: null,
          });
          expect(await buildOwnFlake(options(folder))).toMatchObject({
            storePath: built.storePath,
            isRemembered: true,
          });
          expect(readdirSync(folder).sort()).toEqual(['.git', 'flake.lock', 'flake.nix', 'words']);
          put(folder, { words: 'changed\n' });
          expect(content(await buildOwnFlake(options(folder)))).toMatch(/^changed\n/);
        });

        test('has attributes: what is named, and the shell where there is no package', async () => {
          await use(version);
          const files = flake(
            `devShells.x86_64-linux.default = ${derivation('echo shell > $out')}; checks."a.b" = ${derivation('echo check > $out')}; packages.x86_64-linux.tool = ${derivation('echo lib > $lib; echo tool > $bin', 'outputs = [ "bin" "lib" ];')};`,
          );
          expect(content(await run(files))).toBe('shell');
          expect(content(await run(files, {}, 'checks."a.b"'))).toBe('check');
          const tool = await run(files, {}, '.#tool');
          expect(content(tool)).toBe('tool');
          expect(realpathSync(tool.root)).toBe(tool.storePath);
          expect(await failure(run(files, {}, 'nothing'))).toMatchObject({
            code: 'flake-attribute-missing',
            exitCode: 3,
          });
          const shown = await previewOwnFlake(options(await repository(files), {}, 'tool'));
          expect(shown).toMatchObject({ attribute: 'packages.x86_64-linux.tool', preview: { fetch: [] } });
        });

        test('fetches nothing that its lock does not pin', async () => {
          await use(version);
          const files = flake(
            `packages.x86_64-linux.default = ${derivation('echo > $out')};`,
            'inputs.other.url = "github:example/other";',
          );
          const unlocked = { code: 'flake-unlocked', exitCode: 3 };
          expect(await failure(run(files))).toMatchObject(unlocked);
          expect(await failure(run({ ...files, 'flake.lock': await locked() }))).toMatchObject(unlocked);
        });

        test('builds nothing while it is evaluated', async () => {
          await use(version);
          const inner = derivation('echo \'"x"\' > $out');
          const error = await failure(
            run(packaged(derivation('echo > $out', `more = import ${`(${inner})`};`))),
          );
          expect(error).toMatchObject({ code: 'flake-refused', exitCode: 6 });
        });

        test.each([
          ['a file of this machine', 'builtins.readFile /etc/passwd'],
          ['a link to one', 'builtins.readFile ./link'],
          [
            'the network',
            'builtins.readFile (builtins.fetchurl { url = "http://127.0.0.1:9/"; sha256 = "0000000000000000000000000000000000000000000000000000"; })',
          ],
          [
            'a folder of this machine, as a repository',
            'fetchGit { url = "file://FOLDER"; rev = "0a044a4a11deb9b6f49e9200c5f5dcd3a4307e6c"; }',
          ],
          ['the time', 'toString builtins.currentTime'],
        ])('reads only what it is given: not %s', async (_, expression) => {
          await use(version);
          const folder = await repository(
            packaged(derivation('echo $more > $out', `more = ${expression.replace('FOLDER', storage)};`)),
          );
          await execa('ln', ['-s', '/etc/passwd', 'link'], { cwd: folder });
          await execa('git', ['add', '.'], { cwd: folder });
          const error = await failure(buildOwnFlake(options(folder)));
          expect([5, 6]).toContain(error.exitCode);
          expect(error.message).toMatch(/forbidden|pure|currentTime|not allowed|restricted/);
        });

        test('has no variable of the caller', async () => {
          await use(version);
          process.env.NIX_PATH = 'secret=/etc';
          const more = 'more = "<" + builtins.getEnv "HOME" + builtins.toJSON builtins.nixPath + ">";';
          expect(content(await run(packaged(derivation('echo "$more" > $out', more))))).toBe('<[]>');
        });

        test('copies no folder of this machine into the store, whatever hash it names', async () => {
          await use(version);
          const secret = path.join(storage, `secret-${count++}`);
          put(secret, { 'flake.nix': `{ outputs = _: { }; } # ${secret}\n` });
          const hash = `sha256-${'A'.repeat(43)}=`;
          for (const expression of [
            `builtins.fetchTree { type = "path"; path = "${secret}"; narHash = "${hash}"; }`,
            `builtins.getFlake "path:${secret}?narHash=${encodeURIComponent(hash)}"`,
            `fetchTarball { url = "file://${secret}"; sha256 = "${hash}"; }`,
          ]) {
            const error = await failure(
              run(packaged(derivation('echo > $out', `more = "\${${expression}}";`))),
            );
            expect([5, 6]).toContain(error.exitCode);
          }
          const { stdout } = await execa('grep', ['-rls', '--include=flake.nix', secret, '/nix/store'], {
            reject: false,
          });
          // The flakes that name it are there, and it is not.
          for (const file of stdout.split('\n').filter((each) => each !== '')) {
            expect(readFileSync(file, 'utf8')).not.toMatch(/# \/.*secret/);
          }
        });

        test('changes no setting of Nix', async () => {
          await use(version);
          const asked = `nixConfig = { sandbox = false; extra-sandbox-paths = [ "${storage}" ]; allow-import-from-derivation = true; post-build-hook = "${storage}/hook"; };`;
          put(storage, { hook: `#!/bin/sh\ntouch ${storage}/hooked\n` });
          await execa('chmod', ['+x', 'hook'], { cwd: storage });
          // What was answered `always` to an earlier question of Nix is obeyed without asking again.
          const trusted = path.join(process.env.XDG_DATA_HOME ?? '', 'nix');
          put(trusted, {
            'trusted-settings.json': JSON.stringify({
              sandbox: { false: true },
              'extra-sandbox-paths': { [storage]: true },
              'post-build-hook': { [`${storage}/hook`]: true },
            }),
          });
          const script = `if [ -e ${storage} ]; then echo open; else echo closed; fi > $out`;
          try {
            expect(content(await run(packaged(derivation(script), asked)))).toBe('closed');
          } finally {
            rmSync(path.join(trusted, 'trusted-settings.json'));
          }
          expect(readdirSync(storage)).not.toContain('hooked');
        });

        test('gets no token by a derivation that may have the network', async () => {
          await use(version, { 'access-tokens': 'github.com=token-of-mine' });
          const fixed =
            'impureEnvVars = [ "NIX_CONFIG" ]; outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "<>";';
          const script = 'printf "<%s>" "$NIX_CONFIG" > $out';
          expect(content(await run(packaged(derivation(script, fixed))))).toBe('<>');
        });

        test('that is evaluated for ever is ended', async () => {
          await use(version);
          const loop =
            "let f = n: builtins.foldl' (sum: _: if n == 0 then sum else f (n - 1)) 0 (builtins.genList (x: x) 1000); in f 10";
          const error = await failure(
            run(packaged(derivation('echo > $out', `more = toString (${loop});`)), { timeoutMs: 3000 }),
          );
          expect(error).toMatchObject({ code: 'build-timed-out', exitCode: 5 });
        });

        test('that takes more memory than it may is ended', async () => {
          await use(version);
          const grow =
            "builtins.length (builtins.foldl' (list: _: list ++ list) [ 1 2 ] (builtins.genList (x: x) 40))";
          const error = await failure(
            run(packaged(derivation('echo > $out', `more = toString (${grow});`)), {
              memoryBytes: 256 * 1024 ** 2,
            }),
          );
          expect(error).toMatchObject({ code: 'evaluation-memory', exitCode: 5 });
        });

        test('is what Git tracks: nothing else comes into the store', async () => {
          await use(version);
          const folder = await repository({
            ...packaged(
              derivation(
                'echo $files > $out',
                'files = toString (builtins.attrNames (builtins.readDir ./.));',
              ),
            ),
            tracked: 'before\n',
          });
          const secret = `TOKEN=${path.basename(folder)}-${version.version}-${process.pid}`;
          put(folder, { '.env': secret, 'node_modules/x/index.js': secret, tracked: 'after\n' });
          const built = await buildOwnFlake(options(folder));
          expect(content(built)).toBe('flake.nix tracked');
          const { exitCode } = await execa('grep', ['-rqs', '--include=.env', secret, '/nix/store'], {
            reject: false,
          });
          expect(exitCode).toBe(1);
        });
      });
    }

    test('is built by the command, which says what it was', async () => {
      const version = nixes.at(-1) as NixVersion;
      const folder = await repository(packaged(derivation('echo command > $out')));
      const plan = await analyze(folder, { catalogue: await standInCatalogue() });
      const files = await render(plan);
      writeFileSync(path.join(folder, lockFileName), lockFile(lockOf(plan, files)).text);
      const nidify = async (...args: string[]) => {
        const { stdout, exitCode } = await execa(process.execPath, [cli, 'build', '--json', ...args], {
          cwd: folder,
          env: await nixEnvironment(version),
          extendEnv: false,
          reject: false,
        });
        return { exitCode, result: JSON.parse(stdout) };
      };
      const attest = path.join(storage, 'statement.json');
      const { exitCode, result } = await nidify('--own-flake', '--attest', attest);
      expect(buildResultSchema.parse(result)).toMatchObject({
        ownFlake: true,
        environment: 'packages.x86_64-linux.default',
        sandbox: { held: true },
      });
      expect(exitCode).toBe(0);
      expect(JSON.parse(readFileSync(attest, 'utf8'))).toMatchObject({
        subject: [{ name: result.storePath }],
        predicate: { planDigest: null, sourceHash: expect.stringMatching(/^sha256-/) },
      });
      const shown = await nidify('--own-flake', '--dry-run');
      expect(buildPreviewSchema.parse(shown.result)).toMatchObject({ ownFlake: true, dryRun: true });
      for (const args of [
        ['--attribute', 'x'],
        ['--own-flake', '--trust-files'],
        ['--own-flake', '--attribute', '-x'],
      ]) {
        expect(await nidify(...args)).toMatchObject({ exitCode: 2, result: { error: { code: 'usage' } } });
      }
    });
  },
  everyNix,
);

import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folder, nidify, run } from './nidify.ts';

/** A nixpkgs of a few attributes that look like packages: what evaluation sees, nothing that builds. */
const nixpkgs = `{
  system,
  config,
  overlays,
  crossOverlays,
}:
let
  package = pname: version: {
    inherit pname version;
    name = "\${pname}-\${version}";
    type = "derivation";
    drvPath = "/nix/store/\${pname}";
  };
  refused = package "refused" "1" // { drvPath = throw "refused"; };
  packages = {
    bashInteractive = package "bash" "5.3";
    cacert = package "nss-cacert" "3.1";
    nixfmt = package "nixfmt" "1.2";
    nixfmt-rfc-style = package "nixfmt" "1.2";
    nixfmt-tree = package "nixfmt-tree" "1.2";
    nodejs_22 = if builtins.elem "@MARK@" [ "refuse" ] then refused else package "nodejs" "22.99.1";
  };
in
(if "@MARK@" == "drop" then builtins.removeAttrs packages [ "nodejs_22" ] else packages)
// (if config.allowAliases or true then { nodejs_22 = package "alias" "0"; } else { })
`;

const rev = 'ab'.repeat(20);
const programs = [
  ...(process.env.PATH ?? '').split(':'),
  path.join(homedir(), '.cache/nidify-tests/nix/forky/bin'),
];
const installed = programs.filter((bin) => existsSync(path.join(bin, 'nix-instantiate')));
const nixes = [...new Set(installed.map((bin) => realpathSync(bin)))];

function canUseStore(): boolean {
  try {
    accessSync('/nix/store', constants.W_OK);
    return true;
  } catch {
    return existsSync('/nix/var/nix/daemon-socket/socket');
  }
}

const isMissing = nixes.length === 0 || !canUseStore();
if (isMissing && process.env.CI) throw new Error('Nix is not there: run scripts/test-tools/install.mjs');

describe.skipIf(isMissing).each(nixes)('update with %s', (bin) => {
  let server: Server;
  let address: string;
  let archive: Buffer;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url?.endsWith('/git-revision') === true) response.end(rev);
      else if (request.url === `/archive/${rev}.tar.gz`) response.end(archive);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const found = server.address();
    address = typeof found === 'object' && found !== null ? `http://127.0.0.1:${found.port}` : '';
  });
  afterAll(() => {
    server.close();
  });

  async function prepare(mark: string) {
    const cwd = folder({
      'repository/.nvmrc': '22\n',
      'repository/package.json': '{}\n',
      [`source/nixpkgs-${rev}/default.nix`]: nixpkgs.replaceAll('@MARK@', mark),
      'conf/nix.conf': 'build-users-group =\nsubstituters =\n',
    });
    const args = ['--mtime=@1787654321', '-czf', 'archive.tar.gz', '-C', 'source', `nixpkgs-${rev}`];
    expect(await run('tar', args, { cwd })).toMatchObject({ exitCode: 0 });
    archive = readFileSync(path.join(cwd, 'archive.tar.gz'));
    const env = {
      PATH: `${bin}:${process.env.PATH}`,
      NIX_CONF_DIR: path.join(cwd, 'conf'),
      NIDIFY_CHANNELS_URL: address,
      NIDIFY_TARBALL_URL: `${address}/archive`,
    };
    return { cwd: path.join(cwd, 'repository'), env };
  }

  test('moves the pin, and the next generate keeps it', async () => {
    const options = await prepare('ok');
    expect(await nidify([], options)).toMatchObject({ exitCode: 0 });
    const updated = await nidify(['update'], options);
    expect(updated.stderr).not.toContain('error');
    expect(updated.exitCode).toBe(0);
    const lock = readFileSync(path.join(options.cwd, 'nidify.lock'), 'utf8');
    const { pins, lines } = JSON.parse(lock);
    expect(pins[0]).toMatchObject({ rev, lastModified: 1_787_654_321 });
    expect(lines[0]).toMatchObject({ key: 'node-22', version: '22.99.1', precision: 'exact' });
    const locked = JSON.parse(readFileSync(path.join(options.cwd, 'flake.lock'), 'utf8'));
    expect(locked.nodes.nixpkgs.locked).toMatchObject({ rev, narHash: pins[0].narHash });

    expect((await nidify([], options)).stdout).toContain('Every file is as it should be.');
    expect(readFileSync(path.join(options.cwd, 'nidify.lock'), 'utf8')).toBe(lock);
    expect(await nidify(['check'], options)).toMatchObject({ exitCode: 0 });
    const plan = JSON.parse((await nidify(['analyze', '--json'], options)).stdout);
    expect(plan.toolchains[0]).toMatchObject({ version: '22.99.1', precision: 'exact' });
  });

  test.each([
    ['drop', 'is not there any more'],
    ['refuse', 'is refused'],
  ])(
    'an attribute that the newest revision does not serve (%s): exit code 3, nothing changes',
    async (mark, text) => {
      const options = await prepare(mark);
      await nidify([], options);
      const before = readFileSync(path.join(options.cwd, 'nidify.lock'), 'utf8');
      const { exitCode, stderr } = await nidify(['update'], options);
      expect(exitCode).toBe(3);
      expect(stderr).toContain(`nodejs_22 ${text}`);
      expect(readFileSync(path.join(options.cwd, 'nidify.lock'), 'utf8')).toBe(before);
    },
  );
});

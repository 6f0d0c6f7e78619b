import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { containerClaims } from '../../../src/detect/containers/claims.ts';
import { manifestEndings, manifestNames } from '../../../src/detect/dependencies/claims.ts';
import { claimMatcher } from '../../../src/scan/claims.ts';
import { folderWith } from '../../support/folder.ts';

const pom =
  '<project><dependencies>\n<dependency><groupId>org.testcontainers</groupId><artifactId>kafka</artifactId></dependency></dependencies></project>';

describe('a repository', () => {
  it('is seen with everything that may say so', () => {
    const claim = claimMatcher([containerClaims]);
    const paths = [
      ...manifestNames,
      ...manifestEndings.map((ending) => `a/x${ending}`),
      'wrangler.dev.jsonc',
      'wrangler.dev.toml',
      'box/Dockerfile',
      'box/Dockerfile.dev',
      'scripts/test.sh',
      '.devcontainer/devcontainer.json',
      '.github/workflows/ci.yml',
      'supabase/config.toml',
      'dagger.json',
      'compose.yaml',
    ];
    expect(paths.filter((path) => claim(path) === null)).toEqual([]);
  });

  it('of a language that nidify does not serve yet still needs a container', async () => {
    const plan = await analyze(folderWith({ 'pom.xml': pom }));
    expect(plan.target).toMatchObject({
      kind: 'container',
      profile: 'rootless',
      because: [{ file: 'pom.xml', line: 2 }],
    });
    expect(plan.nestedContainers).toMatchObject([{ kind: 'testcontainers' }]);
  });

  it('has only those scripts and workflows as inputs that gave evidence', async () => {
    const files = {
      'package.json': '{"scripts": {"test": "./test.sh"}}',
      'test.sh': 'docker run tests\n',
      'other.sh': 'true\n',
      Dockerfile: 'FROM scratch\n',
      '.github/workflows/ci.yml': 'jobs: {}\n',
    };
    const plan = await analyze(folderWith(files));
    expect(plan.repository.inputs.map(({ path }) => path)).toEqual(['package.json', 'test.sh']);
    const changed = await analyze(folderWith({ ...files, 'other.sh': 'false\n' }));
    expect(changed).toEqual(plan);
  });

  it('is not stopped by files that only might have said something', async () => {
    const files = {
      'package.json': '{}',
      Dockerfile: '\0',
      'mix.lock.sh': '\0',
      'install.sh': Uint8Array.of(35, 33, 0, 255, 254),
      'Cargo.lock.toml': '= =',
      '.devcontainer/devcontainer.json': '{',
      '.github/workflows/ci.yml': 'jobs: [',
    };
    expect((await analyze(folderWith(files))).findings).toEqual([]);
  });

  it('gets what options and configuration say of engine and network', async () => {
    const folder = folderWith({
      'package.json': '{}',
      'pom.xml': pom,
      'nidify.jsonc': '{"container": {"profile": "sidecar", "network": {"build": "bridge"}}}',
    });
    expect((await analyze(folder)).target).toMatchObject({
      profile: 'sidecar',
      network: { build: 'bridge', run: 'bridge' },
    });
    expect((await analyze(folder, { profile: 'gvisor' })).target).toMatchObject({
      profile: 'gvisor',
      network: { build: 'bridge', run: 'host' },
    });
    expect((await analyze(folder, { target: 'nix' })).target.kind).toBe('nix');
  });
});

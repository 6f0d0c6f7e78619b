import { afterEach, describe, expect, it } from 'vitest';
import { type ImageArguments, image, requireLinux } from '../../src/cli/commands/image.ts';
import { stages } from '../../src/cli/stages.ts';
import { print } from '../../src/cli/terminal/text.ts';
import { sizeView } from '../../src/cli/views/image.ts';
import { planLayers } from '../../src/image/layers.ts';
import { defaultImageName, isLoopback, parseImageName, parseTo } from '../../src/image/references.ts';
import { fakeStore } from '../image/support.ts';
import { folderWith } from '../support/folder.ts';
import { capturedIo } from '../support/io.ts';
import { planOf } from '../support/plan.ts';

const before = process.env.PATH;
afterEach(() => {
  process.env.PATH = before;
});

async function refusal(args: ImageArguments): Promise<unknown> {
  const context = { io: capturedIo(), stages, base: folderWith(), quiet: true };
  return image(args, context).then(
    () => expect.fail('it was not refused'),
    (error) => error,
  );
}

describe('nidify image', () => {
  it.each<[string, ImageArguments, string]>([
    ['no destination', {}, 'not said where'],
    ['two destinations', { load: true, to: 'oci:image' }, 'one place'],
    ['an unknown kind of destination', { to: 'dir:image' }, 'not a destination'],
    ['a destination without a name', { to: 'oci:' }, 'not a destination'],
    ['a name in capitals', { load: true, tag: 'Shop' }, 'not the name'],
    ['an option in the name’s place', { push: '--help' }, 'not the name'],
    ['a transport in the name', { push: 'docker://example.com/x' }, 'not the name'],
    ['--insecure without a push', { load: true, insecure: true }, '--push'],
    ['one layer', { load: true, maxLayers: '1' }, '2 to 127'],
    ['too many layers', { load: true, maxLayers: '128' }, '2 to 127'],
    ['--check without a registry', { check: true }, '--registry'],
    ['--layers without a registry', { layers: 'repository' }, '--registry'],
    ['--prefix with another destination', { prefix: 'a', load: true }, '--registry'],
    ['a registry and another destination', { registry: 'example.com/a', load: true }, '--load'],
    ['a registry and a name', { registry: 'example.com/a', tag: 'x' }, '--tag'],
    ['a registry and edited files', { registry: 'example.com/a', trustFiles: true }, '--trust-files'],
    ['an unknown layer', { registry: 'example.com/a', layers: 'sources' }, 'no layer sources'],
    ['a layer without a name', { registry: 'example.com/a', layers: '' }, 'misses a name'],
    ['--against without --check', { registry: 'example.com/a', against: 'x' }, '--check'],
    ['--rebuild with --check', { registry: 'example.com/a', rebuild: true, check: true }, '--rebuild'],
    ['--allow-scripts without dependencies', { registry: 'example.com/a', allowScripts: true }, '--layers'],
    ['a registry without a host', { registry: 'team' }, 'not the name'],
    ['a registry with a scheme', { registry: 'https://example.com/a' }, 'not the name'],
    ['a registry with a password', { registry: 'me:secret@example.com/a' }, 'not the name'],
    ['a prefix in capitals', { registry: 'example.com', prefix: 'Shop' }, 'not the name'],
    ['a folder without a commit', { registry: 'example.com/a' }, 'commit'],
    ['--ref of a folder', { registry: 'example.com/a', ref: 'main' }, 'Git URL'],
  ])('refuses %s as wrong usage', async (_, args, text) => {
    const error = await refusal(args);
    expect(error).toMatchObject({ exitCode: 2 });
    expect(String(error)).not.toContain('secret');
    expect(`${String(error)} ${Reflect.get(error as object, 'hint')}`).toContain(text);
  });

  it('says that nothing needs an environment', async () => {
    expect(await refusal({ load: true })).toMatchObject({ exitCode: 3 });
  });

  it('says on macOS how to get a Linux builder', () => {
    expect(() => requireLinux('darwin')).toThrow(
      expect.objectContaining({ exitCode: 4, hint: expect.stringContaining('linux-builder') }),
    );
    expect(() => requireLinux('linux')).not.toThrow();
  });
});

describe('--explain-size', () => {
  it('tells the largest first, with what needs it', () => {
    const { closure } = fakeStore();
    expect(print(sizeView(closure, planLayers(closure, 2), 90), false).split('\n')).toEqual([
      '2.9 MiB in 3 store paths, unpacked:',
      '  2.9 MiB  99.9 %  bash-5.2  needed by shell-environment',
      '  2.4 KiB  0.1 %   glibc-2.40-66, and 1 smaller  needed by shell-environment, bash-5.2',
      'Store paths of a layer of their own are what other images can share.',
      '',
    ]);
  });
});

describe('names', () => {
  it('of destinations', () => {
    expect(parseTo('oci:out/image')).toEqual({ kind: 'oci', directory: 'out/image', tag: null });
    expect(parseTo('oci:out:1.0')).toEqual({ kind: 'oci', directory: 'out', tag: '1.0' });
    expect(parseTo('oci:a:b/c')).toEqual({ kind: 'oci', directory: 'a:b/c', tag: null });
    expect(parseTo('docker-archive:a:b.tar')).toEqual({ kind: 'docker-archive', file: 'a:b.tar' });
  });

  it('of images, completed with latest', () => {
    expect(parseImageName('shop', '--tag')).toEqual({ name: 'shop:latest', tag: 'latest' });
    expect(parseImageName('localhost:5000/a/b:1', '--tag')).toEqual({
      name: 'localhost:5000/a/b:1',
      tag: '1',
    });
    const plan = planOf();
    plan.repository.name = '@Team/Web shop!';
    expect(defaultImageName(plan).name).toBe('team-web-shop:latest');
    plan.repository.name = '店';
    expect(defaultImageName(plan).name).toBe('environment:latest');
  });

  it('of this machine', () => {
    for (const name of ['localhost/a', 'localhost:5000/a', '127.0.0.1:5000/a', '[::1]:5000/a']) {
      expect(isLoopback(name)).toBe(true);
    }
    for (const name of ['localhost.example.com/a', '127.0.0.1.example.com/a', '10.0.0.1/a', 'shop']) {
      expect(isLoopback(name)).toBe(false);
    }
  });
});

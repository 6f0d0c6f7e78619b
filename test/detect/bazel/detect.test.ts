import { describe, expect, it } from 'vitest';
import { detectBazel } from '../../../src/detect/bazel/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';
import { lines } from '../node/support.ts';

const toolchains = async (files: Record<string, string | null>) =>
  needsOf(await detectBazel(contextOf(files)), 'toolchain').map(({ id, requests }) => [
    id,
    requests.map(({ raw, scheme }) => `${raw} ${scheme}`).join(),
  ]);

describe('Bazel', () => {
  it('has the languages that rules name and sources are written in', async () => {
    const files = {
      WORKSPACE: lines(
        'workspace(name = "mono")',
        'http_archive(',
        '    name = "io_bazel_rules_go",  # http_archive(name = "rules_rust")',
        '    urls = ["https://example.com/rules_go.zip"],',
        ')',
        'maybe(http_archive, name = "rules_python")',
        'http_archive(name = "rules_jvm_external")',
        'go_register_toolchains(version = "1.22.5")',
      ),
      'go/main.go': '',
      'java/App.java': '',
      'tests/x.py': '',
      'native/lib.rs': '',
      '.bazelrc': lines('# build --java_language_version=11', 'build --jobs=4 --java_language_version=17'),
    };
    expect(await toolchains(files)).toEqual([
      ['go', '1.22.5 prefix'],
      ['java', '17 java-target'],
    ]);
    expect(onlyNeed(await detectBazel(contextOf(files)), 'project')).toMatchObject({
      name: 'mono',
      languages: ['go', 'java'],
    });
  });

  it('takes the toolchain that is the default of several', async () => {
    const module = lines(
      'bazel_dep(name = "rules_python", version = "1.2.0")',
      'python.toolchain(python_version = "3.10")',
      'python.toolchain(is_default = True, python_version = "3.12")',
      'python.toolchain(python_version = "3.13")',
    );
    expect(await toolchains({ 'MODULE.bazel': module, 'a/x.py': '' })).toEqual([['python', '3.12 prefix']]);
  });

  it.each(['$(id)', '1.2.3.4.5', 'latest', ''])('asks for no version where it says %j', async (version) => {
    const module = `bazel_dep(name = "rules_go")\ngo_sdk.download(version = "${version}")\n`;
    expect(await toolchains({ 'MODULE.bazel': module, 'a/x.go': '' })).toEqual([['go', '']]);
  });

  it('comes beside the manifest of a language only where a version of it is pinned', async () => {
    const files = { 'MODULE.bazel': 'bazel_dep(name = "rules_go")\n', 'go.mod': 'module x\n', 'x.go': '' };
    expect(await detectBazel(contextOf(files))).toEqual([]);
    expect(await detectBazel(contextOf({ ...files, '.bazelversion': '7.4.1\n' }))).toMatchObject([
      { kind: 'package-manager', id: 'bazel', requests: [{ raw: '7.4.1', scheme: 'prefix' }] },
    ]);
  });

  it('counts the outermost workspace, and none of an example', async () => {
    const needs = await detectBazel(
      contextOf({
        'mono/MODULE.bazel': '',
        'mono/inner/MODULE.bazel': '',
        'examples/a/MODULE.bazel': '',
        'third_party/b/WORKSPACE': '',
      }),
    );
    expect(needsOf(needs, 'project').map(({ path }) => path)).toEqual(['mono']);
  });

  it('is read in time whatever it holds', async () => {
    const start = performance.now();
    for (const text of [
      '('.repeat(400_000),
      'a('.repeat(200_000),
      '"'.repeat(400_000),
      'x = '.repeat(100_000),
    ]) {
      await detectBazel(contextOf({ 'MODULE.bazel': text }));
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

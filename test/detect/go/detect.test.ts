import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goClaims } from '../../../src/detect/go/claims.ts';
import { detectGo } from '../../../src/detect/go/detect.ts';
import { taskClaims } from '../../../src/detect/tasks/claims.ts';
import { fixtureContext } from '../../support/fixture.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';

const goMod = (...lines: string[]) => ['module example.com/shop', ...lines].join('\n');

async function requestsOf(files: Record<string, string | null>) {
  const { requests } = onlyNeed(await detectGo(contextOf(files)), 'toolchain');
  return requests.map(({ raw, scheme, because }) => `${raw} ${scheme} ${because.file}:${because.line}`);
}

describe('the version of Go', () => {
  it('is at least what the go line says', async () => {
    expect(await requestsOf({ 'go.mod': goMod('go 1.22') })).toEqual(['1.22 minimum go.mod:2']);
    expect(await requestsOf({ 'go.mod': goMod('', 'go 1.22.3') })).toEqual(['1.22.3 minimum go.mod:3']);
  });

  it('is at least that of the toolchain line, where that is newer', async () => {
    expect(await requestsOf({ 'go.mod': goMod('go 1.22', 'toolchain go1.23.4') })).toEqual([
      '1.23.4 minimum go.mod:3',
      '1.22 minimum go.mod:2',
    ]);
    expect(await requestsOf({ 'go.mod': goMod('go 1.24', 'toolchain go1.23.4') })).toEqual([
      '1.24 minimum go.mod:2',
      '1.23.4 minimum go.mod:3',
    ]);
    expect(await requestsOf({ 'go.mod': goMod('go 1.22', 'toolchain default') })).toEqual([
      '1.22 minimum go.mod:2',
    ]);
  });

  it('is the one that a version manager chooses', async () => {
    expect(await requestsOf({ 'go.mod': goMod('go 1.21'), '.go-version': '1.22.5\n' })).toEqual([
      '1.22.5 prefix .go-version:1',
      '1.21 minimum go.mod:2',
    ]);
    expect(await requestsOf({ 'go.mod': goMod(), '.go-version': '# note\n go1.22 # note\n' })).toEqual([
      '1.22 prefix .go-version:2',
    ]);
    expect(await requestsOf({ 'go.mod': goMod(), '.go-version': 'system' })).toEqual([]);
    expect(await requestsOf({ 'go.mod': goMod(), '.tool-versions': 'nodejs 22\ngolang 1.23.1\n' })).toEqual([
      '1.23.1 prefix .tool-versions:2',
    ]);
    expect(await requestsOf({ 'go.mod': goMod(), 'mise.toml': '[tools]\ngo = "1.24"\n' })).toEqual([
      '1.24 prefix mise.toml:2',
    ]);
  });

  it('is not that of a version manager where go.mod asks for a newer one: go would switch to it', async () => {
    expect(await requestsOf({ 'go.mod': goMod('go 1.23'), '.go-version': '1.21.0' })).toEqual([
      '1.23 minimum go.mod:2',
      '1.21.0 prefix .go-version:1',
    ]);
    // The line 1.23 has releases that are new enough.
    expect((await requestsOf({ 'go.mod': goMod('go 1.23.4'), '.go-version': '1.23' }))[0]).toBe(
      '1.23 prefix .go-version:1',
    );
  });

  it('is unknown where the go line is no version, and a finding says so', async () => {
    const needs = await detectGo(contextOf({ 'go.mod': goMod('go latest') }));
    expect(onlyNeed(needs, 'toolchain').requests).toEqual([]);
    expect(onlyNeed(needs, 'finding')).toMatchObject({ code: 'version-not-understood', severity: 'warning' });
  });
});

describe('a repository without modules', () => {
  it('is a Go program where main.go stands at its root', async () => {
    const needs = await detectGo(contextOf({ 'main.go': null }));
    expect(onlyNeed(needs, 'project')).toMatchObject({ path: '.', commands: { start: './out' } });
    expect(onlyNeed(needs, 'toolchain').because[0]).toMatchObject({ file: 'main.go', rule: 'go/main-file' });
  });

  it('is none where it stands elsewhere', async () => {
    expect(await detectGo(contextOf({ 'docs/main.go': null, '.tool-versions': 'golang 1.22' }))).toEqual([]);
  });
});

describe('native needs', () => {
  it('are those of requirements that the catalogue knows, whatever their major version', async () => {
    const files = {
      'go.mod': goMod(
        'require github.com/mattn/go-sqlite3 v1.14.22',
        'require fyne.io/fyne/v2 v2.5.0 // indirect',
        'require example.com/other v1.0.0',
      ),
    };
    const native = { go: ['github.com/mattn/go-sqlite3', 'fyne.io/fyne'] };
    const found = needsOf(await detectGo(contextOf(files, native)), 'dependency');
    expect(found.map(({ name, version }) => [name, version])).toEqual([
      ['github.com/mattn/go-sqlite3', '1.14.22'],
      ['fyne.io/fyne', '2.5.0'],
    ]);
    expect(found[1]?.because[0]).toMatchObject({ file: 'go.mod', line: 3 });
  });

  it('are those of a replacement', async () => {
    const files = {
      'go.mod': goMod('require a.example/x v1.0.0', 'replace a.example/x => b.example/y v1.1.0'),
    };
    const [need] = needsOf(await detectGo(contextOf(files, { go: ['b.example/y'] })), 'dependency');
    expect(need?.name).toBe('b.example/y');
  });

  it('are not those of generated code, which is generated already', async () => {
    const files = { 'go.mod': goMod('require google.golang.org/protobuf v1.35.0') };
    const needs = await detectGo(contextOf(files, { go: ['google.golang.org/protobuf'] }));
    expect(needsOf(needs, 'dependency')).toEqual([]);
  });
});

describe('a C compiler', () => {
  const compiler = async (files: Record<string, string | null>) =>
    needsOf(await detectGo(contextOf({ 'go.mod': goMod(), 'x.go': null, ...files })), 'compiler');

  it('is needed where C stands beside Go', async () => {
    expect((await compiler({ 'x.c': null }))[0]?.because[0]).toMatchObject({ file: 'x.c' });
  });

  it('is needed where cgo is switched on, or the race detector', async () => {
    expect(await compiler({ Makefile: 'build:\n\tCGO_ENABLED=1 go build\n' })).toHaveLength(1);
    expect(await compiler({ Makefile: 'export CGO_ENABLED := 1\n' })).toHaveLength(1);
    expect(await compiler({ 'Taskfile.yml': 'env:\n  CGO_ENABLED: "1"\n' })).toHaveLength(1);
    expect((await compiler({ Makefile: 'test:\n\tgo test -v -race ./...\n' }))[0]?.because[0]?.line).toBe(2);
  });

  it('is not needed otherwise', async () => {
    expect(await compiler({})).toEqual([]);
    expect(await compiler({ 'third_party/lib/x.c': null, 'c/x.c': null })).toEqual([]);
    expect(
      await compiler({ Makefile: 'build:\n\tCGO_ENABLED=0 go build -trimpath\n# CGO_ENABLED=1\n' }),
    ).toEqual([]);
  });
});

describe('tools', () => {
  it('are those that files and requirements of the module ask for', async () => {
    const files = {
      'go.mod': goMod('require github.com/a-h/templ v0.2.0'),
      'main.go': null,
      '.air.toml': null,
    };
    const tools = needsOf(await detectGo(contextOf(files)), 'tool');
    expect(tools.map(({ id }) => id)).toEqual(['air', 'templ']);
  });

  it('are not those that `go tool` brings', async () => {
    const mod = goMod('require github.com/a-h/templ v0.2.0', 'tool github.com/a-h/templ/cmd/templ');
    expect(needsOf(await detectGo(contextOf({ 'go.mod': mod })), 'tool')).toEqual([]);
  });
});

describe('a workspace', () => {
  it('has a project for every module, but examples', async () => {
    const native = { go: ['github.com/mattn/go-sqlite3', 'google.golang.org/protobuf'] };
    const needs = await detectGo(await fixtureContext('go-workspace', [goClaims, taskClaims], native));
    const projects = needsOf(needs, 'project');
    expect(projects.map(({ path, name, frameworks, ports }) => ({ path, name, frameworks, ports }))).toEqual([
      { path: 'api', name: 'api', frameworks: ['chi'], ports: [] },
      { path: 'shared', name: 'shared', frameworks: [], ports: [] },
      { path: 'worker', name: 'worker', frameworks: ['gin'], ports: [8080] },
    ]);
    expect(projects[0]?.commands).toEqual({
      install: 'go mod download',
      build: 'go build -o bin/ ./cmd/...',
      test: 'go test ./...',
      start: './bin/api',
      dev: 'go run ./cmd/api',
      lint: 'golangci-lint run',
    });
    expect(needsOf(needs, 'dependency').map(({ name, project }) => [name, project])).toEqual([
      ['github.com/mattn/go-sqlite3', 'api'],
    ]);
    const [api] = needsOf(needs, 'toolchain');
    expect(api?.requests.map(({ raw, because }) => `${raw} ${because.rule}`)).toEqual([
      '1.24.1 go/go-work-toolchain',
      '1.23.4 go/go-work',
      '1.22 go/go-mod',
    ]);
  });

  it('does not speak for a module that it does not use', async () => {
    expect(await requestsOf({ 'go.work': 'go 1.25\nuse ./other\n', 'api/go.mod': goMod('go 1.22') })).toEqual(
      ['1.22 minimum api/go.mod:2'],
    );
  });
});

describe('modules that only illustrate or test', () => {
  it('are optional where there is nothing else', async () => {
    const needs = await detectGo(contextOf({ 'examples/a/go.mod': goMod('go 1.22') }));
    expect(onlyNeed(needs, 'toolchain')).toMatchObject({ project: 'examples/a', optional: true });
    expect(needsOf(needs, 'project')).toEqual([]);
  });

  it('are invisible where the go command does not see them', async () => {
    expect(await detectGo(contextOf({ 'testdata/go.mod': goMod(), 'vendor/x/go.mod': goMod() }))).toEqual([]);
  });
});

describe('hostile files', () => {
  it('give a finding where go.mod names no module', async () => {
    const [need, ...others] = await detectGo(contextOf({ 'go.mod': '\0\0not go\n' }));
    expect(need).toMatchObject({ kind: 'finding', code: 'unreadable-manifest', severity: 'error' });
    expect(others).toEqual([]);
  });

  it('never make it fail', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'module \nmodule m',
        'module m\ngo ',
        `module ${'x/'.repeat(5_000)}`,
        'module //',
        'module ""',
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, text, text, async (mod, work, version) => {
        await detectGo(contextOf({ 'go.mod': mod, 'go.work': work, '.go-version': version, Makefile: work }));
      }),
    );
  });

  it('keep secrets out of evidence', async () => {
    const needs = await detectGo(
      contextOf({ 'go.mod': goMod('go 1.22 // https://user:hunter2@example.com') }),
    );
    expect(JSON.stringify(needs)).not.toContain('hunter2');
  });
});

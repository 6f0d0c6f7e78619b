import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programsCalled, scriptLines } from '../../../src/detect/tasks/scripts.ts';
import { inventoryOf } from '../../support/inventory.ts';

async function lines(files: Record<string, string>) {
  const found = await scriptLines(inventoryOf(files));
  return found.map(({ file, line, task, text }) => `${file.path}:${line()} ${task}: ${text}`);
}

describe('recipes', () => {
  it('of make are the lines below a target', async () => {
    const text = [
      'CC := cc',
      'all: build',
      '',
      'build: a.o b.o # both',
      '\t@echo \\',
      '\t  go',
      '\t-rm -f x',
      '\t# note',
      'one: ; true',
      '',
    ];
    expect(await lines({ Makefile: text.join('\n') })).toEqual([
      'Makefile:5 build: echo go',
      'Makefile:7 build: rm -f x',
      'Makefile:9 one: true',
    ]);
  });

  it('of just are indented by any white space', async () => {
    const text = [
      'version := "1"',
      '# Builds.',
      'build target="all": lint',
      '    @go build {{target}}',
      '',
      '@lint:',
      '\tgolangci-lint run',
    ];
    expect(await lines({ '.justfile': text.join('\r\n') })).toEqual([
      '.justfile:4 build: go build {{target}}',
      '.justfile:7 lint: golangci-lint run',
    ]);
  });

  it('of Task are in any of its forms', async () => {
    const text =
      'version: 3\ntasks:\n  a: go build\n  b: [go test, go vet]\n  c:\n    cmds:\n      - go fmt\n      - cmd: go mod tidy\n      - task: a\n  d:\n    cmd: |\n      one\n      two\n';
    expect(await lines({ 'Taskfile.yml': text })).toEqual([
      'Taskfile.yml:3 a: go build',
      'Taskfile.yml:4 b: go test',
      'Taskfile.yml:4 b: go vet',
      'Taskfile.yml:7 c: go fmt',
      'Taskfile.yml:8 c: go mod tidy',
      'Taskfile.yml:11 d: one',
      'Taskfile.yml:11 d: two',
    ]);
  });

  it('of npm are scripts', async () => {
    const text = '{\n "scripts": {\n  "test": "vitest",\n  "x": 3\n }\n}';
    expect(await lines({ 'package.json': text })).toEqual(['package.json:3 test: vitest']);
  });

  it('of examples are left out', async () => {
    expect(await lines({ 'examples/Makefile': 'a:\n\tb\n' })).toEqual([]);
  });

  it('never make it fail', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a:\n\tb\\\n', 'tasks: 3', 'tasks:\n  a: {cmds: {}}', '{"scripts": []}'),
    );
    await fc.assert(
      fc.asyncProperty(text, async (any) => {
        await lines({ Makefile: any, justfile: any, 'Taskfile.yml': any, 'package.json': any });
      }),
    );
  });

  it('reads recipes of more lines than a call takes arguments', async () => {
    const text = `a:\n${'\techo\n'.repeat(200_000)}`;
    expect(await scriptLines(inventoryOf({ Makefile: text }))).toHaveLength(200_000);
  });

  it('cost no time where lines are long', async () => {
    const started = performance.now();
    const long = `${'a '.repeat(500_000)}:${':'.repeat(10_000)}`;
    await lines({ Makefile: `${long}\n\t${long}\n`, justfile: `${long}\n ${long}` });
    for (const line of await scriptLines(inventoryOf({ Makefile: `a:\n\t${long}` })))
      programsCalled(line.text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('programs', () => {
  it.each([
    ['protoc --go_out=. x.proto', ['protoc']],
    ['cd api && FOO=1 sudo buf generate | jq .', ['cd', 'buf', 'jq']],
    ['test "$(jq -r .a x)" = b || exit 1; yq x', ['test', 'jq', 'exit', 'yq']],
    ['./bin/protoc x', ['./bin/protoc']],
    ['echo protoc', ['echo']],
  ])('%j calls %j', (text, programs) => {
    expect(programsCalled(text)).toEqual(programs);
  });
});

import { describe, expect, it } from 'vitest';
import { taskClaims } from '../../../src/detect/tasks/claims.ts';
import { detectTasks } from '../../../src/detect/tasks/detect.ts';
import { fixtureContext } from '../../support/fixture.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function tools(files: Record<string, string | null>) {
  return needsOf(await detectTasks(contextOf(files)), 'tool').map(({ id }) => id);
}

describe('tools', () => {
  it.each([
    ['Makefile', 'make'],
    ['GNUmakefile', 'make'],
    ['justfile', 'just'],
    ['.justfile', 'just'],
    ['Taskfile.yml', 'task'],
    ['taskfile.dist.yaml', 'task'],
    ['magefile.go', 'mage'],
    ['buf.yaml', 'buf'],
    ['buf.gen.yaml', 'buf'],
    ['sqlc.yaml', 'sqlc'],
    ['.pre-commit-config.yaml', 'pre-commit'],
    ['lefthook.yml', 'lefthook'],
    ['.golangci.toml', 'golangci-lint'],
    ['.goreleaser.yaml', 'goreleaser'],
    ['process-compose.yml', 'process-compose'],
  ])('are announced by files: %s needs %s', async (name, tool) => {
    expect(await tools({ [name]: '' })).toEqual([tool]);
  });

  it('belong to the repository, wherever their file lies, with every place as evidence', async () => {
    const [need] = needsOf(await detectTasks(contextOf({ Makefile: '', 'docs/Makefile': '' })), 'tool');
    expect(need).toMatchObject({ id: 'make', project: '.' });
    expect(need?.because.map(({ file }) => file)).toEqual(['Makefile', 'docs/Makefile']);
  });

  it('are those that recipes call', async () => {
    const makefile =
      'proto:\n\tprotoc --go_out=. --go-grpc_out=. x.proto\nlint:\n\tshellcheck *.sh && ./bin/buf lint\n';
    expect(await tools({ Makefile: makefile })).toEqual([
      'make',
      'protobuf',
      'protoc-gen-go',
      'protoc-gen-go-grpc',
      'shellcheck',
    ]);
    const needs = await detectTasks(contextOf({ Makefile: makefile }));
    expect(needsOf(needs, 'tool')[1]?.because[0]).toMatchObject({
      file: 'Makefile',
      line: 2,
      rule: 'tasks/recipe',
    });
  });

  it('are not those that a package brings', async () => {
    const bringing = (name: string) =>
      JSON.stringify({ devDependencies: { [name]: '1' }, scripts: { gen: 'buf generate' } });
    expect(await tools({ 'package.json': bringing('@bufbuild/buf'), 'buf.yaml': '' })).toEqual([]);
    expect(await tools({ 'package.json': bringing('other') })).toEqual(['buf']);
    expect(
      await tools({ 'package.json': '{"devDependencies": {"lefthook": "1"}}', 'lefthook.yml': '' }),
    ).toEqual([]);
  });

  it('are brought by the root for folders without a package of their own', async () => {
    const root = { 'package.json': '{"devDependencies": {"@bufbuild/buf": "1"}}' };
    expect(await tools({ ...root, 'proto/buf.yaml': '' })).toEqual([]);
    expect(await tools({ ...root, 'proto/buf.yaml': '', 'proto/package.json': '{}' })).toEqual(['buf']);
  });

  it('are not those of examples, nor of files of interfaces that nothing compiles', async () => {
    expect(await tools({ 'examples/a/Makefile': '', 'proto/shop.proto': null, '.envrc': null })).toEqual([]);
  });

  it('of a repository with several', async () => {
    const needs = await detectTasks(await fixtureContext('go-workspace', [taskClaims]));
    expect(needsOf(needs, 'tool').map(({ id }) => id)).toEqual([
      'golangci-lint',
      'make',
      'protobuf',
      'protoc-gen-go',
      'protoc-gen-go-grpc',
    ]);
  });
});

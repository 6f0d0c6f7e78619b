import { describe, expect, it } from 'vitest';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function found(files: Record<string, string | null>) {
  const needs = needsOf(await detectContainers(contextOf(files)), 'nested-container');
  return needs.map(
    ({ container, confidence, because }) =>
      `${container} ${confidence} ${because[0]?.file}:${because[0]?.line} ${because[0]?.rule}`,
  );
}

/** What a script of package.json says: `kind confidence`. */
async function script(name: string, text: string) {
  const lines = await found({ 'package.json': JSON.stringify({ scripts: { [name]: text } }) });
  return lines.map((line) => line.split(' ').slice(0, 2).join(' '));
}

describe('a line that runs containers', () => {
  it.each([
    ['dev', 'docker build -t app . && docker run app', ['docker-cli high']],
    ['test', 'docker build -f Dockerfile.test .', ['docker-cli high']],
    ['test:integration', 'cross-env A=1 docker run --rm tests', ['docker-cli high']],
    ['db', 'podman run -d -p 5432:5432 postgres:16', ['docker-cli high']],
    ['docker:db', 'docker run -d postgres:16', ['docker-cli high']],
    ['start', 'docker run -p 3000:3000 app', ['docker-cli low']],
    ['lint', 'docker run --rm -v $PWD:/x golangci/golangci-lint', ['docker-cli low']],
    ['docker:test', 'docker run app npm test', ['docker-cli low']],
    ['dev', 'concurrently "docker start db" "vite"', ['docker-cli high']],
    ['pretest', 'nerdctl compose up -d', ['compose high']],
    ['e2e', 'kind create cluster && go test', ['kind high']],
    ['cluster', 'k3d cluster create x', ['k3d low']],
    ['setup', 'minikube start --driver=docker', ['minikube high']],
    ['x', 'supabase start', ['supabase high']],
    ['x', 'pnpm exec supabase db reset', ['supabase high']],
    ['x', 'supabase db diff --linked', []],
    ['x', 'localstack start -d', ['localstack high']],
    ['x', 'sam local start-api', ['sam high']],
    ['x', 'sam build --use-container', ['sam high']],
    ['x', 'sam build', []],
    ['build', 'earthly +build', ['earthly high']],
    ['ci', 'dagger call test', ['dagger high']],
    ['ci', 'act -j test', ['act low']],
    ['dev', 'tilt up', ['tilt low']],
    ['dev', 'skaffold dev', ['skaffold low']],
    ['dev', 'devcontainer up --workspace-folder .', ['devcontainer low']],
  ])('is told in the task %s: %s', async (name, text, expected) => {
    expect(await script(name, text)).toEqual(expected);
  });

  it.each([
    ['docker:build', 'docker build -t app .'],
    ['image', 'docker buildx build --push .'],
    ['release', 'docker build . && docker run app'],
    ['build', 'docker build .'],
    ['deploy', 'docker run app'],
    ['dev', 'echo "docker run postgres"'],
    ['dev', 'docker ps && docker stop db && docker rm db && docker logs db'],
    ['dev', 'docker push app && docker login'],
    ['test', 'ssh host docker run app'],
    ['test', 'eslint docker/run.js && node docker run'],
    ['test', 'kind get clusters'],
    ['deploy', 'earthly +deploy'],
    ['dev', 'dockerize -wait tcp://db:5432'],
    ['dev', 'react-act && tilt down'],
  ])('is none in the task %s: %s', async (name, text) => {
    expect(await script(name, text)).toEqual([]);
  });

  it.each([
    ['Makefile', 'test:\n\t@docker run --rm tests\n', 2],
    ['Makefile', 'test:\n\t$(DOCKER) run --rm tests\n', 2],
    ['Makefile', 'test-e2e:\n\tif true; then $(CONTAINER_TOOL) build . ; fi\n', 2],
    ['justfile', 'db:\n  docker run postgres\n', 2],
    ['Taskfile.yml', 'tasks:\n  test:\n    cmds:\n      - docker run tests\n', 4],
    ['mise.toml', '[tasks.test]\nrun = "docker run tests"\n', 1],
    ['mise.toml', '[tasks]\ntest = ["true", "docker run tests"]\n', 2],
    ['pyproject.toml', '[tool.poe.tasks]\ntest = { shell = "true\\ndocker run tests" }\n', 2],
    ['pyproject.toml', '[tool.pdm.scripts]\ntest.cmd = "docker run tests"\n', 2],
    ['pyproject.toml', '[tool.hatch.envs.x.scripts]\ntest = ["docker run tests"]\n', 2],
    ['deno.jsonc', '{"tasks": {\n// x\n"test": "docker run tests"}}', 3],
    ['composer.json', '{"scripts": {\n"test": ["@php x", "docker run tests"]}}', 2],
  ])('stands in %s: %j', async (name, text, line) => {
    expect(await found({ [name]: text })).toEqual([
      `docker-cli high ${name}:${line} containers/docker-cli-command`,
    ]);
  });
});

describe('scripts that a line calls', () => {
  const inside = '#!/bin/sh\n# docker run x\ndocker run \\\n  --rm tests\n';

  it.each(['./scripts/check.sh', 'bash scripts/check.sh --all', 'CI=1 sh ./scripts/check.sh'])(
    'are read: %s',
    async (call) => {
      const files = { 'app/package.json': JSON.stringify({ scripts: { test: call } }) };
      const expected = ['docker-cli high app/scripts/check.sh:3 containers/docker-cli-command'];
      expect(await found({ ...files, 'app/scripts/check.sh': inside })).toEqual(expected);
    },
  );

  it('may call others, and themselves', async () => {
    const files = {
      Makefile: 'test:\n\t./a.sh\n',
      'a.sh': './a.sh\n. ./lib/b.sh\n',
      'lib/b.sh': 'docker compose up -d\n',
    };
    expect(await found(files)).toEqual(['compose high lib/b.sh:1 containers/compose-up']);
  });

  it('are not read where nothing calls them, a deployment does, or they lie outside', async () => {
    expect(await found({ 'scripts/test.sh': inside })).toEqual([]);
    expect(await found({ Makefile: 'deploy:\n\t./x.sh\n', 'x.sh': inside })).toEqual([]);
    expect(await found({ Makefile: 'test:\n\t./deploy.sh\n', 'deploy.sh': inside })).toEqual([]);
    expect(await found({ Makefile: 'test:\n\t../x.sh /x.sh\n', 'x.sh': inside })).toEqual([]);
  });
});

describe('Supabase', () => {
  const files = (scripts: Record<string, string>) => ({
    'package.json': JSON.stringify({ scripts, devDependencies: { supabase: '2' } }),
    'supabase/config.toml': 'project_id = "x"\n',
  });

  it('runs its stack where it is configured and its program is a dependency', async () => {
    expect(await found(files({}))).toEqual([
      'supabase high supabase/config.toml:null containers/supabase-config',
    ]);
  });

  it('may be in the cloud', async () => {
    const scripts = { types: 'supabase gen types typescript --project-id abc', push: 'supabase db push' };
    expect(await found(files(scripts))).toEqual([
      'supabase low supabase/config.toml:null containers/supabase-config',
    ]);
  });

  it('needs both', async () => {
    const { 'package.json': manifest, 'supabase/config.toml': config } = files({});
    expect(await found({ 'package.json': manifest })).toEqual([]);
    expect(await found({ 'supabase/config.toml': config, 'package.json': '{}' })).toEqual([]);
  });
});

describe('hostile lines', () => {
  it.each([
    'docker run '.repeat(100_000),
    `docker ${'-'.repeat(1_000_000)}`,
    './a.sh '.repeat(100_000),
    `${'a/'.repeat(500_000)}.sh`,
    '$(DOCKER '.repeat(100_000),
    'supabase '.repeat(100_000),
    `docker run ${'a:'.repeat(400_000)}`,
  ])('take no time', async (line) => {
    const start = performance.now();
    await found({
      Makefile: `test:\n\t${line}\n`,
      'package.json': JSON.stringify({ scripts: { test: line } }),
    });
    await found({ Makefile: 'test:\n\t./a.sh\n', 'a.sh': line });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

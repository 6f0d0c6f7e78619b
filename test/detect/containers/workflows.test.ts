import { describe, expect, it } from 'vitest';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function found(job: string, path = '.github/workflows/ci.yml', name = 'test') {
  const text = `on: push\njobs:\n  ${name}:\n    runs-on: ubuntu-latest\n${job.replace(/^/gm, '    ')}\n`;
  const needs = await detectContainers(contextOf({ [path]: text }));
  return {
    services: needsOf(needs, 'service').map(
      ({ id, version, port, because }) => `${id} ${version} ${port} ${because[0]?.file}:${because[0]?.line}`,
    ),
    nested: needsOf(needs, 'nested-container').map(
      ({ container, confidence, because }) =>
        `${container} ${confidence} ${because[0]?.line} ${because[0]?.rule}`,
    ),
  };
}

const nothing = { services: [], nested: [] };

describe('a workflow', () => {
  it('names the services that tests talk to', async () => {
    const job =
      'services:\n  db:\n    image: postgres:16\n    ports: ["5433:5432"]\n  cache: redis\n  x:\n    image: mysql:$' +
      '{{ matrix.mysql }}\n  own:\n    image: acme/x:1\n';
    expect(await found(job)).toEqual({
      services: [
        'postgresql 16 5433 .github/workflows/ci.yml:7',
        'redis null 6379 .github/workflows/ci.yml:9',
        'mysql null 3306 .github/workflows/ci.yml:11',
      ],
      nested: [],
    });
  });

  it.each([
    ['docker compose up -d', 'compose low 6 containers/workflow'],
    ['|\n      true\n      docker run -d postgres', 'docker-cli low 6 containers/workflow'],
    ['supabase start', 'supabase low 6 containers/workflow'],
  ])('that starts containers is vague evidence: %s', async (run, expected) => {
    expect((await found(`steps:\n  - run: ${run}`)).nested).toEqual([expected]);
  });

  it.each([
    ['docker build -t app . && docker push app', '.github/workflows/ci.yml', 'test'],
    ['docker compose up -d', '.github/workflows/deploy.yml', 'test'],
    ['docker compose up -d', '.github/workflows/ci.yml', 'deploy'],
    ['docker compose up -d', '.github/workflows/site.yml', 'pages'],
    ['docker compose up -d', 'sub/.github/workflows/ci.yml', 'test'],
    ['docker compose up -d', '.github/workflows/old/ci.yml', 'test'],
  ])('says nothing by %s in %s, %s', async (run, path, name) => {
    expect(await found(`steps:\n  - run: ${run}`, path, name)).toEqual(nothing);
  });

  it('that is malformed says nothing', async () => {
    for (const text of ['jobs: [', 'jobs: 3', 'jobs: {a: 1, b: {steps: 2, services: 3}}', '\0', '- a']) {
      expect(await detectContainers(contextOf({ '.github/workflows/ci.yml': text }))).toEqual([]);
    }
  });

  it('confirms what another sign says', async () => {
    const workflow = 'jobs:\n  test:\n    steps:\n      - run: docker compose up -d\n';
    const files = { '.github/workflows/ci.yml': workflow, Makefile: 'up:\n\tdocker compose up\n' };
    const needs = needsOf(await detectContainers(contextOf(files)), 'nested-container');
    expect(needs.map(({ confidence, because }) => [confidence, because.map(({ file }) => file)])).toEqual([
      ['high', ['Makefile', '.github/workflows/ci.yml']],
    ]);
  });
});

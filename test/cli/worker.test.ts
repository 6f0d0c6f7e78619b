import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { resultSchema } from '../../src/cli/results/index.ts';
import { runCommand } from '../../src/cli/run.ts';
import type { Stages } from '../../src/cli/stages.ts';
import { capturedIo } from '../support/io.ts';
import { planOf } from '../support/plan.ts';
import { type ApiServer, startApiServer } from '../worker/support/api-server.ts';
import { builderImage, commit } from '../worker/support/options.ts';

let root: string;
let api: ApiServer;
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-worker-'));
  api = await startApiServer();
  const config = {
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
    clusters: [{ name: 'here', cluster: { server: api.url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: { token: 'token' } }],
  };
  writeFileSync(path.join(root, 'kubeconfig'), JSON.stringify(config));
});
afterEach(async () => {
  await api.close();
  rmSync(root, { recursive: true, force: true });
});

const plan = planOf();
plan.repository.source = { url: 'https://git.example.com/team/shop.git', branch: 'main', commit };
const stages: Stages = {
  analyze: async () => plan,
  render: async () => [],
  catalogue: async () => null,
};
const asked = [
  '--builder',
  'nix',
  '--builder-image',
  builderImage,
  '--registry',
  'registry.example.com/team',
];

async function nidify(...argv: string[]) {
  const io = capturedIo({ cwd: root });
  const exitCode = await runCommand(argv, io, { stages });
  return { exitCode, stdout: io.stdout(), stderr: io.stderr() };
}
const resultOf = (stdout: string) => resultSchema.parse(JSON.parse(stdout));
const connected = ['--kubeconfig', 'kubeconfig'];

describe('worker render', () => {
  test('prints one stream, with what the worker runs after --', async () => {
    const { exitCode, stdout, stderr } = await nidify(
      'worker',
      'render',
      ...asked,
      '--',
      'node',
      '--inspect',
      'a.js',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const documents = parseAllDocuments(stdout).map((each) => ('toJS' in each ? each.toJS() : null));
    expect(documents.map(({ kind }) => kind)).toEqual([
      ...['Namespace', 'ServiceAccount', 'ServiceAccount', 'ServiceAccount', 'Role', 'RoleBinding'],
      ...['NetworkPolicy', 'NetworkPolicy', 'Job', 'Deployment'],
    ]);
    expect(documents.at(-1).spec.template.spec.containers[0].args).toEqual(['node', '--inspect', 'a.js']);
  });

  test('writes one file per object, again and again, and never over a file of somebody', async () => {
    const args = ['worker', 'render', ...asked, '--output', 'deploy', '--json'];
    const first = await nidify(...args);
    expect(first.exitCode).toBe(0);
    const result = resultOf(first.stdout);
    if (result.command !== 'worker render' || 'error' in result) throw new Error('another result');
    expect(readdirSync(path.join(root, 'deploy')).sort()).toEqual([...result.files].sort());
    expect((await nidify(...args)).exitCode).toBe(0);

    const file = path.join(root, 'deploy/kustomization.yaml');
    writeFileSync(file, 'resources: []\n');
    const refused = await nidify(...args);
    expect(refused.exitCode).toBe(6);
    expect(readFileSync(file, 'utf8')).toBe('resources: []\n');
    expect((await nidify(...args, '--force')).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('job-nidify-build.yaml');
  });

  test('does not write through a link', async () => {
    mkdirSync(path.join(root, 'deploy'));
    writeFileSync(path.join(root, 'mine'), '# Written by nidify \n');
    symlinkSync('../mine', path.join(root, 'deploy/kustomization.yaml'));
    expect((await nidify('worker', 'render', ...asked, '--output', 'deploy')).exitCode).toBe(6);
    expect((await nidify('worker', 'render', ...asked, '--output', 'deploy', '--force')).exitCode).toBe(0);
    expect(readFileSync(path.join(root, 'mine'), 'utf8')).toBe('# Written by nidify \n');
  });

  test('warns of what may be another image tomorrow', async () => {
    const args = [...asked.slice(0, 3), 'tools/nidify:latest', ...asked.slice(4)];
    expect((await nidify('worker', 'render', ...args)).stderr).toContain('has no digest');
  });

  test('says why it refuses', async () => {
    const { exitCode, stderr, stdout } = await nidify('worker', 'render', ...asked, '--host-users');
    expect([exitCode, stdout]).toEqual([6, '']);
    expect(stderr).toContain('hostUsers: false');
    expect((await nidify('worker', 'render')).exitCode).toBe(2);
    expect((await nidify('worker', 'nonsense')).exitCode).toBe(2);
    const bare = await nidify('worker');
    expect(bare.exitCode).toBe(2);
    expect(bare.stderr).toContain('needs to be told what to do');
    expect(bare.stderr).toContain('nidify worker --help');
    expect(bare.stderr).not.toMatch(/outputHelp|\\x0a/);
  });
});

describe('worker apply, status and logs', () => {
  const jobs = '/apis/batch/v1/namespaces/nidify/jobs';
  const ended = (type: string) => {
    const [[key, job] = ['', {}]] = [...api.objects].filter(([each]) => each.startsWith(jobs));
    const condition = { type, status: 'True', reason: 'Because', message: 'it ended' };
    api.objects.set(key, { ...job, status: { conditions: [condition] } });
  };

  test.each([
    ['Complete', 0, 'complete'],
    ['Failed', 5, 'failed'],
  ])('a Job that is %s ends with %i', async (type, exitCode, state) => {
    const submitted = await nidify('worker', 'apply', ...asked, '--part', 'job', ...connected, '--json');
    const result = resultOf(submitted.stdout);
    if (result.command !== 'worker apply' || 'error' in result) throw new Error('another result');
    expect(result.objects).toEqual([{ kind: 'Job', name: result.job, state: 'created' }]);
    ended(type);
    const job = result.job ?? '';
    expect((await nidify('worker', 'logs', job, ...connected)).exitCode).toBe(exitCode);
    const status = await nidify('worker', 'status', job, ...connected, '--json');
    expect(status.exitCode).toBe(exitCode);
    expect(resultOf(status.stdout)).toMatchObject({
      jobs: [{ name: job, state, revision: commit, source: plan.repository.source?.url }],
    });
    const table = await nidify('worker', 'status', ...connected);
    expect(table.stdout).toContain(state);
    expect(table.exitCode).toBe(0);
  });

  test('follows what it submits', async () => {
    api.before = ({ method }) => {
      if (method === 'GET') ended('Failed');
      return undefined;
    };
    const { exitCode, stderr } = await nidify(
      'worker',
      'apply',
      ...asked,
      '--part',
      'job',
      ...connected,
      '--follow',
    );
    expect(exitCode).toBe(5);
    expect(stderr).toContain('Because: it ended');
  });

  test('a Job that is not there is an answer', async () => {
    expect((await nidify('worker', 'status', 'other', ...connected)).exitCode).toBe(1);
    expect((await nidify('worker', 'logs', 'other', ...connected)).exitCode).toBe(1);
    expect((await nidify('worker', 'status', ...connected)).stdout).toContain("Nothing of nidify's");
  });

  test('a failure is a result for machines, too', async () => {
    const { exitCode, stdout } = await nidify('worker', 'status', '--kubeconfig', 'none', '--json');
    expect(exitCode).toBe(2);
    expect(resultOf(stdout)).toMatchObject({ command: 'worker', error: { code: 'cluster-unknown' } });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyObjects } from '../../src/worker/client/apply.ts';
import { type Cluster, connect } from '../../src/worker/client/connect.ts';
import { type FollowOptions, followJob, stamped } from '../../src/worker/client/logs.ts';
import { clusterStatus } from '../../src/worker/client/status.ts';
import { renderCluster } from '../../src/worker/render.ts';
import { type ApiServer, answer, startApiServer, statusBody } from './support/api-server.ts';
import { optionsOf } from './support/options.ts';

let api: ApiServer;
let folder: string;
let kubeconfig: string;
beforeEach(async () => {
  api = await startApiServer();
  folder = mkdtempSync(path.join(tmpdir(), 'nidify-cluster-'));
  kubeconfig = path.join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me', namespace: 'team' } }],
    clusters: [{ name: 'here', cluster: { server: api.url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: { token: 'secret-token' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (signal?: AbortSignal): Promise<Cluster> =>
  connect({ kubeconfig, signal, retryMs: 5, timeoutMs: 2000 });
const rendered = renderCluster(optionsOf({ part: 'job' }));
const job = rendered.job ?? '';
const jobs = '/apis/batch/v1/namespaces/nidify/jobs';
const pods = '/api/v1/namespaces/nidify/pods';
const once = { force: false, dryRun: false };
const said = () => api.requests.map(({ method, path: where }) => `${method} ${where}`);

describe('connecting', () => {
  test('takes server, credentials and namespace from the kubeconfig', async () => {
    const cluster = await open();
    expect(cluster.namespace).toBe('team');
    await clusterStatus(cluster, 'nidify', null);
    expect(api.requests[0]?.headers.authorization).toBe('Bearer secret-token');
    expect(api.requests[0]?.query.labelSelector).toBe('app.kubernetes.io/managed-by=nidify');
  });

  test('says that there is no such context or file', async () => {
    await expect(connect({ kubeconfig, context: 'other' })).rejects.toMatchObject({
      code: 'cluster-unknown',
      exitCode: 2,
    });
    await expect(connect({ kubeconfig: `${kubeconfig}x` })).rejects.toMatchObject({
      code: 'cluster-unknown',
    });
  });
});

describe('applying', () => {
  test('creates the Job of a commit once, with the rights of the Role', async () => {
    const cluster = await open();
    expect(await applyObjects(cluster, rendered.objects, once)).toEqual([
      { kind: 'Job', name: job, state: 'created' },
    ]);
    expect(await applyObjects(cluster, rendered.objects, once)).toEqual([
      { kind: 'Job', name: job, state: 'unchanged' },
    ]);
    expect(said()).toEqual([`POST ${jobs}`, `POST ${jobs}`, `GET ${jobs}/${job}`]);
    expect(api.requests[0]?.body).toEqual(rendered.objects[0]);
  });

  test('tries a Job again that failed', async () => {
    const cluster = await open();
    const failed = { type: 'Failed', status: 'True', reason: 'DeadlineExceeded' };
    api.objects.set(`${jobs}/${job}`, { ...rendered.objects[0], status: { conditions: [failed] } });
    expect(await applyObjects(cluster, rendered.objects, once)).toMatchObject([{ state: 'replaced' }]);
    expect(said()).toEqual([
      ...[
        `POST ${jobs}`,
        `GET ${jobs}/${job}`,
        `DELETE ${jobs}/${job}`,
        `GET ${jobs}/${job}`,
        `POST ${jobs}`,
      ],
    ]);
    expect(api.objects.get(`${jobs}/${job}`)).not.toHaveProperty('status');
  });

  test('deletes the failed Job with its pods, and not one that somebody made meanwhile', async () => {
    const failed = { conditions: [{ type: 'Failed', status: 'True' }] };
    const [object] = rendered.objects;
    const withUid = (uid: string, more = {}) => ({
      ...object,
      metadata: { ...object?.metadata, uid },
      ...more,
    });
    api.objects.set(`${jobs}/${job}`, withUid('first', { status: failed }));
    api.before = ({ method, body }, response) => {
      if (method !== 'DELETE') return undefined;
      expect(body).toMatchObject({ propagationPolicy: 'Foreground', preconditions: { uid: 'first' } });
      // Another orchestrator was here first.
      api.objects.set(`${jobs}/${job}`, withUid('second'));
      const message = 'Precondition failed: UID in precondition: first, UID in object meta: second';
      return answer(response, 409, { ...statusBody(409, message), reason: 'Conflict' });
    };
    expect(await applyObjects(await open(), rendered.objects, once)).toMatchObject([{ state: 'unchanged' }]);
    expect(api.objects.get(`${jobs}/${job}`)).toMatchObject({ metadata: { uid: 'second' } });
    expect(said().filter((each) => each.startsWith('DELETE'))).toHaveLength(1);
  });

  test('does not take the Job of another commit for this one', async () => {
    const other = structuredClone(rendered.objects[0]);
    if (other?.metadata.annotations) other.metadata.annotations['nidify.dev/revision'] = 'f'.repeat(40);
    api.objects.set(`${jobs}/${job}`, { ...other });
    await expect(applyObjects(await open(), rendered.objects, once)).rejects.toMatchObject({
      code: 'apply-conflict',
    });
  });

  test('applies everything else by server-side apply, in order', async () => {
    const all = renderCluster(optionsOf({ cacheSize: '5Gi' }));
    const applied = await applyObjects(await open(), all.objects, { force: true, dryRun: false });
    expect(applied.map(({ kind }) => kind)).toEqual(all.objects.map(({ kind }) => kind));
    const first = api.requests.find(({ method }) => method === 'PATCH');
    expect(first).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/namespaces/nidify',
      query: { fieldManager: 'nidify', force: 'true' },
    });
    expect(first?.headers['content-type']).toBe('application/apply-patch+yaml');
    expect(said()).toContain('PATCH /apis/apps/v1/namespaces/nidify/deployments/nidify-worker');
  });

  test('keeps nothing in a dry run', async () => {
    await applyObjects(await open(), renderCluster(optionsOf()).objects, { force: false, dryRun: true });
    expect(api.objects.size).toBe(0);
    const changes = api.requests.filter(({ method }) => method !== 'GET');
    expect(changes.every(({ query }) => query.dryRun === 'All')).toBe(true);
  });

  test('does not tighten a namespace under pods that need more, unless it is told to', async () => {
    const cluster = await open();
    await applyObjects(cluster, renderCluster(optionsOf({ part: 'build' })).objects, once);
    const workers = renderCluster(optionsOf({ part: 'worker' })).objects;
    await expect(applyObjects(cluster, workers, once)).rejects.toMatchObject({
      code: 'apply-conflict',
      exitCode: 6,
      message: expect.stringContaining('enforces privileged, and would enforce restricted'),
    });
    const same = renderCluster(optionsOf({ part: 'worker', podSecurity: 'privileged' })).objects;
    await expect(applyObjects(cluster, same, once)).resolves.toHaveLength(same.length);
    await expect(applyObjects(cluster, workers, { ...once, force: true })).resolves.toHaveLength(
      workers.length,
    );
    // Loosening it is what was asked for.
    await expect(applyObjects(cluster, same, once)).resolves.toHaveLength(same.length);
  });
});

describe('what servers answer', () => {
  const failing = (status: number, headers = {}) => {
    api.before = (_request, response) =>
      answer(response, status, statusBody(status, `it is ${status}`), headers);
  };

  test.each([
    [401, 'not-authorized', 6, 1],
    [403, 'not-authorized', 6, 1],
    [404, 'no-namespace', 2, 1],
    [422, 'not-admitted', 6, 1],
    [400, 'not-admitted', 6, 1],
    [429, 'cluster-unavailable', 75, 5],
    [500, 'cluster-unavailable', 75, 5],
    [503, 'cluster-unavailable', 75, 5],
  ])('%i is %s', async (status, code, exitCode, count) => {
    failing(status);
    const error = await applyObjects(await open(), rendered.objects, once).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, exitCode, message: expect.stringContaining(`it is ${status}`) });
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-token');
    expect(api.requests).toHaveLength(count);
  });

  test('409 of a field manager says how to take over', async () => {
    failing(409);
    const { objects } = renderCluster(optionsOf());
    await expect(applyObjects(await open(), objects, once)).rejects.toMatchObject({
      code: 'apply-conflict',
      exitCode: 6,
    });
  });

  test('409 of a quota that changed at the same moment is tried again, and never taken for a Job', async () => {
    const lost = { ...statusBody(409, 'apply your changes to the latest version'), reason: 'Conflict' };
    let count = 0;
    api.before = (_request, response) => (count++ < 2 ? answer(response, 409, lost) : undefined);
    expect(await applyObjects(await open(), rendered.objects, once)).toMatchObject([{ state: 'created' }]);
    api.objects.clear();
    api.before = (_request, response) => answer(response, 409, lost);
    await expect(applyObjects(await open(), rendered.objects, once)).rejects.toMatchObject({
      code: 'cluster-unavailable',
      exitCode: 75,
    });
    const causes = [{ reason: 'FieldManagerConflict', message: 'conflict with "kubectl"' }];
    api.before = (_request, response) => answer(response, 409, { ...lost, details: { causes } });
    await expect(applyObjects(await open(), renderCluster(optionsOf()).objects, once)).rejects.toMatchObject({
      code: 'apply-conflict',
    });
  });

  test('429 is waited for as long as the server says, and the retry succeeds', async () => {
    let count = 0;
    api.before = (_request, response) =>
      count++ === 0 ? answer(response, 429, statusBody(429, 'slow down'), { 'retry-after': '1' }) : undefined;
    const start = Date.now();
    expect(await applyObjects(await open(), rendered.objects, once)).toMatchObject([{ state: 'created' }]);
    expect(Date.now() - start).toBeGreaterThan(900);
  });

  test('a connection that is cut after the Job was made is not a second Job', async () => {
    let count = 0;
    api.before = ({ path: where, body }, response) => {
      if (count++ > 0) return undefined;
      api.objects.set(`${where}/${job}`, body as Record<string, unknown>);
      response.destroy();
      return true;
    };
    expect(await applyObjects(await open(), rendered.objects, once)).toMatchObject([{ state: 'unchanged' }]);
  });

  test('nobody there, or an answer that never ends, is temporary', async () => {
    api.before = () => true;
    const slow = await connect({ kubeconfig, retryMs: 1, timeoutMs: 30 });
    await expect(clusterStatus(slow, 'nidify', null)).rejects.toMatchObject({ code: 'cluster-unavailable' });
    const cluster = await open();
    await api.close();
    await expect(clusterStatus(cluster, 'nidify', null)).rejects.toMatchObject({ exitCode: 75 });
  });

  test('lists are read page by page, and again when their token has expired', async () => {
    let expired = false;
    api.before = ({ query, path: where }, response) => {
      if (where !== jobs) return undefined;
      if (query.continue === undefined) {
        return answer(response, 200, {
          metadata: { continue: 'next' },
          items: [{ metadata: { name: 'a' } }],
        });
      }
      if (!expired) {
        expired = true;
        return answer(response, 410, statusBody(410, 'expired'));
      }
      return answer(response, 200, { metadata: {}, items: [{ metadata: { name: 'b' } }] });
    };
    const status = await clusterStatus(await open(), 'nidify', null);
    expect(status.jobs.map(({ name }) => name).sort()).toEqual(['a', 'b']);
  });

  test('a list whose pages are always forgotten, or that is refused, is not an empty one', async () => {
    api.before = ({ query }, response) =>
      query.continue === undefined
        ? answer(response, 200, { metadata: { continue: 'next' }, items: [] })
        : answer(response, 410, statusBody(410, 'expired'));
    await expect(clusterStatus(await open(), 'nidify', null)).rejects.toMatchObject({ exitCode: 75 });
    failing(404);
    await expect(clusterStatus(await open(), 'nidify', null)).rejects.toMatchObject({ exitCode: 6 });
  });
});

describe('following', () => {
  const running = { metadata: { name: 'p1', uid: 'u1', creationTimestamp: '2026-01-01T00:00:00Z' } };
  const pod = (state: object, phase = 'Running') => ({
    ...running,
    status: { phase, containerStatuses: [{ state }] },
  });
  const jobWith = (type?: string, more = {}) => ({
    metadata: { name: job, resourceVersion: '7' },
    status: type === undefined ? { active: 1 } : { conditions: [{ type, status: 'True', ...more }] },
  });
  const line = (second: number, text: string) => `2026-01-01T00:00:0${second}.5Z ${text}\n`;
  const start = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/plain' });

  async function follow(more: Partial<FollowOptions> = {}, signal?: AbortSignal) {
    const lines: string[] = [];
    const states: string[] = [];
    const end = await followJob(await open(signal), {
      namespace: 'nidify',
      job,
      onLine: (text) => lines.push(text),
      onState: (text) => states.push(text),
      follow: true,
      reconnectMs: 5,
      ...more,
    });
    return { end, lines, states };
  }

  test('over a cut connection no line is lost and none comes twice', async () => {
    api.objects.set(`${jobs}/${job}`, jobWith());
    api.objects.set(`${pods}/p1`, pod({ running: {} }));
    let reads = 0;
    api.before = ({ path: where }, response) => {
      if (!where.endsWith('/log')) return undefined;
      start(response);
      if (reads++ === 0) {
        response.write(line(1, 'one') + line(2, 'two') + line(2, 'too'), () =>
          setTimeout(() => response.destroy(), 20),
        );
      } else {
        api.objects.set(`${pods}/p1`, pod({ terminated: {} }, 'Succeeded'));
        api.objects.set(`${jobs}/${job}`, jobWith('Complete'));
        response.end(line(2, 'two') + line(2, 'too') + line(3, 'three'));
      }
      return true;
    };
    const { end, lines } = await follow();
    expect(lines).toEqual(['one', 'two', 'too', 'three']);
    expect(end.state).toBe('complete');
    const logs = api.requests.filter(({ path: where }) => where.endsWith('/log'));
    expect(logs[0]?.query).toEqual({ container: 'build', timestamps: 'true', follow: 'true' });
    expect(logs[1]?.query.sinceTime).toBe('2026-01-01T00:00:02.000Z');
  });

  test('waits for the pod over a watch that expires with 410, and says for what', async () => {
    api.objects.set(`${jobs}/${job}`, jobWith());
    api.objects.set(
      `${pods}/p1`,
      pod({ waiting: { reason: 'ImagePullBackOff', message: 'no image' } }, 'Pending'),
    );
    let watches = 0;
    api.before = ({ path: where, query }, response) => {
      if (where.endsWith('/log')) {
        api.objects.set(
          `${jobs}/${job}`,
          jobWith('Failed', { reason: 'BackoffLimitExceeded', message: 'no more' }),
        );
        api.objects.set(`${pods}/p1`, pod({ terminated: { reason: 'Error' } }, 'Failed'));
        start(response).end(line(1, 'it broke'));
        return true;
      }
      if (query.watch !== 'true') return undefined;
      if (watches++ === 0) {
        start(response).end(`${JSON.stringify({ type: 'ERROR', object: statusBody(410, 'too old') })}\n`);
      } else {
        api.objects.set(`${pods}/p1`, pod({ running: {} }));
        start(response).end(`${JSON.stringify({ type: 'MODIFIED', object: pod({ running: {} }) })}\n`);
      }
      return true;
    };
    const { end, lines, states } = await follow();
    expect(states[0]).toBe('waiting for pod p1 (Pending, ImagePullBackOff: no image)');
    expect(lines).toEqual(['it broke']);
    expect(end).toMatchObject({ state: 'failed', reason: 'BackoffLimitExceeded', message: 'no more' });
    expect(watches).toBe(2);
  });

  test('a Job that is not there, or no longer, is told apart', async () => {
    await expect(follow()).rejects.toMatchObject({ code: 'job-missing', exitCode: 1 });
    api.objects.set(`${jobs}/${job}`, jobWith());
    api.before = ({ query }, response) => {
      if (query.watch !== 'true') return undefined;
      api.objects.clear();
      start(response).end();
      return true;
    };
    await expect(follow()).rejects.toMatchObject({ code: 'job-gone', exitCode: 75 });
  });

  test('logs that cannot be had any more end it', async () => {
    api.objects.set(`${jobs}/${job}`, jobWith());
    api.objects.set(`${pods}/p1`, pod({ running: {} }));
    api.before = ({ path: where }, response) => {
      if (!where.endsWith('/log')) return undefined;
      response.destroy();
      return true;
    };
    await expect(follow()).rejects.toMatchObject({ code: 'cluster-unavailable', exitCode: 75 });
    api.before = ({ path: where }, response) =>
      where.endsWith('/log') ? answer(response, 403, statusBody(403, 'no pods/log')) : undefined;
    await expect(follow()).rejects.toMatchObject({ code: 'not-authorized', exitCode: 6 });
  });

  test('ends when it is aborted, in the middle of a log', async () => {
    api.objects.set(`${jobs}/${job}`, jobWith());
    api.objects.set(`${pods}/p1`, pod({ running: {} }));
    const controller = new AbortController();
    api.before = ({ path: where }, response) => {
      if (!where.endsWith('/log')) return undefined;
      start(response).write(line(1, 'one'));
      setTimeout(() => controller.abort(), 20);
      return true;
    };
    await expect(follow({}, controller.signal)).rejects.toMatchObject({ code: 'aborted', exitCode: 75 });
  });

  test('without --follow it prints what there is', async () => {
    api.objects.set(`${jobs}/${job}`, jobWith());
    api.objects.set(`${pods}/p1`, pod({ running: {} }));
    api.before = ({ path: where, query }, response) => {
      if (!where.endsWith('/log')) return undefined;
      expect(query.follow).toBeUndefined();
      start(response).end(line(1, 'one'));
      return true;
    };
    const { end, lines } = await follow({ follow: false });
    expect([end.state, lines]).toEqual(['running', ['one']]);
  });

  test('times are compared as moments, in whatever zone and with however many digits', () => {
    expect(stamped('2026-01-01T01:00:00.5+01:00 a').time).toBe(
      stamped('2026-01-01T00:00:00.500000000Z b').time,
    );
    expect(stamped('no time')).toEqual({ time: null, text: 'no time' });
    expect(stamped('2026-01-01T00:00:00Z  two spaces').text).toBe(' two spaces');
  });
});

describe('a server that does not end', () => {
  test('is not asked for one page after the other for ever', async () => {
    api.before = (_, response) => answer(response, 200, { items: [], metadata: { continue: 'more' } });
    await expect(clusterStatus(await open(), 'nidify', null)).rejects.toMatchObject({
      code: 'cluster-unavailable',
      exitCode: 75,
    });
  });

  test('has a line without an end told in pieces', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    api.before = (_, response) => {
      for (let count = 0; count < 20; count++) response.write(piece);
      response.end();
      return true;
    };
    const lengths: number[] = [];
    for await (const line of (await open()).lines({ method: 'GET', path: '/log' })) lengths.push(line.length);
    expect(lengths.length).toBeGreaterThan(1);
    expect(lengths.reduce((sum, each) => sum + each, 0)).toBe(20 * piece.length);
  });

  test('has the beginning of its refusal told', async () => {
    let isCut = false;
    api.before = (_, response) => {
      response.writeHead(403);
      const more = () =>
        void (response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more)));
      response.on('close', () => {
        isCut = true;
      });
      more();
      return true;
    };
    const lines = (await open()).lines({ method: 'GET', path: '/log' });
    await expect(lines.next()).rejects.toMatchObject({ code: 'not-authorized' });
    await expect.poll(() => isCut).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import type { GivenOptions } from '../../src/worker/read-options.ts';
import {
  clusterSeccomp,
  manifestFiles,
  manifestStream,
  type Rendered,
  renderCluster,
} from '../../src/worker/render.ts';
import type { ClusterObject, PodSpec } from '../../src/worker/types.ts';
import { builderImage, commit, digest, optionsOf } from './support/options.ts';
import { kubernetesVersions, schemaErrors } from './support/schemas.ts';
import { apiRefusals, violations } from './support/standards.ts';

const builds: GivenOptions[] = [
  { builder: 'nix' },
  { builder: 'buildah' },
  { builder: 'buildah', isolation: 'single-id' },
  { builder: 'buildah', apparmor: 'nidify' },
];
const profiles = ['none', 'rootless', 'gvisor', 'sidecar'] as const;
const extras: GivenOptions[] = [
  {},
  {
    cacheSize: '50Gi',
    registrySecret: 'push',
    pullSecret: 'pull',
    persist: ['~/.claude', '.'],
    quota: ['limits.cpu=8', 'pods=10'],
    toleration: ['builds=yes:NoSchedule', 'spot:NoExecute'],
    nodeSelector: ['disktype=ssd', 'on=off'],
    storageClass: 'fast',
    runtimeClass: 'kata',
    egress: ['10.0.0.5/32:5000', '[fd00::5]/128:5000'],
    cpu: '500m',
    memory: '1Gi',
    deadline: '900',
    ttl: '60',
  },
  { kind: 'pod', workerNetwork: 'none', persist: ['~/.claude'] },
  { replicas: '3', workerNetwork: 'all', hostUsers: false },
];
const matrix = builds
  .flatMap((build) =>
    profiles.flatMap((profile) => extras.map((extra): GivenOptions => ({ ...build, profile, ...extra }))),
  )
  // What Nix builds alone has no engine.
  .filter(({ builder, profile }) => builder === 'buildah' || profile === 'none');

const podOf = (object: ClusterObject): PodSpec | null => {
  const spec = object.spec as { template?: { spec: PodSpec } } & PodSpec;
  if (object.kind === 'Pod') return spec;
  return spec?.template?.spec ?? null;
};
const render = (given: GivenOptions, command?: string[]) => renderCluster(optionsOf(given, command));
const find = ({ objects }: Rendered, kind: string, name?: string): ClusterObject => {
  const found = objects.find(
    (each) => each.kind === kind && (name === undefined || each.metadata.name === name),
  );
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
};
/** Where AppArmor's field and sidecars came: older clusters are served without them. */
const oldestOf = (object: ClusterObject) => {
  const text = JSON.stringify(object);
  return text.includes('appArmorProfile') ? '1.30' : '1.28';
};

describe('every combination', () => {
  test.each(matrix.map((given) => [JSON.stringify(given), given] as const))('%s', (_name, given) => {
    const rendered = render(given);
    const text = JSON.stringify(rendered.objects);
    expect(text).not.toContain('"privileged":true');
    expect(text).not.toMatch(/ClusterRole|hostPath|hostNetwork|Unconfined"[^}]*localhost/);
    for (const object of rendered.objects) {
      const versions = kubernetesVersions.filter((version) => version >= oldestOf(object));
      for (const version of versions) expect([version, schemaErrors(version, object)]).toEqual([version, []]);
      expect(object.metadata.namespace).toBe(object.kind === 'Namespace' ? undefined : 'nidify');

      const pod = podOf(object);
      if (pod === null) continue;
      const claimed = object.metadata.annotations?.['nidify.dev/pod-security'];
      expect(apiRefusals(pod)).toEqual([]);
      if (claimed !== 'privileged') {
        expect(violations(pod, claimed === 'restricted' ? 'restricted' : 'baseline')).toEqual([]);
      } else {
        // No more is asked of a namespace than is needed.
        expect(violations(pod, 'baseline')).not.toEqual([]);
      }
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
        expect(container.resources.requests).toEqual(container.resources.limits);
        expect(container.resources.limits).toMatchObject({
          cpu: expect.any(String),
          memory: expect.any(String),
        });
        expect(container.securityContext.capabilities?.drop).toEqual(['ALL']);
        expect(container.securityContext.seccompProfile).toBeDefined();
        const mounts = (container.volumeMounts ?? []).map(({ name }) => name);
        const volumes = (pod.volumes ?? []) as { name: string }[];
        expect(volumes.map(({ name }) => name)).toEqual(expect.arrayContaining(mounts));
      }
    }
    const label = find(rendered, 'Namespace').metadata.labels?.['pod-security.kubernetes.io/enforce'];
    expect(label).toBe(rendered.standard);
  });

  test('is found wrong when something is wrong: the schemas know fields and types', () => {
    const job = find(render({}), 'Job');
    const broken = structuredClone(job) as unknown as {
      spec: { backoffLimit: unknown; template: { spec: object } };
    };
    broken.spec.backoffLimit = 'once';
    Object.assign(broken.spec.template.spec, { hostUser: false });
    for (const version of kubernetesVersions) {
      const errors = schemaErrors(version, broken as unknown as ClusterObject);
      expect(errors.join('\n')).toContain('/spec/backoffLimit must be number');
      expect(errors.join('\n')).toContain('"additionalProperty":"hostUser"');
      const without = { ...job, spec: {} };
      expect(schemaErrors(version, without).join('\n')).toContain('"missingProperty":"template"');
    }
  });
});

describe('rights', () => {
  test('are of one namespace, name no Secrets, and bind one account', () => {
    const rendered = render({});
    expect(find(rendered, 'Role').rules).toEqual([
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get', 'list', 'watch', 'delete'] },
      { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(JSON.stringify(find(rendered, 'Role'))).not.toMatch(/secrets|\*/);
    expect(find(rendered, 'RoleBinding').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'nidify-orchestrator', namespace: 'nidify' },
    ]);
    const accounts = rendered.objects.filter(({ kind }) => kind === 'ServiceAccount');
    expect(accounts.map(({ metadata }) => metadata.name)).toEqual([
      'nidify-orchestrator',
      'nidify-build',
      'nidify-worker',
    ]);
    for (const account of accounts) expect(account.automountServiceAccountToken).toBe(false);
  });
});

describe('the build', () => {
  test('is named by repository and commit, and bounded', () => {
    const rendered = render({ deadline: '900' });
    expect(rendered.job).toMatch(/^nidify-build-[0-9a-f]{12}-0123456789ab$/);
    const job = find(rendered, 'Job');
    expect(job.metadata.name).toBe(rendered.job);
    expect(job.spec).toMatchObject({
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 3600,
      backoffLimit: 3,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          {
            action: 'FailJob',
            // In order, as the API server wants them; not 75, which is worth another attempt.
            onExitCodes: { containerName: 'build', operator: 'In', values: [1, 2, 3, 4, 5, 6] },
          },
        ],
      },
    });
    // The policy is for pods that are not started again in their place.
    expect(podOf(job)?.restartPolicy).toBe('Never');
    expect(podOf(job)?.containers[0]?.command).toEqual([
      ...['nidify', 'image', 'https://git.example.com/team/shop.git', '--commit', commit],
      ...[
        '--registry',
        'registry.example.com/team',
        '--prefix',
        'snapshot',
        '--layers',
        'repository',
        '--json',
      ],
    ]);
    // The image that the worker runs is the one that is pushed.
    const [, repository = '', short = ''] = /build-(\w+)-(\w+)$/.exec(rendered.job ?? '') ?? [];
    expect(podOf(find(rendered, 'Deployment'))?.containers[0]?.image).toBe(
      `registry.example.com/team/snapshot:${repository}-${short}`,
    );
  });

  test('of Nix has a user namespace, its own /proc and no capability', () => {
    const pod = podOf(find(render({ builder: 'nix' }), 'Job'));
    expect(pod?.hostUsers).toBe(false);
    expect(pod?.containers[0]?.securityContext).toMatchObject({
      procMount: 'Unmasked',
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/nidify.json' },
    });
  });

  test('of Buildah is root of a user namespace, or a single id without any capability', () => {
    const root = podOf(find(render({ builder: 'buildah' }), 'Job'));
    expect(root?.hostUsers).toBe(false);
    expect(root?.containers[0]?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      // The toolchain in the image is Nix's, and so is the sandbox that it is built in.
      procMount: 'Unmasked',
    });
    expect(root?.containers[0]?.env).toContainEqual({ name: 'NIX_REMOTE', value: 'local?root=/cache/nix' });
    expect(root?.containers[0]?.env).toContainEqual({ name: 'NIX_CONFIG', value: 'build-users-group =' });
    const single = podOf(find(render({ builder: 'buildah', isolation: 'single-id' }), 'Job'));
    expect(single?.containers[0]?.securityContext).toMatchObject({ runAsUser: 1001, runAsNonRoot: true });
    expect(single?.containers[0]?.securityContext.capabilities).toEqual({ drop: ['ALL'] });
  });

  test('reads credentials from a Secret that the kubelet mounts, and only then', () => {
    const pod = podOf(find(render({ registrySecret: 'push' }), 'Job'));
    expect(pod?.containers[0]?.env).toContainEqual({ name: 'DOCKER_CONFIG', value: '/registry' });
    expect(JSON.stringify(pod?.volumes)).toContain('".dockerconfigjson"');
    expect(JSON.stringify(podOf(find(render({}), 'Job')))).not.toMatch(/secret|DOCKER_CONFIG/i);
  });

  test('makes the layers that are asked for', () => {
    const words = (layers: string) =>
      podOf(find(render({ layers }), 'Job'))?.containers[0]?.command?.join(' ');
    expect(words('dependencies,repository')).toContain(' --layers dependencies,repository --json');
    expect(words('repository, dependencies')).toBe(words('dependencies,repository'));
    expect(() => render({ layers: 'secrets' })).toThrow('--layers "secrets" is not known');
  });

  test('goes to the node where the cache is in use', () => {
    const affinity = podOf(find(render({ cacheSize: '5Gi' }), 'Job'))?.affinity;
    expect(affinity).toEqual({
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            // The pod has these labels itself: the first one finds a node too.
            labelSelector: {
              matchLabels: { 'app.kubernetes.io/name': 'nidify', 'app.kubernetes.io/component': 'build' },
            },
            topologyKey: 'kubernetes.io/hostname',
          },
        ],
      },
    });
    expect(podOf(find(render({}), 'Job'))?.affinity).toBeUndefined();
  });

  test('asks name servers that it is told of over UDP as well', () => {
    const policy = find(render({ egress: ['169.254.169.254/32:53'] }), 'NetworkPolicy', 'nidify-build');
    expect((policy.spec as { egress: unknown[] }).egress.at(-1)).toEqual({
      to: [{ ipBlock: { cidr: '169.254.169.254/32' } }],
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
    });
  });

  test('reaches names and https, not the networks of the cluster', () => {
    const policy = find(
      render({ registry: 'registry.example.com:5000/team' }),
      'NetworkPolicy',
      'nidify-build',
    );
    expect(policy.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], ingress: [] });
    const egress = JSON.stringify((policy.spec as { egress: unknown }).egress);
    expect(egress).toContain('"except":["10.0.0.0/8"');
    expect(egress).toContain('169.254.0.0/16');
    expect(egress).toContain('{"protocol":"TCP","port":5000}');
    const none = find(render({ workerNetwork: 'none' }), 'NetworkPolicy', 'nidify-worker');
    expect(none.spec).toMatchObject({ egress: [] });
  });
});

describe('the worker', () => {
  test('of a Nix image meets the restricted standard', () => {
    const rendered = renderCluster(optionsOf({ part: 'worker' }));
    expect(rendered.standard).toBe('restricted');
    expect(rendered.objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'NetworkPolicy',
      'Deployment',
    ]);
  });

  test('with rootless Docker may escalate, with two capabilities and one device', () => {
    const main = podOf(find(render({ profile: 'rootless' }), 'Deployment'))?.containers[0];
    expect(main?.securityContext).toMatchObject({
      allowPrivilegeEscalation: true,
      capabilities: { drop: ['ALL'], add: ['SETGID', 'SETUID'] },
    });
    expect(main?.resources.limits['squat.ai/tun']).toBe('1');
    expect(main?.env).toContainEqual({ name: 'ENABLE_DOCKER', value: '1' });
  });

  test('in gVisor names its class', () => {
    expect(podOf(find(render({ profile: 'gvisor' }), 'Deployment'))?.runtimeClassName).toBe('gvisor');
  });

  test('with a sidecar has none of what the engine needs, and shares socket and workspace', () => {
    const pod = podOf(find(render({ profile: 'sidecar' }), 'Deployment'));
    const [migrate, engine] = pod?.initContainers ?? [];
    const [worker] = pod?.containers ?? [];
    expect(migrate?.name).toBe('migrate');
    expect(engine).toMatchObject({ name: 'engine', restartPolicy: 'Always' });
    expect(worker?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(worker?.securityContext.procMount).toBeUndefined();
    expect(worker?.resources.limits['squat.ai/tun']).toBeUndefined();
    const paths = (mounts: typeof worker) => (mounts?.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    for (const shared of ['/run/docker-engine', '/work']) {
      expect(paths(worker)).toContain(shared);
      expect(paths(engine as typeof worker)).toContain(shared);
    }
    expect(JSON.stringify(pod)).not.toMatch(/tcp:\/\/|2375/);
  });

  test('keeps folders on a volume, which the image fills once', () => {
    const rendered = render({ persist: ['~/.claude', '.'] });
    const deployment = find(rendered, 'Deployment');
    expect(deployment.spec).toMatchObject({ strategy: { type: 'Recreate' } });
    const pod = podOf(deployment);
    expect(pod?.containers[0]?.volumeMounts).toEqual([
      {
        name: 'state',
        mountPath: '/home/nidify/.claude',
        subPath: expect.stringMatching(/^home-nidify-claude-\w{8}$/),
      },
      { name: 'state', mountPath: '/work', subPath: expect.stringMatching(/^work-\w{8}$/) },
    ]);
    expect(find(rendered, 'PersistentVolumeClaim', 'nidify-worker-state').spec).toMatchObject({
      resources: { requests: { storage: '10Gi' } },
    });
    // Another image, the same volume.
    const later = renderCluster({ ...optionsOf({ persist: ['~/.claude', '.'] }), commit: 'f'.repeat(40) });
    expect(podOf(find(later, 'Deployment'))?.containers[0]?.volumeMounts).toEqual(
      pod?.containers[0]?.volumeMounts,
    );
  });

  test('runs what it is told', () => {
    const pod = podOf(find(render({}, ['node', 'agent.js', '$$(rm)']), 'Deployment'));
    expect(pod?.containers[0]?.args).toEqual(['node', 'agent.js', '$$$$(rm)']);
  });
});

describe('files', () => {
  const options = optionsOf({ nodeSelector: ['on=off'] });
  const rendered = renderCluster(options);

  test('are one per object, with a kustomization that names them and the profile for the nodes', () => {
    const files = manifestFiles(rendered, options);
    const names = files.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const kustomization = files.find(({ name }) => name === 'kustomization.yaml');
    expect(parseDocument(kustomization?.content ?? '').toJS()).toEqual({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: names.filter((name) => name !== 'kustomization.yaml' && name !== 'seccomp.json'),
    });
    const seccomp = files.find(({ name }) => name === 'seccomp.json');
    expect(JSON.parse(seccomp?.content ?? '')).toEqual(clusterSeccomp());
    // The next commit's Job takes the place of this one's.
    expect(
      manifestFiles(renderCluster({ ...options, commit: 'f'.repeat(40) }), options).map((f) => f.name),
    ).toEqual(names);
  });

  test('say the same to readers of YAML 1.1 and 1.2', () => {
    const stream = manifestStream(rendered, options);
    for (const version of ['1.1', '1.2'] as const) {
      const documents = parseAllDocuments(stream, { version });
      expect(documents.flatMap((each) => ('errors' in each ? each.errors : []))).toEqual([]);
      expect(documents.map((each) => ('toJS' in each ? each.toJS() : null))).toEqual(rendered.objects);
    }
  });

  test('say what was given, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (command) => {
        fc.pre(command.every((word) => !/\p{Cc}|\p{Cs}/u.test(word)));
        const given = optionsOf({ builderImage, image: `shop@${digest}` }, command);
        const objects = renderCluster(given);
        const documents = parseAllDocuments(manifestStream(objects, given), { version: '1.1' });
        expect(documents.map((each) => ('toJS' in each ? each.toJS() : null))).toEqual(objects.objects);
      }),
      { numRuns: 60 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { explanations } from '../../src/cli/explain/subjects.ts';
import type { Config } from '../../src/config/schema.ts';
import type { NestedContainerNeed } from '../../src/detect/types.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { planSchema } from '../../src/plan/schema.ts';
import { testCatalogue } from '../support/catalogue.ts';
import { inventoryOf } from '../support/inventory.ts';

type Some = Partial<NestedContainerNeed>;

function nested(container: string, more: Some = {}): NestedContainerNeed {
  return {
    kind: 'nested-container',
    container,
    version: null,
    network: { build: 'host', run: 'bridge' },
    confidence: 'high',
    because: [{ file: `${container}.txt`, line: 1, text: '', rule: `containers/${container}` }],
    ...more,
  };
}

function planned(needs: NestedContainerNeed[], config: Config = {}) {
  const node = { kind: 'toolchain', id: 'node', project: '.', requests: [], because: [] } as const;
  return planSchema.parse(
    makePlan({
      needs: [{ ...node, requests: [], because: [] }, ...needs],
      inventory: inventoryOf({ 'package.json': '{}' }),
      catalogue: testCatalogue(),
      config,
      configText: null,
      asked: {},
      locked: null,
      version: '1.0.0',
    }),
  );
}

const codes = ({ findings }: ReturnType<typeof planned>) => findings.map(({ code }) => code);

describe('the target', () => {
  it('is a container where the project clearly runs containers itself', () => {
    const plan = planned([nested('testcontainers')]);
    expect(plan.target).toEqual({
      kind: 'container',
      profile: 'rootless',
      network: { build: 'host', run: 'bridge' },
      because: [{ file: 'testcontainers.txt', line: 1, text: '', rule: 'containers/testcontainers' }],
    });
    expect(plan.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(plan.container?.folder).toBe('.devcontainer');
  });

  it('is a container without an engine where one is only asked for', () => {
    const plan = planned([], { target: 'container' });
    expect(plan.target).toEqual({ kind: 'container', profile: null, network: null, because: [] });
    expect(plan.container).toBeDefined();
  });

  it('is Nix where the evidence is vague, and the choice is named', () => {
    const plan = planned([nested('docker-cli', { confidence: 'low' })]);
    expect(plan.target.kind).toBe('nix');
    expect(plan.nestedContainers).toEqual([]);
    expect(plan.findings).toMatchObject([
      {
        code: 'nested-container-possible',
        severity: 'info',
        message: expect.stringContaining('docker-cli.txt:1'),
      },
    ]);
  });

  it('counts vague evidence once it is a container', () => {
    const needs = [nested('docker-cli', { confidence: 'low' }), nested('kind')];
    expect(planned(needs).nestedContainers.map(({ kind }) => kind)).toEqual(['docker-cli', 'kind']);
    expect(planned(needs).target.because.map(({ file }) => file)).toEqual(['kind.txt']);
    const asked = planned(needs.slice(0, 1), { target: 'container' });
    expect(asked.nestedContainers.map(({ kind }) => kind)).toEqual(['docker-cli']);
    expect(asked.target.profile).toBe('rootless');
  });

  it('is what the configuration says', () => {
    const plan = planned([nested('testcontainers')], { target: 'nix' });
    expect(plan.target).toEqual({ kind: 'nix', profile: null, network: null, because: [] });
    expect(plan.nestedContainers).toHaveLength(1);
    expect(codes(plan)).toEqual(['nested-container-unserved']);
  });
});

describe('engine and network of a container', () => {
  it('are what the configuration says', () => {
    const container = { profile: 'sidecar', network: { build: 'bridge' } } as const;
    expect(planned([nested('dagger')], { container }).target).toMatchObject({
      profile: 'sidecar',
      network: { build: 'bridge', run: 'bridge' },
    });
  });

  it('are said to have no effect without a container', () => {
    expect(codes(planned([], { container: { profile: 'gvisor' } }))).toEqual(['setting-unused']);
  });

  it('contradict kinds that need published ports, where the host network is all there is', () => {
    const plan = planned(
      [nested('testcontainers'), nested('act', { network: { build: 'host', run: 'host' } })],
      {
        container: { profile: 'gvisor' },
      },
    );
    expect(plan.target.network).toEqual({ build: 'host', run: 'host' });
    const [refused, ...others] = plan.findings.filter(({ code }) => code === 'container-network-unavailable');
    expect(refused).toMatchObject({ message: expect.stringContaining('testcontainers.txt:1') });
    expect(refused?.hint).toContain('"profile": "rootless"');
    expect(others).toEqual([]);
  });

  it('cannot be a bridge under gVisor, even on request', () => {
    const plan = planned([], {
      target: 'container',
      container: { profile: 'gvisor', network: { run: 'bridge' } },
    });
    expect(codes(plan)).toEqual(['container-network-unavailable', 'image-unpinned']);
  });

  it('differ between kinds: the wider one is taken, and that is said', () => {
    const plan = planned([
      nested('act', { network: { build: 'host', run: 'host' } }),
      nested('testcontainers'),
    ]);
    expect(plan.target.network?.run).toBe('bridge');
    expect(plan.findings.find(({ code }) => code === 'container-networks-differ')?.because).toHaveLength(2);
  });
});

describe('explain container', () => {
  const told = (plan: ReturnType<typeof planned>) => {
    const found = explanations(plan, { catalogue: null, fresh: null }).find(({ names }) =>
      names.includes('container'),
    );
    return found?.facts.map(({ name, text }) => `${name}: ${text}`).join('\n');
  };

  it('tells what runs, and that Nix alone was decided against', () => {
    const text = told(planned([nested('wrangler-containers', { version: '4.66.0' })]));
    expect(text).toContain('runs: wrangler-containers 4.66.0 (build host, run bridge)');
    expect(text).toContain('against: nix alone');
  });

  it('tells the vague evidence that was decided against', () => {
    const text = told(planned([nested('docker-cli', { confidence: 'low' })]));
    expect(text).toContain('against: container: the project may run containers of its own (docker-cli');
  });
});

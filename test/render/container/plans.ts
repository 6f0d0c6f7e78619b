/** One plan per way of making a container. */
import type { Plan, Project } from '../../../src/plan/schema.ts';
import { node, python } from '../plans.ts';

export const project = (parts: Partial<Project>): Project => ({
  path: '.',
  name: null,
  environment: 'default',
  languages: [],
  frameworks: [],
  packageManager: null,
  commands: { install: null, build: null, test: null, start: null, dev: null, lint: null },
  ports: [],
  because: [],
  ...parts,
});

const commands = { build: null, test: null, start: null, dev: null, lint: null };
const at = (file: string) => [{ file, line: 1, text: '', rule: 'containers/test' }];

export function container(profile: Plan['target']['profile'], from: Plan = node): Plan {
  return {
    ...from,
    target: {
      kind: 'container',
      profile,
      network: profile === null ? null : { build: 'host', run: profile === 'gvisor' ? 'host' : 'bridge' },
      because: at('wrangler.jsonc'),
    },
    container: {
      folder: '.devcontainer',
      policy: 'on',
      toolchain: 'nix',
      images: [
        {
          key: 'base',
          reference: 'docker.io/library/debian:trixie-slim',
          digest: `sha256:${'d'.repeat(64)}`,
        },
      ],
    },
    nestedContainers:
      profile === null
        ? []
        : [
            {
              kind: 'wrangler-containers',
              version: '4.2.0',
              network: { build: 'host', run: 'bridge' },
              because: at('wrangler.jsonc'),
            },
          ],
    variables: [
      { name: 'API_TOKEN', value: null, required: true, because: at('.env.example') },
      { name: 'LOG_LEVEL', value: 'info', required: false, because: [] },
    ],
    projects: [
      project({
        languages: ['node'],
        commands: { ...commands, install: 'pnpm install --frozen-lockfile' },
        ports: [8787, 3000],
      }),
      project({
        path: 'services/api',
        languages: ['python'],
        commands: { ...commands, install: 'uv sync' },
        ports: [3000],
      }),
    ],
  };
}

const withoutDocker = container(null, python);

export const variants = {
  rootless: container('rootless'),
  gvisor: container('gvisor'),
  sidecar: container('sidecar'),
  'no-docker': withoutDocker,
  features: {
    ...container('rootless'),
    container: {
      folder: '.devcontainer',
      policy: 'on',
      toolchain: 'features',
      features: [
        { id: 'ghcr.io/devcontainers/features/node:2', options: { version: '22.22', pnpmVersion: '10' } },
      ],
      images: [{ key: 'base', reference: 'docker.io/library/debian:trixie-slim', digest: null }],
    },
  },
} satisfies Record<string, Plan>;

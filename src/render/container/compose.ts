import type { Plan } from '../../plan/schema.ts';
import { subject } from '../header.ts';
import { inconsistent } from '../packages.ts';
import { oneLine } from '../text.ts';
import { below, type Placing } from '../types.ts';
import { yamlDocument } from '../yaml.ts';
import { composeWorkspace, engineFolder, runFlags } from './settings.ts';

const asWorker = ['setpriv', '--reuid', 'worker', '--regid', 'worker', '--init-groups'];

/**
 * `compose.yaml` of the sidecar profile: https://docs.docker.com/reference/compose-file/. The engine has a container
 * of its own; the worker has none of what the engine needs, and shares its network and its socket.
 *
 * @param placing where it goes: what is mounted is the repository's folder
 */
export function compose(plan: Plan, placing: Placing): string {
  if (plan.container === undefined) throw inconsistent('it has no container');
  const { folder } = plan.container;
  const levels = folder.split('/').map(() => '..');
  // A dollar would begin a variable of Compose.
  const up = below(levels.join('/'), placing.repository).replaceAll('$', '$$$$');
  const engine = { ...plan, target: { ...plan.target, profile: 'rootless' as const } };
  const flags = runFlags(engine, './seccomp.json');
  const values = (name: string) =>
    flags.filter((flag) => flag.startsWith(`--${name}=`)).map((flag) => flag.slice(name.length + 3));
  const image = { build: { context: '.' } };
  return yamlDocument(
    [
      `${subject(plan)} beside a Docker engine of its own.`,
      '',
      `docker compose -f ${below(placing.output, folder)}/compose.yaml run --rm worker COMMAND`,
    ].map((line) => oneLine(line, 200)),
    {
      // Else it is that of the folder, which has the same name in every repository: they would share volumes.
      name: projectName(plan),
      services: {
        engine: {
          ...image,
          command: ['sleep', 'infinity'],
          environment: { ENABLE_DOCKER: '1' },
          cap_drop: ['ALL'],
          cap_add: values('cap-add'),
          security_opt: values('security-opt'),
          // Docker's own words for a variable with another value where it is not set.
          devices: values('device').map((device) => `\${NIDIFY_TUN_DEVICE:-${device}}:${device}`),
          volumes: ['socket:/run/docker-engine', `engine:${engineFolder}`, `${up}:${composeWorkspace}`],
          healthcheck: {
            // Root without capabilities may not open the socket: the worker may.
            test: ['CMD', ...asWorker, 'docker', 'version'],
            interval: '1s',
            timeout: '5s',
            retries: 60,
          },
        },
        worker: {
          ...image,
          command: ['sleep', 'infinity'],
          depends_on: { engine: { condition: 'service_healthy' } },
          // Ports that the engine publishes are on the worker's own localhost then.
          network_mode: 'service:engine',
          cap_drop: ['ALL'],
          cap_add: ['SETUID', 'SETGID'],
          working_dir: composeWorkspace,
          volumes: ['socket:/run/docker-engine', `${up}:${composeWorkspace}`],
        },
      },
      volumes: { socket: {}, engine: {} },
    },
  );
}

/** https://docs.docker.com/compose/how-tos/project-name/ */
function projectName({ repository }: Plan): string {
  const name = repository.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return `nidify-${name === '' ? 'environment' : name}`;
}

/** What of a compose file does not work, or is a risk, where the engine runs in a container without privileges. */
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { Severity } from '../../plan/schema.ts';
import { evidence } from '../evidence.ts';
import { resolvePath } from '../shared/resolve.ts';
import { folderOf } from '../shared/tree.ts';
import type { FindingNeed } from '../types.ts';
import type { ComposeFile } from './compose.ts';
import { withDefaults } from './services.ts';

interface Rule {
  code: string;
  severity: Severity;
  /** Where in a service, from its name; null where it is not so. */
  place(service: unknown, folder: string): Path | null;
  message(name: string, file: string): string;
  hint: string;
}

const rules: readonly Rule[] = [
  {
    code: 'compose-privileged',
    severity: 'warning',
    place: (service) => (valueAt(service, ['privileged']) === true ? ['privileged'] : null),
    message: (name, file) =>
      `${file}: the service ${name} is privileged: without privileges its engine cannot give it any`,
    hint: 'Name the capabilities and devices that it needs (cap_add, devices) instead.',
  },
  {
    code: 'compose-host-network',
    severity: 'warning',
    place: (service) => (stringAt(service, ['network_mode']) === 'host' ? ['network_mode'] : null),
    message: (name, file) =>
      `${file}: the service ${name} is on the network of the host, which is that of the container around it`,
    hint: 'Publish ports ("ports") instead, unless the engine offers no other network.',
  },
  {
    code: 'compose-engine-socket',
    severity: 'warning',
    place: (service) => mountAt(service, (source) => /(docker|podman|containerd)\.sock$/.test(source)),
    message: (name, file) => `${file}: the service ${name} controls the engine by its socket`,
    hint: 'Whoever controls the socket controls every container; a rootless engine has it elsewhere ($DOCKER_HOST).',
  },
  {
    code: 'compose-outside-mount',
    severity: 'warning',
    place: (service, folder) =>
      mountAt(
        service,
        (source) => isOutside(source, folder) && !/(docker|podman|containerd)\.sock$/.test(source),
      ),
    message: (name, file) => `${file}: the service ${name} mounts a folder from outside the project`,
    hint: 'It is not there in a container; keep the data in the project or in a named volume.',
  },
  {
    code: 'compose-limits',
    severity: 'info',
    place: (service) =>
      [['deploy', 'resources', 'limits'], ['mem_limit'], ['cpus']].find(
        (path) => valueAt(service, path) !== undefined,
      ) ?? null,
    message: (name, file) =>
      `${file}: the limits of the service ${name} are not enforced without a delegated cgroup`,
    hint: 'Bound the container around the engine instead.',
  },
];

/** At most one finding of a rule for each file: the first service. */
export function composeFindings({ file, document }: ComposeFile): FindingNeed[] {
  const services = entriesAt(document.value, ['services']).slice(0, 500);
  return rules.flatMap(({ code, severity, place, message, hint }) => {
    for (const [name, service] of services) {
      const path = place(service, folderOf(file.path));
      if (path === null) continue;
      const line = document.line(['services', name, ...path]);
      const because = [evidence(file, line, `containers/${code}`)];
      return [
        { kind: 'finding', code, severity, message: message(shortened(name), file.path), hint, because },
      ];
    }
    return [];
  });
}

function shortened(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}

/** The first mount whose source is so; named volumes have none. */
function mountAt(service: unknown, isSo: (source: string) => boolean): Path | null {
  const volumes = valueAt(service, ['volumes']);
  if (!Array.isArray(volumes)) return null;
  for (const [at, volume] of volumes.slice(0, 200).entries()) {
    const source = sourceOf(volume);
    if (source !== null && isSo(source)) return ['volumes', at];
  }
  return null;
}

/** `./data:/data:ro`, or `{ type: bind, source: … }`; `${NAME:-value}` stands for its default. */
function sourceOf(volume: unknown): string | null {
  const text = isRecord(volume) ? stringAt(volume, ['source']) : typeof volume === 'string' ? volume : null;
  if (text === null || text.length > 1000) return null;
  const plain = withDefaults(text.replace(/^\$(PWD\b|\{PWD\})/, '.'));
  if (isRecord(volume)) return stringAt(volume, ['type']) === 'bind' ? plain : null;
  const colon = plain.indexOf(':');
  return colon > 0 && /^[./~]/.test(plain) ? plain.slice(0, colon) : null;
}

function isOutside(source: string, folder: string): boolean {
  return source.startsWith('~') || resolvePath(folder, source) === null;
}

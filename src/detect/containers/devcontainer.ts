/** A dev container that the repository has already: https://containers.dev/implementors/json_reference/ */
import { append } from '../../append.ts';
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Severity } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { isSecret } from '../shared/secrets.ts';
import { folderOf, isSideFolder } from '../shared/tree.ts';
import type { FindingNeed } from '../types.ts';
import type { Sign } from './signs.ts';

/** Where tools look for it: https://containers.dev/implementors/spec/#devcontainerjson */
const places = /(^|\/)(\.devcontainer\/([^/]+\/)?devcontainer\.json|\.devcontainer\.json)$/;

export async function devContainers({
  files,
}: Inventory): Promise<{ signs: Sign[]; findings: FindingNeed[] }> {
  const signs: Sign[] = [];
  const findings: FindingNeed[] = [];
  for (const file of files.values()) {
    if (!places.test(file.path) || isSideFolder(folderOf(file.path))) continue;
    const document = await parseJsonFile(file, { comments: true });
    if (document === null) continue;
    append(signs, featureSigns(file, document));
    append(
      findings,
      risks.flatMap((risk) => found(risk, file, document)),
    );
  }
  return { signs, findings };
}

/** Features that bring an engine, or the host's. */
const engineFeature = /(^|\/)docker-(in-docker|outside-of-docker|from-docker)(-\w+)?(:|@|$)/;

function featureSigns(file: ClaimedFile, document: ParsedDocument): Sign[] {
  return entriesAt(document.value, ['features'])
    .filter(([name]) => engineFeature.test(name))
    .map(([name]) => ({
      container: 'docker-cli',
      confidence: 'high',
      because: evidence(file, document.line(['features', name]), 'containers/devcontainer-feature'),
    }));
}

interface Risk {
  code: string;
  severity: Severity;
  place(value: unknown): Path | null;
  says: string;
  hint: string;
}

const risks: readonly Risk[] = [
  {
    code: 'devcontainer-privileged',
    severity: 'warning',
    place: (value) =>
      valueAt(value, ['privileged']) === true ? ['privileged'] : argument(value, /^--privileged(=true)?$/),
    says: 'runs privileged: whatever runs in it is root on the host',
    hint: 'Leave it out; the container target runs an engine without it.',
  },
  {
    code: 'devcontainer-unconfined',
    severity: 'warning',
    place: (value) =>
      item(value, 'capAdd', /^(CAP_)?(SYS_ADMIN|ALL)$/i) ??
      item(value, 'securityOpt', /unconfined/) ??
      argument(value, /^(--cap-add=)?(CAP_)?(SYS_ADMIN|ALL)$/i) ??
      argument(value, /(seccomp|apparmor)[=:]unconfined/),
    says: 'takes the bounds of a container away (capabilities, seccomp or AppArmor)',
    hint: 'Name the one capability or system call that is needed.',
  },
  {
    code: 'devcontainer-host-network',
    severity: 'warning',
    place: (value) => argument(value, /^--net(work)?=host$/) ?? optionWith(value, /^--net(work)?$/, /^host$/),
    says: 'is on the network of the host: it reaches every service that listens there',
    hint: 'Forward ports ("forwardPorts") instead.',
  },
  {
    code: 'devcontainer-engine-socket',
    severity: 'warning',
    place: (value) => mount(value, (source) => isSocket(source)),
    says: "controls the host's engine by its socket: that is root on the host",
    hint: 'Use an engine of its own, as the container target has it.',
  },
  {
    code: 'devcontainer-host-mount',
    severity: 'warning',
    place: (value) => mount(value, (source) => !isSocket(source) && isOfHost(source)),
    says: 'mounts a folder of the host that is not the project',
    hint: 'Use a volume ("type=volume"), or keep the data in the project.',
  },
  {
    code: 'devcontainer-host-secret',
    severity: 'warning',
    place: hostSecret,
    says: 'takes a secret from the environment of the host',
    hint: 'Everything that runs in the container can read it; pass secrets where they are used, or as "secrets".',
  },
  {
    code: 'devcontainer-host-command',
    severity: 'warning',
    place: (value) => (valueAt(value, ['initializeCommand']) === undefined ? null : ['initializeCommand']),
    says: 'runs a command on the host, outside every container, as soon as it is opened (initializeCommand)',
    hint: 'Use onCreateCommand or postCreateCommand, which run in the container.',
  },
];

function found(
  { code, severity, place, says, hint }: Risk,
  file: ClaimedFile,
  document: ParsedDocument,
): FindingNeed[] {
  const path = place(document.value);
  if (path === null) return [];
  const because = [evidence(file, document.line(path), `containers/${code}`)];
  return [{ kind: 'finding', code, severity, message: `${file.path} ${says}`, hint, because }];
}

/** The first string of a list that looks so. */
function item(value: unknown, key: string, pattern: RegExp): Path | null {
  const list = valueAt(value, [key]);
  const at = Array.isArray(list)
    ? list.findIndex((each) => typeof each === 'string' && pattern.test(each.slice(0, 500)))
    : -1;
  return at === -1 ? null : [key, at];
}

function argument(value: unknown, pattern: RegExp): Path | null {
  return item(value, 'runArgs', pattern);
}

function optionWith(value: unknown, option: RegExp, wanted: RegExp): Path | null {
  const list = stringsAt(value, ['runArgs']);
  const at = list.findIndex((each, index) => option.test(each) && wanted.test(list[index + 1] ?? ''));
  return at === -1 ? null : ['runArgs', at];
}

function mount(value: unknown, isSo: (source: string) => boolean): Path | null {
  const mounts = valueAt(value, ['mounts']);
  for (const [at, each] of (Array.isArray(mounts) ? mounts : []).slice(0, 200).entries()) {
    const source = mountSource(each);
    if (source !== null && isSo(source)) return ['mounts', at];
  }
  const options = stringsAt(value, ['runArgs']);
  const at = options.findIndex((each, index) => {
    const given = /^(?:-v|--volume)(?:=(?<value>.*))?$/.exec(each.slice(0, 1000));
    const text = given?.groups?.value ?? (given === null ? '' : (options[index + 1] ?? ''));
    const source = text.replace(/:\/.*$/, '');
    return source !== '' && isSo(source);
  });
  return at === -1 ? null : ['runArgs', at];
}

/** `source=/x,target=/y,type=bind`, or an object: https://docs.docker.com/reference/cli/docker/container/run/#mount */
function mountSource(entry: unknown): string | null {
  if (isRecord(entry)) return stringAt(entry, ['type']) === 'volume' ? null : stringAt(entry, ['source']);
  if (typeof entry !== 'string' || entry.length > 1000) return null;
  const fields = entry.split(',');
  if (fields.includes('type=volume')) return null;
  return (
    /^(?:source|src)=(?<source>.*)$/.exec(fields.find((field) => /^(source|src)=/.test(field)) ?? '')?.groups
      ?.source ?? null
  );
}

function isSocket(source: string): boolean {
  return /(docker|podman|containerd)(-host)?\.sock$/.test(source);
}

function isOfHost(source: string): boolean {
  return (
    /^([/~]|\.\.(\/|$)|\$\{localEnv:)/.test(source) || /^\$\{localWorkspaceFolder\}\/\.\.(\/|$)/.test(source)
  );
}

const maxValues = 5000;

/** `${localEnv:NAME}` anywhere, where the name is that of a secret. */
function hostSecret(value: unknown): Path | null {
  const open: { value: unknown; path: Path }[] = [{ value, path: [] }];
  let seen = 0;
  for (let next = open.shift(); next !== undefined && seen < maxValues; next = open.shift()) {
    seen++;
    const { path } = next;
    if (typeof next.value === 'string') {
      const names = [...next.value.slice(0, 4000).matchAll(/\$\{localEnv:(?<name>\w{1,100})/g)];
      if (names.some(({ groups }) => isSecret(groups?.name ?? '', ''))) return path;
    } else if (Array.isArray(next.value)) {
      for (const [at, each] of next.value.slice(0, maxValues).entries())
        open.push({ value: each, path: [...path, at] });
    } else if (isRecord(next.value)) {
      for (const [key, each] of Object.entries(next.value).slice(0, maxValues))
        open.push({ value: each, path: [...path, key] });
    }
  }
  return null;
}

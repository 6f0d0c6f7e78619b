import type { Plan } from '../../plan/schema.ts';
import { inconsistent } from '../packages.ts';
import { oneLine, printable } from '../text.ts';
import { below, type Placing } from '../types.ts';
import { installation } from './installation.ts';
import { caches, composeWorkspace, engineFolder, hasDocker, runFlags } from './settings.ts';
import { editorExtensions } from './tools.ts';

const waitForDocker = ['boot.sh', '--wait'];

/**
 * `devcontainer.json`: https://containers.dev/implementors/json_reference/. Without comments, so that any reader
 * of JSON takes it.
 *
 * @param placing where it goes: the workspace is the repository's folder
 */
export function devcontainer(plan: Plan, { output }: Placing): string {
  const { repository, container } = plan;
  if (container === undefined) throw inconsistent('it has no container');
  const install = installation(plan);
  const ports = portsOf(plan);
  const features = Object.fromEntries((container.features ?? []).map(({ id, options }) => [id, options]));
  const isBesideEngine = plan.target.profile === 'sidecar';
  const name = repository.name === 'environment' ? '' : label(repository.name, 80);
  const value = {
    name: name === '' ? 'Development environment' : name,
    ...(isBesideEngine
      ? { dockerComposeFile: 'compose.yaml', service: 'worker', workspaceFolder: composeWorkspace }
      : { build: { dockerfile: 'Dockerfile', context: '.' } }),
    ...(Object.keys(features).length === 0 ? {} : { features }),
    remoteUser: 'worker',
    // The image's own entry point and command: they start Docker.
    overrideCommand: false,
    ...(isBesideEngine ? {} : ownContainer(plan, below(output, container.folder))),
    // The first comes before anything is installed, the second with every start.
    ...(hasDocker(plan) && !isBesideEngine
      ? { onCreateCommand: waitForDocker, postStartCommand: waitForDocker }
      : {}),
    ...(install === null ? {} : { updateContentCommand: install }),
    ...(ports.length === 0 ? {} : { forwardPorts: ports }),
    ...secretsOf(plan),
    customizations: { vscode: { extensions: extensionsOf(plan) } },
  };
  return printable(`${JSON.stringify(value, null, 2)}\n`);
}

/** What a compose file says for its services, and devcontainer.json for a container of its own. */
function ownContainer(plan: Plan, folder: string): object {
  return {
    // A compose file says it itself. Whatever the base image says: boot.sh becomes the worker.
    containerUser: 'root',
    ...(hasDocker(plan) ? { containerEnv: { ENABLE_DOCKER: '1' } } : {}),
    runArgs: runFlags(plan, `\${localWorkspaceFolder}/${folder}/seccomp.json`),
    mounts: mountsOf(plan),
  };
}

function mountsOf(plan: Plan): object[] {
  const volume = (name: string, target: string) => ({
    type: 'volume',
    source: `${name}-\${devcontainerId}`,
    target,
  });
  const kept = caches(plan).flatMap(({ id, folders }) =>
    folders.map((target, at) => volume(at === 0 ? id : `${id}-${at + 1}`, target)),
  );
  return [...(hasDocker(plan) ? [volume('docker', engineFolder)] : []), ...kept];
}

/** In order, each once, and only those that a machine has. */
function portsOf({ projects }: Plan): number[] {
  const all = new Set(projects.flatMap(({ ports }) => ports));
  return [...all].filter((port) => port >= 1 && port <= 65_535).sort((a, b) => a - b);
}

/** Declared so that editors ask for them; their values are nobody's but the user's. */
function secretsOf({ variables }: Plan): object {
  const wanted = variables.filter(
    ({ name, value, required }) => required && value === null && /^[a-zA-Z_]\w*$/.test(name),
  );
  if (wanted.length === 0) return {};
  const entries = wanted.map(({ name, because: [first] }) => {
    const file = first === undefined ? '' : label(first.file, 120);
    const asking = file === '' ? {} : { description: `Asked for by ${file}` };
    return [name, asking] as const;
  });
  return { secrets: Object.fromEntries(entries) };
}

/** One line for people, in which readers of devcontainer.json replace nothing. */
function label(text: string, limit: number): string {
  return oneLine(text, limit).replaceAll('${', '$ {');
}

function extensionsOf(plan: Plan): string[] {
  const languages = new Set(plan.projects.flatMap((project) => project.languages));
  const own = [...languages].flatMap((language) => editorExtensions[language] ?? []);
  return [...new Set([...own, ...(hasDocker(plan) ? ['ms-azuretools.vscode-docker'] : [])])].sort();
}

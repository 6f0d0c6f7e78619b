import type { Plan, Project } from '../../plan/schema.ts';
import { inconsistent } from '../packages.ts';
import { shellWord } from '../shell.ts';
import { oneLine, printable } from '../text.ts';
import { caches, composeWorkspace, engineFolder, hasDocker, runFlags } from './settings.ts';
import { editorExtensions, toolchainFeatures } from './tools.ts';

const waitForDocker = ['boot.sh', '--wait'];

/**
 * `devcontainer.json`: https://containers.dev/implementors/json_reference/. Without comments, so that any reader
 * of JSON takes it.
 */
export function devcontainer(plan: Plan): string {
  const { repository, container } = plan;
  if (container === undefined) throw inconsistent('it has no container');
  const install = installCommands(plan);
  const ports = [...new Set(plan.projects.flatMap((project) => project.ports))].sort((a, b) => a - b);
  const features = container.toolchain === 'features' ? featuresOf(plan) : {};
  const isBesideEngine = plan.target.profile === 'sidecar';
  const value = {
    name: repository.name === 'environment' ? 'Development environment' : oneLine(repository.name, 80),
    ...(isBesideEngine
      ? { dockerComposeFile: 'compose.yaml', service: 'worker', workspaceFolder: composeWorkspace }
      : { build: { dockerfile: 'Dockerfile', context: '.' } }),
    ...(Object.keys(features).length === 0 ? {} : { features }),
    containerUser: 'root',
    remoteUser: 'worker',
    // The image's own entry point and command: they start Docker.
    overrideCommand: false,
    ...(isBesideEngine ? {} : ownContainer(plan, container.folder)),
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

/** One command per project, by its path; null where nothing is to be installed. */
function installCommands({ projects }: Plan): Record<string, string> | null {
  const entries = projects.flatMap((project) => {
    const command = installCommand(project);
    return command === null ? [] : [[project.path, command] as const];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function installCommand({ path, commands }: Project): string | null {
  const command = commands.install ?? null;
  if (command === null) return null;
  return path === '.' ? command : `cd ${shellWord(path)} && ${command}`;
}

/** Declared so that editors ask for them; their values are nobody's but the user's. */
function secretsOf({ variables }: Plan): object {
  const wanted = variables.filter(({ value, required }) => required && value === null);
  if (wanted.length === 0) return {};
  const entries = wanted.map(({ name, because }) => {
    const [first] = because;
    const from = first === undefined ? '' : `Asked for by ${oneLine(first.file, 120)}`;
    return [name, { description: from }] as const;
  });
  return { secrets: Object.fromEntries(entries) };
}

function extensionsOf(plan: Plan): string[] {
  const languages = new Set(plan.projects.flatMap((project) => project.languages));
  const own = [...languages].flatMap((language) => editorExtensions[language] ?? []);
  return [...new Set([...own, ...(hasDocker(plan) ? ['ms-azuretools.vscode-docker'] : [])])].sort();
}

function featuresOf({ toolchains }: Plan): Record<string, object> {
  return Object.fromEntries(
    toolchains.flatMap(({ id, version }) => {
      const feature = toolchainFeatures[id];
      return feature === undefined ? [] : [[feature, version === null ? {} : { version }] as const];
    }),
  );
}

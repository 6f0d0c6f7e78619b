import { Argument, type Command, Option } from 'commander';
import type { Context } from './context.ts';
import { collect, json, ref, timeout } from './options.ts';

/** Makes the action of a command of its positional arguments and its body, which is loaded when it runs. */
export type BodyOf = <A extends object>(
  names: readonly string[],
  load: () => Promise<(args: A, context: Context) => Promise<number>>,
) => (...given: unknown[]) => Promise<void>;

/** `nidify worker …`: its commands and their options. */
export function workerCommands(program: Command, body: BodyOf, after: readonly string[]): void {
  const worker = program
    .command('worker')
    .description('build and run worker images in a Kubernetes cluster')
    .usage('<command> [options]');

  clusterOptions(worker.command('render'))
    .description('write the manifests: nidify worker render [directory] [options] [-- COMMAND...]')
    .addOption(timeout('bound of cloning a Git URL (300)'))
    .option('-o, --output <dir>', 'one file per object and a kustomization, instead of one stream')
    .option('--force', 'write over files that nidify did not write')
    .addOption(json())
    .action(
      body(['directory'], async () => {
        const { render } = await import('./commands/worker/render.ts');
        return (args: object, context) => render({ ...args, command: after }, context);
      }),
    );

  connection(clusterOptions(worker.command('apply')))
    .description('submit them: the Job of a commit once, everything else as server-side apply')
    .addOption(timeout('bound of cloning a Git URL (300)'))
    .option('--force', 'take over fields that somebody else manages')
    .option('--dry-run', 'let the server check everything, and keep nothing')
    .option('--follow', 'then print the log of the build until it has ended')
    .addOption(json())
    .action(
      body(['directory'], async () => {
        const { apply } = await import('./commands/worker/apply.ts');
        return (args: object, context) => apply({ ...args, command: after }, context);
      }),
    );

  connection(worker.command('status'))
    .description('how builds and workers are')
    .addArgument(new Argument('[job]', 'one Job; all without it'))
    .option('--namespace <name>', 'where they are')
    .addOption(json())
    .action(body(['job'], async () => (await import('./commands/worker/status.ts')).status));

  connection(worker.command('logs'))
    .description('print the log of a build until it has ended')
    .addArgument(new Argument('<job>', 'its Job'))
    .option('--namespace <name>', 'where it is')
    .option('--no-follow', 'print what there is, and end')
    .action(body(['job'], async () => (await import('./commands/worker/logs.ts')).logs));
}

function clusterOptions(command: Command): Command {
  return command
    .addArgument(new Argument('[directory]', 'a directory or a Git URL (https, ssh, git@host:path, file)'))
    .addOption(
      new Option('--part <name>', 'of all: what building needs, working, or the Job alone').choices([
        'all',
        'build',
        'worker',
        'job',
      ]),
    )
    .option('--name <name>', 'start of the names of all objects (nidify)')
    .option('--namespace <name>', 'the namespace (nidify)')
    .option('--repository <url>', "the repository's address, instead of the remote's")
    .option('--commit <id>', 'the commit, instead of the one that is checked out')
    .option('--registry <place>', 'registry of the image, with a path: registry.example.com/team')
    .option('--prefix <name>', 'name of the image in it (snapshot)')
    .addOption(new Option('--builder <name>', 'what builds the image').choices(['nix', 'buildah']))
    .option('--builder-image <ref>', 'an image with nidify and the builder in it')
    .addOption(
      new Option(
        '--isolation <kind>',
        'of Buildah: root of a user namespace, or one id and no rights',
      ).choices(['root', 'single-id']),
    )
    .option(
      '--layers <list>',
      'what the image has besides the environment: dependencies,repository (repository)',
    )
    .option('--deadline <seconds>', 'that a build may take (600)')
    .option('--ttl <seconds>', 'after which a finished Job is removed (3600)')
    .option('--cache-size <size>', 'a volume for what was built, as 50Gi')
    .option('--registry-secret <name>', 'Secret with the docker config for pushing')
    .option('--pull-secret <name>', 'Secret with which images are pulled')
    .option('--image <ref>', "the worker's image, instead of the commit's")
    .addOption(
      new Option('--profile <engine>', "what runs containers in the worker, instead of the plan's").choices([
        'none',
        'rootless',
        'gvisor',
        'sidecar',
      ]),
    )
    .addOption(new Option('--kind <kind>', 'of the worker').choices(['deployment', 'pod']))
    .option('--replicas <count>', 'workers (1)')
    .option('--persist <path>', 'keep this folder over rebuilds: ~/.claude, or . for the repository', collect)
    .option('--persist-size <size>', 'of its volume (10Gi)')
    .addOption(
      new Option('--worker-network <reach>', 'what workers reach (https)').choices(['none', 'https', 'all']),
    )
    .option('--tun-resource <name>', 'what a device plugin calls /dev/net/tun (squat.ai/tun)')
    .option('--runtime-class <name>', 'RuntimeClass of the pods (with --profile gvisor: gvisor)')
    .option('--toleration <taint>', 'key=value:NoSchedule; may be repeated', collect)
    .option('--node-selector <label>', 'key=value; may be repeated', collect)
    .option('--storage-class <name>', 'of the volumes')
    .option('--cpu <count>', 'processors of a build and of a worker (2)')
    .option('--memory <size>', 'memory of a build and of a worker (4Gi)')
    .option('--egress <cidr:port>', 'a private address that pods may reach; may be repeated', collect)
    .option('--quota <name=value>', 'of the namespace, as limits.cpu=8; may be repeated', collect)
    .option('--seccomp <profile>', 'RuntimeDefault, or a file below the kubelet’s seccomp folder')
    .option('--apparmor <profile>', 'unconfined, runtime-default, or the name of one')
    .option('--host-users', "leave the pods in the node's user namespace")
    .option('--no-privilege-escalation', 'refuse what needs it')
    .addOption(
      new Option(
        '--pod-security <level>',
        'what the namespace enforces; what does not meet it is refused',
      ).choices(['restricted', 'baseline', 'privileged']),
    )
    .addOption(ref());
}

function connection(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'instead of KUBECONFIG, ~/.kube/config, or the account of the pod')
    .option('--context <name>', 'of the kubeconfig');
}

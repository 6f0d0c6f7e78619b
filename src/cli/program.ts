import { Argument, Command, Option } from 'commander';
import { version } from '../version.ts';
import type { RunArguments } from './commands/run.ts';
import type { Context, ProgressMode } from './context.ts';
import { collect, json, ref, timeout } from './options.ts';
import { workerCommands } from './worker-program.ts';

/** The body of a command, told everything but what its own arguments say. */
export type Body = (context: Context) => Promise<number>;

/** Runs the body of the command that was chosen; options that all commands share are in `shared`. */
export type Run = (shared: SharedOptions, body: Body) => Promise<void>;

export interface SharedOptions {
  C?: string;
  quiet?: boolean;
  color: 'auto' | 'always' | 'never';
  progress: ProgressMode;
}

const targets = ['auto', 'nix', 'container'];
const toolchains = ['nix', 'features'];
const profiles = ['rootless', 'gvisor', 'sidecar'];

/**
 * The command tree: names, arguments, options and their help. Bodies are loaded when their command runs.
 *
 * @param run called once with the chosen command's body
 * @param after the words after `--`, which commander would read as options of its own
 */
export function createProgram(run: Run, after: readonly string[] = []): Command {
  const program = new Command('nidify')
    .description('Nix environments for any repository, generated without configuration.')
    .usage('[command] [directory | git URL] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', '\nWithout a command it is "generate", without a directory the working directory.')
    .configureHelp({ showGlobalOptions: true, subcommandTerm })
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError(true)
    .exitOverride();
  program.option('-C <dir>', 'do as if started in this directory');
  program.option('-q, --quiet', 'print only what went wrong, and results for machines');
  program.addOption(
    new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'),
  );

  program.addOption(
    new Option(
      '--progress <how>',
      'what takes long: shown as it suits, line by line, or one event (JSON) a line',
    )
      .choices(['auto', 'plain', 'json'])
      .default('auto'),
  );

  /** The action of a command: its positional arguments and options become one object. */
  const body =
    <A extends object>(
      names: readonly string[],
      load: () => Promise<(args: A, context: Context) => Promise<number>>,
    ) =>
    async (...given: unknown[]) => {
      const command = given.at(-1);
      if (!(command instanceof Command)) throw new Error('commander passes the command last');
      const positional = Object.fromEntries(names.map((name, at) => [name, given[at]]));
      const args = { ...command.opts(), ...positional } as A;
      await run(program.opts<SharedOptions>(), async (context) => (await load())(args, context));
    };

  program
    .command('generate', { isDefault: true })
    .description('write the environment (the default command)')
    .addArgument(subject())
    .addOption(new Option('--target <kind>', 'what to make').choices(targets))
    .addOption(new Option('--profile <engine>', 'what runs containers in a container').choices(profiles))
    .addOption(
      new Option('--toolchain <source>', 'where the programs of a container come from').choices(toolchains),
    )
    .option('--project <path>', 'only what this project of the repository needs; . for all again')
    .option('--package', 'build the project too, and test it: packages.default and checks.test of the flake')
    .option('--no-package', 'no longer')
    .option('-o, --output <dir>', 'write here; required with a Git URL')
    .option('--dry-run', 'say what would be written, and write nothing')
    .option('--diff', 'print the difference to what is there, and write nothing')
    .option('--force', 'write over files that a person wrote or edited')
    .addOption(
      new Option(
        '--ci <system>',
        'write a workflow for github, gitlab or forgejo too; none removes it',
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option('--agents', 'write the set-up of coding agents too')
    .option('--no-agents', 'remove the set-up of coding agents')
    .addOption(ref())
    .addOption(timeout('bound of cloning a Git URL (300)'))
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/generate.ts')).generate));

  program
    .command('analyze')
    .description('print what the repository needs')
    .addArgument(subject())
    .option('--project <path>', 'only what this project needs')
    .addOption(ref())
    .addOption(timeout('bound of cloning a Git URL (300)'))
    .addOption(new Option('--json', 'print the plan as JSON'))
    .action(body(['directory'], async () => (await import('./commands/analyze.ts')).analyze));

  program
    .command('explain')
    .description('say why: evidence, decision, and what was decided against')
    .argument('[subject]', 'a language, tool, library, project … of the plan; everything without it')
    .argument('[directory]', 'a directory or a Git URL; or use -C')
    .option('--project <path>', 'only what this project needs')
    .addOption(ref())
    .addOption(timeout('bound of cloning a Git URL (300)'))
    .addOption(json())
    .action(body(['subject', 'directory'], async () => (await import('./commands/explain.ts')).explain));

  program
    .command('check')
    .description('exit 0 when the generated files match the repository, 1 when they do not')
    .addArgument(subject())
    .option('--project <path>', 'as if they were for this project')
    .option('-o, --output <dir>', 'where the files are')
    .option('--strict', 'another version of nidify wrote them: that is a difference too')
    .addOption(ref())
    .addOption(timeout('bound of cloning a Git URL (300)'))
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/check.ts')).check));

  program
    .command('update')
    .description('move the pins to the newest revisions (needs the network and Nix)')
    .addArgument(folder())
    .option('-o, --output <dir>', 'where the files are')
    .option('--dry-run', 'say what would change, and write nothing')
    .option('--force', 'write over files that a person wrote or edited')
    .addOption(timeout('bound of each download and evaluation (900)'))
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/update.ts')).update));

  const build = program
    .command('build')
    .description('build the environment in the Nix sandbox, once the sandbox is proved')
    .addArgument(subject())
    .option('--attest <file>', 'write an in-toto statement of what was built where')
    .option('--cache-to <url>', 'copy the closure into this binary cache')
    .option('--sign-key <file>', 'secret key that signs what --cache-to copies')
    .option('--own-flake', "build the repository's own flake.nix instead: its code is evaluated, purely")
    .option('--attribute <path>', 'of that flake: packages.SYSTEM.NAME, or NAME (default)')
    .option('--dry-run', 'say what would be fetched and built, and build nothing')
    .option('--tag <name>', 'name of the image, for the container target');
  containerOptions(buildOptions(build))
    .option('--max-memory <size>', 'of each process that builds (single-user stores)')
    .addOption(timeout('bound of each derivation and of the whole (3600)'))
    .addOption(ref())
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/build.ts')).build));

  program
    .command('doctor')
    .description('what this machine can do, and how to get the rest')
    .option('--store <store>', 'the Nix store to look at: a folder or an address')
    .option('--no-canary', 'do not try the sandbox')
    .addOption(json())
    .action(body([], async () => (await import('./commands/doctor.ts')).doctor));

  sandboxOptions(
    program
      .command('run')
      .description('run a command in the environment: nidify run [options] -- COMMAND...')
      .usage('[options] -- COMMAND...'),
  ).action(
    body([], async () => {
      const { run } = await import('./commands/run.ts');
      return (args: RunArguments, context) => run({ ...args, command: after }, context);
    }),
  );

  sandboxOptions(program.command('shell').description('open a shell in the environment')).action(
    body([], async () => (await import('./commands/run.ts')).shell),
  );

  const verify = program
    .command('verify')
    .description('install, build and test the projects in a sandbox, and report what worked')
    .addArgument(subject())
    .option('--network <names>', 'what installing may reach, instead of what its package managers need')
    .option('--online', 'building and testing may reach the same')
    .option('--keep <name>', 'pass this variable of yours on; may be repeated', collect)
    .option('--env <name=value>', 'set a variable; may be repeated', collect)
    .option('--max-memory <size>', 'data of each process, as 512M or 4G')
    .option('--max-file-size <size>', 'size of each file that is written')
    .option('--max-processes <count>', 'processes and threads of each step together');
  buildOptions(verify)
    .addOption(timeout('bound of building the environment (3600) and of each step (1800)'))
    .addOption(ref())
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/verify.ts')).verify));

  const image = program
    .command('image')
    .description('make a container image of the environment, or the worker image of a commit (needs Nix)')
    .addArgument(subject())
    .option('--to <place>', 'oci:DIR, oci:DIR:TAG or docker-archive:FILE')
    .option('--load', 'load it into Docker or podman')
    .option('--push <ref>', 'push it to a registry')
    .option('--registry <registry>', 'bring the worker image of a commit into this registry')
    .option('--prefix <name>', 'name of worker images in the registry (snapshot)')
    .option('--commit <revision>', 'which commit (HEAD)')
    .option('--layers <names>', 'besides the environment: dependencies, repository')
    .option('--allow-scripts', 'let packages run scripts when they are installed, in the sandbox')
    .option('--network <names>', 'what installing may reach, instead of the registries that it needs')
    .option('--check', 'say whether the registry has an image of what the repository needs now')
    .option('--against <tag>', 'compare with this image, with --check')
    .option('--insecure', 'push without TLS, or with a certificate that cannot be verified')
    .option('--tag <name>', 'name of the image')
    .addOption(new Option('--compression <kind>', 'of the layers').choices(['gzip', 'none']))
    .option('--runtime', 'without compilers, build tools, package managers and headers')
    .option('--max-layers <count>', 'most layers that it may have (100)')
    .option('--explain-size', 'say what makes it large')
    .option('--sbom <file>', 'write what is in it as CycloneDX 1.6');
  containerOptions(buildOptions(image))
    .addOption(ref())
    .addOption(timeout('bound of building the environment (3600)'))
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/image.ts')).image));

  workerCommands(program, body, after);

  program
    .command('watch')
    .description('print an event (NDJSON) for each change that makes the environment stale')
    .addArgument(folder())
    .option('--once', 'end with exit code 1 at the first change')
    .option('--since <file>', 'plan (analyze --json) of the environment in use, instead of what is there now')
    .option('--interval <seconds>', 'look so often, where the file system tells nothing of changes')
    .action(body(['directory'], async () => (await import('./commands/watch.ts')).watch));

  program
    .command('init')
    .description('write a nidify.jsonc to start from')
    .addArgument(folder())
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/init.ts')).init));

  program
    .command('clean')
    .description('remove exactly the generated files that nobody edited')
    .addArgument(folder())
    .option('-o, --output <dir>', 'where the files are')
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .addOption(json())
    .action(body(['directory'], async () => (await import('./commands/clean.ts')).clean));

  program
    .command('schema')
    .description('print a JSON Schema')
    .addArgument(new Argument('<name>', 'of what').choices(['config', 'plan', 'event', 'result']))
    .action(body(['name'], async () => (await import('./commands/schema.ts')).schema));

  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'for which').choices(['bash', 'zsh', 'fish']))
    .action(
      body(['shell'], async () => {
        const { completion } = await import('./commands/completion.ts');
        return (args: { shell: string }, context) => completion(program, args.shell, context);
      }),
    );

  return program;
}

/** The options of every command that builds an environment (`EnvironmentArguments`). */
function buildOptions(command: Command): Command {
  return command
    .option('--project <path>', 'the environment of this project')
    .option('-o, --output <dir>', 'where the generated files are')
    .option('--store <store>', 'a Nix store of your own: a folder (needs no /nix) or an address')
    .option('--builders <list>', 'remote builders, as in nix.conf')
    .option('--substituter <url>', 'a further binary cache; may be repeated', collect)
    .option('--trusted-key <key>', 'who may sign for caches; may be repeated', collect)
    .option('--prove', 'prove the sandbox now, whatever is remembered')
    .option('--trust-files', 'build the files as they are, edited or not');
}

/** The options of every command that builds the image of the container target (`ContainerArguments`). */
function containerOptions(command: Command): Command {
  return command
    .addOption(new Option('--target <kind>', 'the environment, or the container around it').choices(targets))
    .addOption(
      new Option('--engine <name>', 'what builds and runs the container').choices([
        'docker',
        'podman',
        'buildah',
        'devcontainer',
      ]),
    )
    .option('--base-image <reference>', 'instead of the base image of the plan')
    .option('--trust-base', "take the repository's base image, whosesoever it is")
    .addOption(
      new Option('--build-network <mode>', 'network of the steps of the image’s build').choices([
        'default',
        'host',
        'none',
      ]),
    )
    .option('--rebuild', 'build the image although it is there');
}

/** Without `[options]`, which every command has: descriptions have room then. */
function subcommandTerm(command: Command): string {
  const names = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [command.name(), ...names].join(' ');
}

function subject(): Argument {
  return new Argument('[directory]', 'a directory or a Git URL (https, ssh, git@host:path, file)');
}

function folder(): Argument {
  return new Argument('[directory]', 'the repository');
}

/** What `run` and `shell` have in common. */
function sandboxOptions(command: Command): Command {
  return containerOptions(buildOptions(command))
    .option('--no-docker', 'in a container: do not start Docker in it')
    .option('--keep <name>', 'pass this variable of yours on; may be repeated', collect)
    .option('--env <name=value>', 'set a variable; may be repeated', collect)
    .addOption(timeout('end the command after this long, with exit code 124'))
    .option('--sandbox', 'in a sandbox: only the project, the environment and no network (Linux)')
    .option('--network [names]', 'in the sandbox: the whole network, or npm,pypi,... and hosts')
    .option('--read-only', 'in the sandbox: the project cannot be written')
    .option('--max-memory <size>', 'in the sandbox: data of each process, as 512M or 4G')
    .option('--max-file-size <size>', 'in the sandbox: size of each file that is written')
    .option('--max-processes <count>', 'in the sandbox: processes and threads, where that can be enforced');
}

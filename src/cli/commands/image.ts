import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BuiltEnvironment } from '../../build/types.ts';
import { ExitCode, NidifyError, usage } from '../../errors.ts';
import type { Compression } from '../../image/blobs.ts';
import type { StorePath } from '../../image/closure.ts';
import { failureOf } from '../../image/failure.ts';
import type { PlannedLayer } from '../../image/layers.ts';
import type { Image } from '../../image/layout.ts';
import { type Destination, type ImageName, parseImageName, parseTo } from '../../image/references.ts';
import type { Plan } from '../../plan/schema.ts';
import type { Context } from '../context.ts';
import { obtain, type Prepared } from '../environment.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { ownRepository } from '../repository.ts';
import { imageView, sizeView } from '../views/image.ts';
import type { WorkerArguments } from '../worker-image.ts';

export interface ImageArguments extends WorkerArguments {
  check?: boolean | undefined;
  against?: string | undefined;
  allowScripts?: boolean | undefined;
  network?: string | undefined;
  rebuild?: boolean | undefined;
  to?: string | undefined;
  load?: boolean | undefined;
  push?: string | undefined;
  tag?: string | undefined;
  explainSize?: boolean | undefined;
  sbom?: string | undefined;
  json?: boolean | undefined;
}

/** Docker takes 127; the rest is for whoever builds upon the image. */
const defaultLayers = 100;
const mostLayers = 127;

/** Makes a container image of the environment, without a container daemon. */
export async function image(args: ImageArguments, context: Context): Promise<ExitCode> {
  if (isWorker(args)) {
    const { checkImage, pushImage } = await import('./worker-image.ts');
    const maxLayers = layersOf(args);
    return args.check === true ? checkImage(args, context, maxLayers) : pushImage(args, context, maxLayers);
  }
  const asked = requestOf(args, context);
  requireLinux(process.platform);
  const { plan, built: environment } = await obtain(
    ownRepository(args.directory, context),
    args,
    context,
    args.runtime === true ? (prepared) => forRuntime(prepared, context) : undefined,
  );
  // Files that a person edited need not be what the plan says.
  const isCurrent = args.trustFiles !== true;
  const kind = args.runtime === true ? 'runtime' : 'development';
  const { storePathsOf } = await import('../../image/closure.ts');
  const closure = storePathsOf(environment.paths, environment.closure);
  const { planLayers } = await import('../../image/layers.ts');
  // One is for the files of the system.
  const layers = planLayers(closure, asked.maxLayers - 1);
  if (asked.sbom !== null) {
    const { sbomOf } = await import('../../image/sbom.ts');
    writeOut(asked.sbom, sbomOf(plan, environment.storePath, closure));
  }
  const made =
    asked.destination === null
      ? null
      : await make(
          { ...asked, destination: asked.destination, plan, isCurrent, closure: kind, environment, layers },
          context,
        );
  print({ args, asked, environment, closure, layers, made }, context);
  return ExitCode.done;
}

/** The same project with what its programs need when they run. */
async function forRuntime({ plan, options }: Prepared, { stages }: Context): Promise<Prepared> {
  const { runtimePlan } = await import('../../plan/runtime.ts');
  const least = runtimePlan(plan);
  return { plan, options: { ...options, files: await stages.render(least), variant: 'runtime' } };
}

interface Request {
  destination: Destination | null;
  name: ImageName | null;
  compression: Compression;
  maxLayers: number;
  insecure: boolean;
  sbom: string | null;
}

/** @throws NidifyError `usage` (exit 2), before anything is built */
function requestOf(args: ImageArguments, { base }: Context): Request {
  const { to, push } = args;
  const pushed = push === undefined ? null : parseImageName(push, '--push');
  const destinations: Destination[] = [
    ...(to === undefined ? [] : [absolute(parseTo(to), base)]),
    ...(args.load === true ? [{ kind: 'load' } as const] : []),
    ...(pushed === null ? [] : [{ kind: 'push', reference: pushed.name } as const]),
  ];
  const [destination = null, ...others] = destinations;
  const isAnswer = args.explainSize === true || args.sbom !== undefined;
  if (others.length > 0 || (destination === null && !isAnswer)) {
    throw usage(
      others.length > 0 ? 'an image goes to one place at a time' : 'it is not said where the image goes',
      'Give one of --to oci:DIR, --to docker-archive:FILE, --load, --push REF; or ask with --explain-size or --sbom FILE.',
    );
  }
  if (args.runtime === true && args.trustFiles === true) {
    throw usage('--runtime is not what the files say, which --trust-files builds', 'Give one of them.');
  }
  if (args.insecure === true && pushed === null) {
    throw usage('--insecure goes with --push', 'Leave it out.');
  }
  const maxLayers = layersOf(args);
  return {
    destination,
    name: args.tag === undefined ? pushed : parseImageName(args.tag, '--tag'),
    // What Docker loads it unpacks at once.
    compression: args.compression ?? (args.load === true ? 'none' : 'gzip'),
    maxLayers,
    insecure: args.insecure === true,
    sbom: args.sbom === undefined ? null : path.resolve(base, args.sbom),
  };
}

/**
 * Whether it is about the image of a commit in a registry.
 *
 * @throws NidifyError `usage` (exit 2) for options that do not go together
 */
function isWorker(args: ImageArguments): boolean {
  const given = (names: readonly (keyof ImageArguments)[]) =>
    names.filter((name) => args[name] !== undefined && args[name] !== false).map(optionOf);
  const ofWorkers = given([
    'check',
    'prefix',
    'commit',
    'layers',
    'allowScripts',
    'rebuild',
    'against',
    'ref',
  ]);
  if (args.registry === undefined) {
    const [first] = ofWorkers;
    if (first === undefined) return false;
    throw usage(
      `${first} is about the worker image of a commit in a registry`,
      'Name the registry: --registry registry.example.com/team.',
    );
  }
  const [other] = given(['to', 'load', 'push', 'tag', 'sbom', 'explainSize', 'trustFiles', 'output']);
  if (other !== undefined) throw usage(`${other} does not go with --registry`, 'Give one of them.');
  if (args.against !== undefined && args.check !== true) {
    throw usage('--against goes with --check', 'Leave it out.');
  }
  const installs = args.layers?.split(',').some((each) => each.trim() === 'dependencies') === true;
  const [ofInstalling] = given(['allowScripts', 'network']);
  if (!installs && ofInstalling !== undefined && args.check !== true) {
    throw usage(`${ofInstalling} is about installing`, 'It goes with --layers dependencies.');
  }
  const [change] = given(['rebuild', 'allowScripts', 'network']);
  if (args.check === true && change !== undefined) {
    throw usage(`${change} does not go with --check`, '--check builds nothing.');
  }
  return true;
}

/** `--max-layers` of `maxLayers`. */
function optionOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function layersOf({ maxLayers: text }: ImageArguments): number {
  const maxLayers = Number(text ?? defaultLayers);
  if (Number.isInteger(maxLayers) && maxLayers >= 2 && maxLayers <= mostLayers) return maxLayers;
  throw usage(`--max-layers ${text} is no number of layers`, `Allowed is 2 to ${mostLayers}.`);
}

function absolute(destination: Destination, base: string): Destination {
  if (destination.kind === 'oci') {
    return { ...destination, directory: path.resolve(base, destination.directory) };
  }
  if (destination.kind === 'docker-archive') {
    return { ...destination, file: path.resolve(base, destination.file) };
  }
  return destination;
}

/** An image holds programs for Linux, which no other system builds by itself. */
export function requireLinux(platform: NodeJS.Platform): void {
  if (platform === 'linux') return;
  throw new NidifyError({
    code: 'linux-needed',
    message: `an image is made of programs for Linux, and this is ${platform === 'darwin' ? 'macOS' : platform}`,
    hint: 'Run this on Linux, or give Nix a Linux builder (nix-darwin: nix.linux-builder.enable = true; or a remote one: https://nix.dev/manual/nix/latest/advanced-topics/distributed-builds) and build `nix build .#packages.aarch64-linux.image`.',
    exitCode: ExitCode.toolMissing,
  });
}

interface Made {
  image: Image;
  destination: Destination;
  name: string;
}

interface MakeInput extends Request {
  destination: Destination;
  plan: Plan;
  isCurrent: boolean;
  closure: 'development' | 'runtime';
  environment: BuiltEnvironment;
  layers: readonly PlannedLayer[];
}

async function make(input: MakeInput, context: Context): Promise<Made> {
  const { destination, plan, environment, layers, compression, insecure } = input;
  const { deliver } = await import('../../image/deliver.ts');
  const { labelsOf } = await import('../../image/documents.ts');
  const { defaultImageName } = await import('../../image/references.ts');
  const name = input.name ?? defaultImageName(plan);
  const tag = destination.kind === 'oci' ? (destination.tag ?? name.tag) : name.tag;
  const made = await withProgress(context, 'assemble', 'making the image', (tell) =>
    deliver(
      destination,
      {
        environment,
        layers,
        compression,
        labels: labelsOf(plan, input.isCurrent, input.closure),
        name: { name: name.name, tag },
        signal: context.io.signal,
        onLayer: (number, count) => tell(`making the image: layer ${number} of ${count}`),
      },
      { insecure, onDelivery: tell },
    ),
  );
  return { image: made, destination, name: name.name };
}

function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw failureOf(error, file, path.dirname(file));
  }
}

interface Printed {
  args: ImageArguments;
  asked: Request;
  environment: BuiltEnvironment;
  closure: readonly StorePath[];
  layers: readonly PlannedLayer[];
  made: Made | null;
}

function print({ args, asked, environment, closure, layers, made }: Printed, context: Context): void {
  const { io, quiet } = context;
  if (args.json === true) {
    printResult(io, {
      schemaVersion: 1,
      command: 'image',
      exitCode: ExitCode.done,
      environment: environment.storePath,
      closureSize: closure.reduce((sum, { narSize }) => sum + narSize, 0),
      sbom: asked.sbom,
      planned: layers.map((layer) => ({
        size: layer.reduce((sum, { narSize }) => sum + narSize, 0),
        paths: layer.map((each) => each.path),
      })),
      image: made === null ? null : imageResult(made),
    });
  } else if (!quiet) {
    if (args.explainSize === true) io.out(sizeView(closure, layers, io.columns));
    if (made !== null) io.out(imageView(made.image, placeOf(made), io.columns));
  }
}

function imageResult(made: Made) {
  const { manifest, config, layers, unpackedSize } = made.image;
  return {
    name: made.name,
    destination: { kind: made.destination.kind, place: placeOf(made) },
    manifest: { digest: manifest.digest, size: manifest.size },
    config: { digest: config.digest, size: config.size },
    layers: layers.map((layer) => ({ ...layer, paths: [...layer.paths] })),
    size: layers.reduce((sum, { size }) => sum + size, config.size + manifest.size),
    unpackedSize,
  };
}

function placeOf({ destination, name }: Made): string {
  if (destination.kind === 'oci') return destination.directory;
  if (destination.kind === 'docker-archive') return destination.file;
  return destination.kind === 'push' ? destination.reference : name;
}

import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { engineVariables, findEngine } from '../container/engine.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { exec, lastLines } from '../exec.ts';
import type { RegistryEvent, RegistryOptions, RetryLimits } from '../registry/types.ts';
import { temporaryFolder } from '../temporary.ts';
import { dockerArchive } from './docker-archive.ts';
import { failureOf } from './failure.ts';
import { type Image, type ImageInput, writeLayout } from './layout.ts';
import { type Destination, splitTag } from './references.ts';

const transferTimeoutMs = 3_600_000;

export interface DeliverOptions {
  /** Plain http or an unverified certificate, also elsewhere than on this machine. */
  insecure: boolean;
  onDelivery?: (text: string) => void;
  /** Of a push. */
  retry?: Partial<RetryLimits>;
}

/**
 * Makes an image and brings it where it goes: all of it, or nothing stays there.
 *
 * @throws NidifyError `image-exists`, `not-accessible` (exit 6), `image-not-written`, `disk-full`, `load-failed`,
 *   `push-failed` (5), `tool-missing` (4), `aborted` (75); for a push also those of Registry
 */
export async function deliver(
  destination: Destination,
  input: ImageInput,
  options: DeliverOptions,
): Promise<Image> {
  if (destination.kind === 'push') await requirePush(destination.reference, input, options);
  if (destination.kind === 'oci') return intoFolder(destination.directory, input);
  const parent = destination.kind === 'docker-archive' ? path.dirname(destination.file) : undefined;
  try {
    // The same disk as the archive, which is as large.
    if (parent !== undefined) await mkdir(parent, { recursive: true });
    const layout = temporaryFolder('.nidify-image-', parent);
    try {
      const image = await writeLayout(layout.directory, input);
      if (destination.kind === 'docker-archive') {
        await intoFile(destination.file, dockerArchive(layout.directory, image, input.name.name), input);
      } else if (destination.kind === 'load') {
        options.onDelivery?.('loading the image');
        await load(layout.directory, image, input);
      } else {
        options.onDelivery?.(`pushing ${destination.reference}`);
        await push(layout.directory, image, destination.reference, input, options);
      }
      return image;
    } finally {
      layout.remove();
    }
  } catch (error) {
    throw failureOf(error, 'the image', parent);
  }
}

/** The layout is made beside its place and renamed; one that is there already is replaced then. */
async function intoFolder(directory: string, input: ImageInput): Promise<Image> {
  requireReplaceable(directory);
  try {
    await mkdir(path.dirname(directory), { recursive: true });
    const made = temporaryFolder('.nidify-image-', path.dirname(directory));
    try {
      const content = path.join(made.directory, 'layout');
      const image = await writeLayout(content, input);
      requireReplaceable(directory);
      if (existsSync(directory)) await rename(directory, path.join(made.directory, 'before'));
      await rename(content, directory);
      return image;
    } finally {
      made.remove();
    }
  } catch (error) {
    throw failureOf(error, 'the image', path.dirname(directory));
  }
}

function requireReplaceable(directory: string): void {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (found === undefined) return;
  const files = found.isDirectory() ? readdirSync(directory) : null;
  if (files !== null && (files.length === 0 || files.includes('oci-layout'))) return;
  throw new NidifyError({
    code: 'image-exists',
    message: `${directory} is there already and is no image layout`,
    hint: 'Name a folder that is empty or not there.',
    exitCode: ExitCode.refused,
  });
}

async function intoFile(file: string, content: AsyncIterable<Buffer>, { signal }: ImageInput): Promise<void> {
  const temporary = path.join(path.dirname(file), `.nidify-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const target = createWriteStream(temporary, { flags: 'wx', mode: 0o644 });
    await pipeline(content, target, signal === undefined ? {} : { signal });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Docker when its daemon answers, else podman: the archive is streamed, never a file. */
async function load(layout: string, image: Image, { name, signal }: ImageInput): Promise<void> {
  const { name: program } = await findEngine('load', null, signal);
  const { exitCode, stderrTail } = await exec({
    program,
    args: ['load'],
    cwd: '/',
    stdin: Readable.from(dockerArchive(layout, image, name.name), { objectMode: false }),
    timeoutMs: transferTimeoutMs,
    signal,
    allow: engineVariables,
  });
  if (exitCode !== 0) throw failed('load-failed', `${program} load failed`, stderrTail);
}

/** Before anything is made: the registry answers, and lets the user in. */
async function requirePush(reference: string, input: ImageInput, options: DeliverOptions): Promise<void> {
  const { requireRegistry } = await import('../registry/push.ts');
  const { repository } = splitTag(reference);
  await requireRegistry(repository, registryOptions(reference, input, options));
}

/** The tag goes last: a push that fails leaves blobs without a name, which registries collect. */
async function push(
  layout: string,
  image: Image,
  reference: string,
  input: ImageInput,
  options: DeliverOptions,
): Promise<void> {
  const { pushLayout } = await import('../registry/push.ts');
  const { repository, tag } = splitTag(reference);
  const total = [image.config, ...image.layers].reduce((sum, { size }) => sum + size, 0);
  const bytes = new Map<string, number>();
  const told = registryOptions(reference, input, options, (event) => {
    bytes.set(event.digest, event.bytes);
    const done = [...bytes.values()].reduce((sum, each) => sum + each, 0);
    options.onDelivery?.(`pushing ${reference}: ${Math.floor((done / total) * 100)}%`);
  });
  await pushLayout(layout, repository, [{ tag, manifest: image.manifest }], told);
}

function registryOptions(
  reference: string,
  { signal }: ImageInput,
  { insecure, retry, onDelivery }: DeliverOptions,
  onBlob?: (event: Extract<RegistryEvent, { kind: 'blob' }>) => void,
): RegistryOptions {
  return {
    insecure,
    signal,
    ...(retry === undefined ? {} : { retry }),
    onEvent: (event) => {
      if (event.kind === 'blob') return onBlob?.(event);
      const seconds = Math.ceil(event.waitMs / 1000);
      onDelivery?.(`pushing ${reference}: trying again in ${seconds} s (${event.why})`);
    },
  };
}

function failed(code: string, message: string, tail: string): NidifyError {
  return new NidifyError({
    code,
    message: `${message}: ${lastLines(tail, 3)}`,
    exitCode: ExitCode.buildFailed,
  });
}

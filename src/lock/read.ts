import { ExitCode, NidifyError } from '../errors.ts';
import { parseJson } from '../parse/json.ts';
import { isRecord } from '../parse/value.ts';
import type { Asked } from '../plan/schema.ts';
import { isOutputName } from './outputs.ts';
import {
  type Lock,
  type LockedImage,
  type LockedLine,
  type LockedPin,
  lockFileName,
  lockSchemaVersion,
} from './types.ts';

/**
 * Reads the text of a `nidify.lock`. Outputs that nidify never writes are left out.
 *
 * @param file how messages name it
 * @throws NidifyError `lock-invalid` (exit 3) when it is no lock, `lock-too-new` (exit 4) when a later
 *   nidify wrote a format that this one does not know
 */
export function parseLock(text: string, file: string = lockFileName): Lock {
  const parsed = parseJson(text);
  if ('problem' in parsed) {
    const { line, message } = parsed.problem;
    const conflict = /^(<{7}|={7}|>{7})/m.test(text) ? ' (it has merge conflict markers)' : '';
    throw invalid(`${file}${line === null ? '' : `:${line}`}: ${message}${conflict}`);
  }
  const { value } = parsed.document;
  if (!isRecord(value)) throw invalid(`${file}: not an object`);
  const version = value.schemaVersion;
  if (typeof version === 'number' && version > lockSchemaVersion) {
    throw new NidifyError({
      code: 'lock-too-new',
      message: `${file} was written by a later nidify (format ${version}, this one knows ${lockSchemaVersion})`,
      hint: 'Use the nidify that wrote it, or a later one.',
      exitCode: ExitCode.toolMissing,
    });
  }
  if (version !== lockSchemaVersion) throw invalid(`${file}: "schemaVersion" is not ${lockSchemaVersion}`);
  const wrong = (field: string) => invalid(`${file}: "${field}" is not what nidify writes there`);
  return {
    schemaVersion: lockSchemaVersion,
    generator: generatorOf(value.generator) ?? fail(wrong('generator')),
    ...(value.package === true ? { package: true as const } : {}),
    ...(value.project === undefined
      ? {}
      : { project: isText(value.project) ? value.project : fail(wrong('project')) }),
    ...(value.asked === undefined ? {} : { asked: askedOf(value.asked) ?? fail(wrong('asked')) }),
    pins: listOf(value.pins, pinOf) ?? fail(wrong('pins')),
    ...(value.images === undefined ? {} : { images: listOf(value.images, imageOf) ?? fail(wrong('images')) }),
    lines: listOf(value.lines, lineOf) ?? fail(wrong('lines')),
    inputs: recordOf(value.inputs, isBlob) ?? fail(wrong('inputs')),
    outputs: ownOutputs(recordOf(value.outputs, isHash) ?? fail(wrong('outputs'))),
  };
}

function invalid(message: string): NidifyError {
  return new NidifyError({
    code: 'lock-invalid',
    message,
    hint: 'Take the version of it that belongs to the generated files (`git checkout -- nidify.lock`), or delete it and run `nidify --force`.',
    exitCode: ExitCode.unserved,
  });
}

function fail(error: NidifyError): never {
  throw error;
}

function listOf<T>(value: unknown, itemOf: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value)) return null;
  const items: T[] = [];
  for (const entry of value) {
    const item = itemOf(entry);
    if (item === null) return null;
    items.push(item);
  }
  return items;
}

function recordOf<T>(value: unknown, is: (item: unknown) => item is T): Record<string, T> | null {
  if (!isRecord(value)) return null;
  const entries: [string, T][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (!is(item)) return null;
    entries.push([key, item]);
  }
  return Object.fromEntries(entries);
}

/** Whatever else a lock names is not nidify's: not to be deleted, replaced or taken for no evidence. */
function ownOutputs(outputs: Lock['outputs']): Lock['outputs'] {
  return Object.fromEntries(Object.entries(outputs).filter(([path]) => isOutputName(path)));
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isBlob = (value: unknown): value is string | null =>
  value === null || (isText(value) && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value));
const isHash = (value: unknown): value is string =>
  isText(value) && /^sha256-[A-Za-z0-9+/]{43}=$/.test(value);
const isPrecision = (value: unknown): value is LockedLine['precision'] =>
  value === 'exact' || value === 'minor' || value === 'line';

function generatorOf(value: unknown): Lock['generator'] | null {
  if (!isRecord(value) || !isText(value.name) || !isText(value.version)) return null;
  return { name: value.name, version: value.version };
}

function pinOf(value: unknown): LockedPin | null {
  if (!isRecord(value)) return null;
  const { input, channel, rev, narHash, lastModified } = value;
  if (!isText(input) || !isText(channel) || !isRevision(rev) || !isHash(narHash)) return null;
  return isTime(lastModified) ? { input, channel, rev, narHash, lastModified } : null;
}

function askedOf(value: unknown): Asked | null {
  if (!isRecord(value)) return null;
  const { kind, profile, toolchain } = value;
  if (kind !== undefined && kind !== 'nix' && kind !== 'container') return null;
  if (profile !== undefined && profile !== 'rootless' && profile !== 'gvisor' && profile !== 'sidecar')
    return null;
  if (toolchain !== undefined && toolchain !== 'nix' && toolchain !== 'features') return null;
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(profile === undefined ? {} : { profile }),
    ...(toolchain === undefined ? {} : { toolchain }),
  };
}

function imageOf(value: unknown): LockedImage | null {
  if (!isRecord(value)) return null;
  const { reference, digest } = value;
  if (!isText(reference) || !isText(digest) || !/^sha256:[0-9a-f]{64}$/.test(digest)) return null;
  return { reference, digest };
}

function lineOf(value: unknown): LockedLine | null {
  if (!isRecord(value)) return null;
  const { key, id, requested, version, precision, attribute, channel } = value;
  if (!isText(key) || !isText(id) || !isText(attribute) || !isText(channel)) return null;
  if (!isTextOrNull(requested) || !isTextOrNull(version) || !isPrecision(precision)) return null;
  return { key, id, requested, version, precision, attribute, channel };
}

/** A commit of Git: 40 hexadecimal digits. */
export function isRevision(value: unknown): value is string {
  return isText(value) && /^[0-9a-f]{40}$/.test(value);
}

/** An SRI hash as Nix writes it for a source tree. */
export function isNarHash(value: unknown): value is string {
  return isHash(value);
}

/** Whole seconds since 1970. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

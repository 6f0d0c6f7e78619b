import { createHash } from 'node:crypto';
import type { Plan } from '../plan/schema.ts';
import { ownPackages } from '../plan/tools.ts';
import type { GeneratedFile } from '../render/types.ts';
import { type Lock, type LockedLine, lockFileName, lockSchemaVersion } from './types.ts';

/** The lock that belongs to a plan and to the files that were rendered from it. */
export function lockOf(plan: Plan, files: readonly GeneratedFile[]): Lock {
  const channels = new Map(plan.nixpkgs.map((input) => [input.input, input.channel]));
  const lines = ownPackages(plan).map(
    (tool): LockedLine => ({
      key: tool.key,
      id: tool.id,
      requested: tool.requested,
      version: tool.version,
      precision: tool.precision,
      attribute: tool.attribute,
      channel: channels.get(tool.input) ?? tool.input,
    }),
  );
  const images = (plan.container?.images ?? []).flatMap(({ reference, digest }) =>
    digest === null ? [] : [{ reference, digest }],
  );
  return {
    schemaVersion: lockSchemaVersion,
    generator: plan.generator,
    ...(plan.packages === undefined ? {} : { package: true as const }),
    ...(plan.project === undefined ? {} : { project: plan.project }),
    ...(plan.target.asked === undefined ? {} : { asked: plan.target.asked }),
    pins: plan.nixpkgs.map(({ input, channel, rev, narHash, lastModified }) => ({
      input,
      channel,
      rev,
      narHash,
      lastModified,
    })),
    ...(images.length === 0 ? {} : { images }),
    lines,
    inputs: sorted(plan.repository.inputs.map(({ path, blob }) => [path, blob])),
    outputs: sorted(files.filter(isOutput).map((file) => [file.path, hashOf(file.text)])),
  };
}

/** `nidify.lock` as a file to write. */
export function lockFile(lock: Lock): GeneratedFile {
  return { path: lockFileName, text: `${JSON.stringify(lock, null, 2)}\n`, mode: 0o644 };
}

/** How the lock names the content of a file: `sha256-` and base 64. */
export function hashOf(content: string | Uint8Array): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

function isOutput(file: GeneratedFile): boolean {
  return file.path !== lockFileName;
}

function sorted<T>(entries: [string, T][]): Record<string, T> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

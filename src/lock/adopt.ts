import { parseJson } from '../parse/json.ts';
import { isRecord, stringAt, valueAt } from '../parse/value.ts';
import { isNarHash, isRevision, isTime } from './read.ts';
import type { Lock, LockedPin } from './types.ts';

/**
 * The pins of a `flake.lock` that `nix flake update` moved: every input is one that nidify wrote, of the
 * same channel, and only `rev`, `narHash` and `lastModified` differ.
 *
 * @param text of `flake.lock` (version 7, https://nix.dev/manual/nix/stable/command-ref/new-cli/nix3-flake#lock-files)
 * @returns all pins in the order of the lock, those unchanged included; null when the file is anything
 *   else: more inputs, another repository, another branch, not valid
 */
export function adoptedPins(text: string, lock: Lock): LockedPin[] | null {
  const parsed = parseJson(text);
  if ('problem' in parsed) return null;
  const { value } = parsed.document;
  const nodes = valueAt(value, ['nodes']);
  if (!isRecord(nodes) || valueAt(value, ['version']) !== 7) return null;
  const root = stringAt(value, ['root']);
  const inputs = root === null ? undefined : valueAt(nodes, [root, 'inputs']);
  if (!isRecord(inputs)) return null;
  const known = lock.pins.length;
  if (Object.keys(inputs).length !== known || Object.keys(nodes).length !== known + 1) return null;
  const pins: LockedPin[] = [];
  for (const pin of lock.pins) {
    const name = Object.hasOwn(inputs, pin.input) ? inputs[pin.input] : undefined;
    const moved = typeof name === 'string' ? pinOf(valueAt(nodes, [name]), pin) : null;
    if (moved === null) return null;
    pins.push(moved);
  }
  return pins;
}

/**
 * A lock with other pins. What was known of versions in a channel that moved is true of the old revision
 * only: the line stays, its patch level does not.
 */
export function withPins(lock: Lock, pins: readonly LockedPin[]): Lock {
  const moved = new Set(
    pins
      .filter((pin) => lock.pins.find((old) => old.input === pin.input)?.rev !== pin.rev)
      .map((pin) => pin.channel),
  );
  if (moved.size === 0) return lock;
  const lines = lock.lines.map((line) =>
    moved.has(line.channel) ? { ...line, ...lineOnly(line.key, line.id) } : line,
  );
  return { ...lock, pins: [...pins], lines };
}

function lineOnly(key: string, id: string): { version: string | null; precision: 'line' } {
  const line = key.startsWith(`${id}-`) ? key.slice(id.length + 1) : '';
  return { version: /^\d/.test(line) ? line : null, precision: 'line' };
}

function pinOf(node: unknown, pin: LockedPin): LockedPin | null {
  if (!isRecord(node) || node.inputs !== undefined || node.flake === false) return null;
  if (!isNixpkgs(node.locked) || !isNixpkgs(node.original)) return null;
  const ref = valueAt(node.original, ['ref']);
  if (ref !== undefined && ref !== pin.channel) return null;
  const { rev, narHash, lastModified } = node.locked;
  if (!isRevision(rev) || !isNarHash(narHash) || !isTime(lastModified)) return null;
  return { ...pin, rev, narHash, lastModified };
}

function isNixpkgs(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    value.type === 'github' &&
    `${value.owner}/${value.repo}`.toLowerCase() === 'nixos/nixpkgs' &&
    value.dir === undefined &&
    value.host === undefined
  );
}

import { createHash } from 'node:crypto';
import type { Asked, Input, Plan } from './schema.ts';

/**
 * Identity of what a plan was made from: inputs by blob id, configuration, catalogue and pins. Neither
 * commit nor folder, neither clock nor host.
 */
export function digestOf(
  inputs: Plan['repository']['inputs'],
  configuration: string | null,
  catalogueVersion: string,
  pins: readonly Input[],
  asked: Asked & { project?: string } = {},
): string {
  const identity = JSON.stringify([
    inputs.map(({ path, blob }) => [path, blob]),
    configuration,
    catalogueVersion,
    pins.map(({ channel, narHash }) => [channel, narHash]),
    ...(Object.keys(asked).length === 0 ? [] : [asked]),
  ]);
  return `sha256-${createHash('sha256').update(identity).digest('base64')}`;
}

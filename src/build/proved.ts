/** The proof of the sandbox on this machine, remembered for as long as it holds. */
import path from 'node:path';
import { valueAt } from '../parse/value.ts';
import type { Input, System } from '../plan/schema.ts';
import type { Proof } from './canary.ts';
import type { NixSettings } from './nix.ts';
import { readRecord, stateFolder, writeRecord } from './state.ts';

/** The proof for this machine as it is: that of an earlier run, or a new one. */
export async function proved(
  input: Input,
  system: System,
  machine: string,
  {
    settings,
    provesAnew,
    onStatus = () => {},
  }: { settings: NixSettings; provesAnew?: boolean; onStatus?: (text: string) => void },
): Promise<{ proof: Proof; provedAt: string }> {
  const file = path.join(stateFolder('proofs'), `${machine}.json`);
  const known = provesAnew === true ? null : readRecord(file);
  if (isProof(known) && isRecent(known)) return known;
  onStatus('proving that the sandbox holds');
  const { prove } = await import('./canary.ts');
  const proof = await prove(input, system, settings);
  const made = { proof, provedAt: new Date().toISOString() };
  // A builder that did not answer today may tomorrow.
  if (proof.builders.every(({ sandbox }) => sandbox === 'held')) writeRecord(file, made);
  return made;
}

export function isProof(value: unknown): value is { proof: Proof; provedAt: string } {
  return (
    valueAt(value, ['proof', 'sandbox']) === 'held' &&
    Array.isArray(valueAt(value, ['proof', 'builders'])) &&
    typeof valueAt(value, ['provedAt']) === 'string'
  );
}

const day = 86_400_000;

/** What changes on this machine shows in the key of its proof; what changes on a builder does not. */
function isRecent({ proof, provedAt }: { proof: Proof; provedAt: string }): boolean {
  return proof.builders.length === 0 || Date.now() - Date.parse(provedAt) < day;
}

/** Nothing goes to a builder that could not be tried. A daemon may not listen: the result says where it built. */
export function withProvedBuilders(settings: NixSettings, { builders }: Proof): NixSettings {
  if (builders.length === 0) return settings;
  const lines = builders.flatMap(({ sandbox, line }) => (sandbox === 'held' && line !== null ? [line] : []));
  return { ...settings, builders: lines.join('\n') };
}

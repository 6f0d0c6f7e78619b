/** Which Python an environment of conda asks for. */
import type { Inventory } from '../../scan/types.ts';
import type { VersionRequest } from '../types.ts';
import { readEnvironment } from './environment.ts';
import { requestOf } from './spec.ts';

/** Requests for Python of the environment that speaks for a folder. */
export async function condaPythonRequests(inventory: Inventory, folder: string): Promise<VersionRequest[]> {
  const environment = await readEnvironment(inventory, folder);
  const entry = environment?.specs.find(({ spec }) => spec.name === 'python');
  return entry === undefined ? [] : requestOf(entry.spec, entry.because());
}

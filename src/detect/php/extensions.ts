/** Extensions that a project and its locked packages ask for. */
import type { Evidence } from '../../plan/schema.ts';
import { evidence } from '../evidence.ts';
import { type PhpProject, platformRequirements, provided } from './projects.ts';

/** Composer's names of extensions whose own name is another: https://www.php.net/manual/en/extensions.alphabetical.php */
const otherNames: Readonly<Record<string, string>> = {
  'zend-opcache': 'opcache',
  libsodium: 'sodium',
  mcrypt: 'mcrypt',
};

/** As many places as a reader wants to see for one. */
const maxEvidence = 3;

export function extensionNeeds(project: PhpProject): { name: string; because: Evidence[] }[] {
  const standIns = provided(project);
  const found = new Map<string, Evidence[]>();
  for (const { name: key, from, path, package: owner } of platformRequirements(project)) {
    if (!key.startsWith('ext-') || (owner !== null && standIns.has(key))) continue;
    const plain = key.slice('ext-'.length).replaceAll(' ', '_');
    const name = Object.hasOwn(otherNames, plain) ? (otherNames[plain] ?? plain) : plain;
    const known = found.get(name) ?? [];
    if (known.length >= maxEvidence) continue;
    found.set(name, [...known, evidence(from.file, from.document.line(path), 'php/extension')]);
  }
  return [...found].map(([name, because]) => ({ name, because }));
}

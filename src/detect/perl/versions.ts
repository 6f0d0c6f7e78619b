/** Which perl is asked for. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { VersionRequest } from '../types.ts';
import type { Prerequisite } from './prerequisites.ts';

/** What a version manager chooses, then what the lists of modules allow. */
export async function perlRequests(
  inventory: Inventory,
  folder: string,
  modules: readonly Prerequisite[],
): Promise<VersionRequest[]> {
  const own = nearest(inventory, folder, ['.perl-version']);
  return [
    ...(own === null ? [] : fromOwn(own)),
    ...(await versionFileRequests(inventory, folder, ['perl'])),
    ...modules.filter(({ module }) => module === 'perl').flatMap(fromPrerequisite),
  ];
}

/** plenv: `5.38.2`; perlbrew's names have `perl-` before it. */
function fromOwn(file: ClaimedFile): VersionRequest[] {
  const { version } =
    /^\s*(?:perl-)?(?<version>5(?:\.\d{1,3}){0,2})\s*$/m.exec((file.text ?? '').slice(0, 500))?.groups ?? {};
  return version === undefined
    ? []
    : [{ raw: version, scheme: 'prefix', because: evidence(file, 1, 'perl/perl-version') }];
}

function fromPrerequisite({ file, version, line }: Prerequisite): VersionRequest[] {
  const because = evidence(file, line, 'perl/prerequisite');
  const clauses = version.split(',').map((clause) => {
    const { sign = '>=', number = '' } =
      /^\s*(?<sign>>=|<=|==|!=|>|<)?\s*(?<number>v?[\d._]{1,20})\s*$/.exec(clause)?.groups ?? {};
    return { sign, number: dotted(number) };
  });
  const [only, ...others] = clauses;
  if (only === undefined || clauses.some(({ number }) => number === null)) return [];
  if (others.length === 0 && only.sign === '>=')
    return only.number === null ? [] : [{ raw: only.number, scheme: 'minimum', because }];
  const parts = clauses
    .filter(({ sign }) => sign !== '!=')
    .map(({ sign, number }) => `${sign.replace('==', '=')}${number}`);
  return parts.length === 0 ? [] : [{ raw: parts.join(' '), scheme: 'semver', because }];
}

/**
 * A version with dots: `5.026001` is 5.26.1, `5.010` is 5.10.0, `v5.36` is 5.36. A fraction of one or two digits means,
 * strictly, hundreds; nobody does: https://perldoc.perl.org/functions/use
 */
export function dotted(text: string): string | null {
  const plain = text.replaceAll('_', '');
  const fraction = /^(?<major>\d)\.(?<minor>\d{3})(?<patch>\d{0,3})\d*$/.exec(plain)?.groups;
  if (fraction !== undefined) {
    const { major, minor, patch = '' } = fraction;
    return `${major}.${Number(minor)}.${Number(patch.padEnd(3, '0'))}`;
  }
  const parts = /^v?(?<version>\d{1,2}(?:\.\d{1,3}){0,2})$/.exec(plain)?.groups?.version;
  return parts?.replace(/\.0+(?=\d)/g, '.') ?? null;
}

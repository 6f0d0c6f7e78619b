/** Specifications of packages as environments write them: https://docs.conda.io/projects/conda/en/latest/user-guide/concepts/pkg-specs.html */
import type { VersionRequest } from '../types.ts';

export interface CondaSpec {
  name: string;
  channel: string | null;
  /** `=1.20`, `>=1.2,<2`, `1.2.*`; null where any will do. */
  version: string | null;
  /** A build was named: only conda has it. */
  build: boolean;
}

const named = /^(?:(?<channel>[\w./:-]{1,100})::)?(?<name>[A-Za-z0-9_][\w.-]{0,99})(?<rest>[^\n]{0,200})$/;

/** @returns null for what is no specification */
export function parseSpec(text: string): CondaSpec | null {
  const {
    channel,
    name,
    rest = '',
  } = named.exec(text.trim().replace(/(?<!\s)\s+#[\s\S]*$/, ''))?.groups ?? {};
  if (name === undefined) return null;
  const plain = { name: name.toLowerCase(), channel: channel ?? null };
  const bracket = /^\[(?<inner>[^\]]*)\]$/.exec(rest.trim())?.groups?.inner;
  if (bracket !== undefined) {
    const version = /version\s*=\s*["']?(?<version>[^"',\]]+)/.exec(bracket)?.groups?.version ?? null;
    return { ...plain, version, build: /\bbuild\s*=/.test(bracket) };
  }
  const version = rest.trim();
  if (version === '') return { ...plain, version: null, build: false };
  // `numpy 1.21 py39_0`, `numpy=1.21=py39_0`
  const parts = /^(?<version>==?[^=\s]+|[^=\s<>!~][^\s=]*)(?:=|\s+)(?<build>[\w.*]+)$/.exec(version)?.groups;
  if (parts?.version !== undefined) return { ...plain, version: parts.version, build: parts.build !== '*' };
  if (!/^[=<>!~\d*][\w=<>!~*.,|+\s]*$/.test(version) || /\w\s+\w/.test(version)) return null;
  // A version after a space is exact, like one after two signs.
  return {
    ...plain,
    version: /^\d/.test(version) && !version.includes('*') ? `==${version}` : version,
    build: false,
  };
}

/**
 * The same range as Python's tools write it: `=1.20` is `==1.20.*`.
 *
 * @returns an empty text where any version will do; null where there is no such range
 */
export function asPep440(version: string | null): string | null {
  if (version === null || version === '*') return '';
  if (version.includes('|')) return null;
  const parts = version.split(',').map((part) => clause(part.replace(/\s+/g, '')));
  return parts.every((part) => part !== null) ? parts.filter((part) => part !== '').join(',') : null;
}

function clause(part: string): string | null {
  if (part === '' || part === '*') return '';
  const { sign = '', number } =
    /^(?<sign>==|=|>=|<=|~=|!=|>|<)?(?<number>\d[\w.!+]*(?:\.\*|\*)?)$/.exec(part)?.groups ?? {};
  if (number === undefined) return null;
  const star = number.endsWith('*');
  const plain = number.replace(/\.?\*$/, '');
  if (sign === '' || sign === '=') return sign === '' && !star ? `==${plain}` : `==${plain}.*`;
  if (star) return sign === '==' || sign === '!=' ? `${sign}${plain}.*` : `${sign}${plain}`;
  return `${sign}${plain}`;
}

/** What a specification of an interpreter asks for; none where any version will do. */
export function requestOf({ version }: CondaSpec, because: VersionRequest['because']): VersionRequest[] {
  const range = asPep440(version);
  if (range === '' || range === null) return [];
  const one = /^==(?<number>\d[\d.]*?)(?:\.\*)?$/.exec(range)?.groups?.number;
  return [
    one === undefined ? { raw: range, scheme: 'pep440', because } : { raw: one, scheme: 'prefix', because },
  ];
}

/** Whether a request names one line, which decides, or a range, which others may narrow. */
export function isPin({ scheme }: Pick<VersionRequest, 'scheme'>): boolean {
  return scheme === 'prefix';
}

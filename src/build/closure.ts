import { ExitCode, NidifyError } from '../errors.ts';
import { isRecord } from '../parse/value.ts';
import { byNumbers } from '../text/numbers.ts';
import { nixFailure } from './failure.ts';
import { nixLog } from './log.ts';
import { type NixSettings, nix } from './nix.ts';

/** What the store knows of one of its paths. */
export interface PathInfo {
  path: string;
  /** SRI hash of the path's NAR serialisation. */
  narHash: string;
  /** Bytes of the NAR. */
  narSize: number;
  references: string[];
  /** The derivation that made it; null for a source. */
  deriver: string | null;
  /** This store built it, or was told to trust it as if it had. */
  ultimate: boolean;
  /** Names of the keys that signed it. */
  signedBy: string[];
}

/**
 * The closure of a store path, sorted by path.
 *
 * @param version of Nix: the form of its JSON follows from it
 * @throws NidifyError what Nix fails with
 */
export async function closureOf(
  storePath: string,
  version: string,
  settings: NixSettings,
  cwd: string,
): Promise<PathInfo[]> {
  const log = nixLog();
  const format = byNumbers(version, '2.34') >= 0 ? ['--json-format', '1'] : [];
  const { exitCode, stdout } = await nix(
    ['path-info', '--recursive', '--json', ...format, storePath],
    settings,
    { cwd, onErrorLine: log.line },
  );
  if (exitCode !== 0) throw nixFailure('asking for the closure', log);
  return parsePathInfos(stdout.toString('utf8'));
}

/**
 * Reads what `nix path-info --json` prints, sorted by path.
 *
 * @throws NidifyError `closure-unknown` (exit 5)
 */
export function parsePathInfos(text: string): PathInfo[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unexpected();
  }
  const infos = rows(value).map(infoOf);
  return infos.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Since 2.19 an object by path, before a list. */
function rows(value: unknown): [string, Record<string, unknown>][] {
  if (!Array.isArray(value) && !isRecord(value)) throw unexpected();
  const list = Array.isArray(value)
    ? value.map((row): [unknown, unknown] => [isRecord(row) ? row.path : null, row])
    : Object.entries(value);
  return list.map(([path, row]) => {
    if (typeof path !== 'string' || !isRecord(row)) throw unexpected();
    return [path, row];
  });
}

function infoOf([path, row]: [string, Record<string, unknown>]): PathInfo {
  const { narHash, narSize, references, deriver, ultimate, signatures } = row;
  if (typeof narHash !== 'string' || typeof narSize !== 'number') throw unexpected();
  const texts = (list: unknown) =>
    Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];
  return {
    path,
    narHash,
    narSize,
    references: texts(references).sort(),
    deriver: typeof deriver === 'string' ? deriver : null,
    ultimate: ultimate === true,
    signedBy: texts(signatures).map((signature) => signature.split(':')[0] ?? ''),
  };
}

function unexpected(): NidifyError {
  return new NidifyError({
    code: 'closure-unknown',
    message: 'Nix described a closure in a way that nidify does not understand',
    exitCode: ExitCode.buildFailed,
  });
}

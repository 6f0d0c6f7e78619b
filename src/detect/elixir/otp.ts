/**
 * Which Erlang/OTP each Elixir runs on: the table of
 * https://hexdocs.pm/elixir/compatibility-and-deprecations.html#between-elixir-and-erlang-otp
 */
import { beginningWith, coverage } from '../../versions/interval.ts';
import { readRequest } from '../../versions/request.ts';
import { parseTuple } from '../../versions/tuple.ts';
import type { VersionRequest } from '../types.ts';

/** First and last OTP of a line, as of its last release. */
const supported: readonly (readonly [line: string, first: number, last: number])[] = [
  ['1.21', 27, 29],
  ['1.20', 27, 29],
  ['1.19', 26, 28],
  ['1.18', 25, 27],
  ['1.17', 25, 27],
  ['1.16', 24, 26],
  ['1.15', 24, 26],
  ['1.14', 23, 26],
  ['1.13', 22, 25],
  ['1.12', 22, 24],
  ['1.11', 21, 24],
  ['1.10', 21, 23],
  ['1.9', 20, 22],
  ['1.8', 20, 22],
  ['1.7', 19, 22],
];

/**
 * What a request for Elixir asks of Erlang: the OTPs of all lines that may answer it, as a range.
 *
 * @returns null where the request names no version, or only ones that the table does not have
 */
export function otpRequest(elixir: VersionRequest): VersionRequest | null {
  const wish = readRequest(elixir);
  if (wish.kind !== 'set') return null;
  const lines = supported.filter(([line]) => {
    const numbers = parseTuple(line);
    return numbers !== null && coverage(wish.set, beginningWith(numbers)) !== 'none';
  });
  if (lines.length === 0 || lines.length === supported.length) return null;
  const first = Math.min(...lines.map(([, from]) => from));
  const last = Math.max(...lines.map(([, , to]) => to));
  return {
    raw: `>=${first} <${last + 1}`,
    scheme: 'semver',
    because: { ...elixir.because, rule: 'elixir/otp-table' },
  };
}

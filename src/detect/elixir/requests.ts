/** Which Elixir, and which Erlang/OTP, a project asks for. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { VersionRequest } from '../types.ts';
import type { Mixfile } from './mixfile.ts';
import { otpRequest } from './otp.ts';

/**
 * Requests for Elixir in the order in which they decide: what a version manager puts on PATH (asdf, mise, exenv),
 * what a buildpack installs, then what `mix.exs` demands of either.
 */
export async function elixirRequests(
  inventory: Inventory,
  folder: string,
  file: ClaimedFile,
  { elixir }: Mixfile,
): Promise<VersionRequest[]> {
  const managed = await versionFileRequests(inventory, folder, ['elixir']);
  const own = nearest(inventory, folder, ['.exenv-version', '.elixir-version']);
  const demanded: VersionRequest[] =
    elixir === null || elixir.text === null
      ? []
      : [{ raw: elixir.text, scheme: 'hex', because: evidence(file, elixir.line, 'elixir/mix-exs') }];
  return [
    ...managed,
    ...(own === null ? [] : plainVersion(own)),
    ...buildpackRequests(inventory, folder, 'elixir'),
    ...demanded,
  ];
}

/**
 * Requests for Erlang, in the same order: its own versions, the OTP in that of Elixir (`1.17.2-otp-27`), the
 * buildpack's; then what the Elixir that was asked for runs on.
 */
export async function erlangRequests(
  inventory: Inventory,
  folder: string,
  elixir: readonly VersionRequest[],
): Promise<VersionRequest[]> {
  const managed = await versionFileRequests(inventory, folder, ['erlang']);
  const builtFor = elixir.flatMap(({ raw, because }): VersionRequest[] => {
    const otp = /-otp-(?<otp>\d{2})$/.exec(raw)?.groups?.otp;
    return otp === undefined ? [] : [{ raw: otp, scheme: 'prefix', because }];
  });
  const [first] = elixir;
  const runsOn = first === undefined ? null : otpRequest(first);
  // Where the first names no version, what the others run on counts.
  const others = elixir.slice(1).map(otpRequest);
  return [
    ...managed,
    ...builtFor,
    ...buildpackRequests(inventory, folder, 'erlang'),
    ...[runsOn, ...(runsOn === null ? others : [])].filter((request) => request !== null),
  ];
}

function plainVersion(file: ClaimedFile): VersionRequest[] {
  const lines = (file.text ?? '').split('\n');
  const at = lines.findIndex((line) => /^\s*[^\s#]/.test(line));
  const raw = lines[at]?.trim() ?? '';
  if (raw === '' || raw === 'system') return [];
  const scheme = /^v?\d/.test(raw) ? 'prefix' : 'alias';
  return [{ raw, scheme, because: evidence(file, at + 1, 'elixir/version-file') }];
}

/** https://github.com/HashNuke/heroku-buildpack-elixir#configuration */
function buildpackRequests(
  inventory: Inventory,
  folder: string,
  tool: 'elixir' | 'erlang',
): VersionRequest[] {
  const file = nearest(inventory, folder, ['elixir_buildpack.config']);
  const lines = (file?.text ?? '').split('\n');
  const pattern = new RegExp(`^\\s{0,20}${tool}_version\\s{0,20}=\\s{0,20}["']?v?(?<version>\\d[\\w.-]*)`);
  for (const [at, line] of lines.entries()) {
    const raw = pattern.exec(line.slice(0, 200))?.groups?.version;
    if (file !== null && raw !== undefined) {
      return [{ raw, scheme: 'prefix', because: evidence(file, at + 1, 'elixir/buildpack') }];
    }
  }
  return [];
}

/** Which ruby a project asks for: docs/ecosystems/ruby.md has the order. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { gemSet } from '../../versions/gem.ts';
import { beginningWith, coverage } from '../../versions/interval.ts';
import { parseTuple } from '../../versions/tuple.ts';
import { evidence } from '../evidence.ts';
import { fileIn, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import type { RubyProject } from './projects.ts';
import { fromVersionFile } from './version-text.ts';

/**
 * What Bundler insists on, and what version managers choose: theirs comes first where Bundler would accept it.
 * Without either, what the lock file remembers, and what a specification allows.
 */
export async function rubyRequests(
  inventory: Inventory,
  project: RubyProject,
): Promise<{ requests: VersionRequest[]; findings: FindingNeed[] }> {
  const { gemfile, gemspec, lock } = project;
  const findings: FindingNeed[] = [];
  const ownFile = nearest(inventory, project.folder, ['.ruby-version']);
  const own = ownFile === null ? null : fromVersionFile(ownFile);
  const shared = await versionFileRequests(inventory, project.folder, ['ruby']);
  const chosen = [...(own === null ? [] : [own]), ...shared];
  const insisted = await directive(inventory, project);
  if (gemfile?.ruby != null && insisted === null) findings.push(computed(gemfile.file, gemfile.ruby.line));
  const recorded =
    lock?.ruby == null || insisted !== null
      ? []
      : [prefix(lock.ruby.raw, lock.file, lock.ruby.line, 'ruby/lock')];
  const allowed =
    gemspec?.ruby == null || gemSet(gemspec.ruby.raw) === null
      ? []
      : [
          {
            raw: gemspec.ruby.raw,
            scheme: 'gem' as const,
            because: evidence(gemspec.file, gemspec.ruby.line, 'ruby/required-ruby-version'),
          },
        ];
  const leads = insisted === null ? chosen : inOrder(insisted, chosen);
  return { requests: [...leads, ...recorded, ...allowed], findings };
}

/** A version manager's choice stands before a range of the Gemfile that it lies in. */
function inOrder(insisted: VersionRequest, chosen: readonly VersionRequest[]): VersionRequest[] {
  const [first] = chosen;
  const set = insisted.scheme === 'gem' ? gemSet(insisted.raw) : null;
  const version = first?.scheme === 'prefix' ? parseTuple(first.raw) : null;
  const isRange = /[<>~!]/.test(insisted.raw);
  const isWithin = set !== null && version !== null && coverage(set, beginningWith(version)) !== 'none';
  return isRange && isWithin ? [...chosen, insisted] : [insisted, ...chosen];
}

/** What the Gemfile's own line asks for; null where there is none, or only running it would tell. */
async function directive(inventory: Inventory, project: RubyProject): Promise<VersionRequest | null> {
  const { gemfile, folder } = project;
  const ruby = gemfile?.ruby;
  if (gemfile === null || ruby == null) return null;
  const because = evidence(gemfile.file, ruby.line, 'ruby/gemfile');
  if (ruby.engine !== null) return { raw: ruby.engine, scheme: 'alias', because };
  if (ruby.file !== null) {
    const file = nearest(inventory, folder, [ruby.file]) ?? fileIn(inventory, '.', ruby.file);
    const request =
      ruby.file === '.ruby-version'
        ? file === null
          ? null
          : fromVersionFile(file)
        : ((await versionFileRequests(inventory, folder, ['ruby']))[0] ?? null);
    return request === null ? null : { ...request, because: { ...because, text: request.because.text } };
  }
  if (ruby.raw === null || gemSet(ruby.raw) === null) return null;
  return { raw: ruby.raw, scheme: 'gem', because };
}

function prefix(raw: string, file: ClaimedFile, line: number, rule: string): VersionRequest {
  return { raw, scheme: 'prefix', because: evidence(file, line, rule) };
}

function computed(file: ClaimedFile, line: number): FindingNeed {
  return {
    kind: 'finding',
    code: 'version-not-understood',
    severity: 'warning',
    message: `${file.path}:${line} has a "ruby" line whose version only running it would tell`,
    hint: 'Write it as ruby "~> 3.4.0" or ruby file: ".ruby-version".',
    because: [evidence(file, line, 'ruby/gemfile')],
  };
}

/** What a person should know of a Ruby project before Bundler says it. */
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import type { FindingNeed } from '../types.ts';
import { locksLinux } from './lockfile.ts';
import type { RubyProject } from './projects.ts';

export function rubyRemarks({ gemfile, lock }: RubyProject): FindingNeed[] {
  const findings: FindingNeed[] = [];
  if (lock !== null && lock.conflict !== null) {
    findings.push(
      remark(
        'lock-conflict',
        'error',
        `${lock.file.path} has a conflict that was not resolved`,
        'Resolve it: `bundle lock` writes it anew.',
        [lock.file, lock.conflict, 'ruby/lock'],
      ),
    );
  } else if (lock !== null && !locksLinux(lock)) {
    findings.push(
      remark(
        'lock-platform-missing',
        'warning',
        `${lock.file.path} is for ${lock.platforms.names.slice(0, 3).join(', ')} only: Bundler refuses to install it on Linux`,
        'Add the platform: `bundle lock --add-platform x86_64-linux aarch64-linux`.',
        [lock.file, lock.platforms.line, 'ruby/platforms'],
      ),
    );
  }
  if (lock?.gems.has('tzinfo') && !lock.gems.has('tzinfo-data')) {
    findings.push(
      remark(
        'time-zones',
        'info',
        'tzinfo reads the time zones of the system, which small container images do not have',
        'Where it does not find them, add the gem tzinfo-data for every platform.',
        [lock.file, lock.gems.get('tzinfo')?.line ?? null, 'ruby/locked-gem'],
      ),
    );
  }
  const [computed] = gemfile?.computed ?? [];
  if (gemfile !== null && lock === null && computed !== undefined) {
    findings.push(
      remark(
        'gemfile-computed',
        'info',
        `${gemfile.file.path}:${computed} names gems that only running it would tell: what they need is not known`,
        'Commit a lock file: it lists every gem.',
        [gemfile.file, computed, 'ruby/gemfile'],
      ),
    );
  }
  return findings;
}

function remark(
  code: string,
  severity: FindingNeed['severity'],
  message: string,
  hint: string,
  [file, line, rule]: [ClaimedFile, number | null, string],
): FindingNeed {
  return { kind: 'finding', code, severity, message, hint, because: [evidence(file, line, rule)] };
}

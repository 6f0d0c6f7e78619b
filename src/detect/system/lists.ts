/**
 * Lists of packages of Debian, a line each: Binder's `apt.txt` (https://repo2docker.readthedocs.io/en/latest/config_files.html),
 * Heroku's `Aptfile` (https://elements.heroku.com/buildpacks/heroku/heroku-buildpack-apt) and Streamlit's `packages.txt`
 * (https://docs.streamlit.io/deploy/streamlit-community-cloud/deploy-your-app/app-dependencies).
 */
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { packageNamed } from './commands.ts';
import { emptyStatements, type Statements } from './statements.ts';

const maxLines = 2000;

export function listStatements(file: ClaimedFile): Statements {
  const found = emptyStatements();
  for (const [at, whole] of (file.text ?? '').split('\n', maxLines).entries()) {
    const line = whole.slice(0, 500).replace(/#.*$/, '').trim();
    // `:repo:` adds a repository, an address is a package of its own.
    if (line === '' || line.startsWith(':') || line.includes('://')) continue;
    for (const word of line.split(/[\s,]+/)) {
      const name = packageNamed(word);
      if (name === null) continue;
      found.packages.push({ name, languages: [], because: evidence(file, at + 1, 'system/package-list') });
    }
  }
  return found;
}

import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces R: descriptions of packages, lock files, RStudio projects; scripts are hints. */
export const rClaims: Claims = {
  names: [...['DESCRIPTION', 'install.R', 'runtime.txt', '.R-version'], ...versionFileClaims.names],
  locks: ['renv.lock', 'packrat.lock'],
  endings: ['.Rproj'],
  suffixes: versionFileClaims.suffixes,
  presence: [...['NAMESPACE', '.lintr', '_bookdown.yml', '_quarto.yml', 'rhino.yml']],
  hints: { endings: ['.R', '.r', '.Rmd'] },
  versionTools: ['R', 'r'],
  common: { names: ['runtime.txt'], sources: ['.R', '.r', '.Rmd', '.ipynb'] },
};

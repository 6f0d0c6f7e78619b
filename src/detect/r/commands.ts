/** How an R project is installed, built, tested and started. */
import type { Commands } from '../../plan/schema.ts';
import { isPlainPath } from '../shared/shell.ts';
import { isPackage, type RManifests } from './manifests.ts';

export interface RLayout {
  manifests: RManifests;
  /** Whether the folder of the project holds a file. */
  has(path: string): boolean;
  /** Names of packages that the project installs. */
  packages: ReadonlySet<string>;
  /** Paths of R programs below the folder, from it. */
  scripts: readonly string[];
  /** Day of the snapshot of CRAN that packages come from. */
  snapshot: string | null;
}

export interface RFramework {
  id: string;
  port: number | null;
}

/** R has no default mirror where nobody can be asked: https://cran.r-project.org/mirrors.html */
const mirror = 'https://cloud.r-project.org';

export function frameworksOf(layout: RLayout): RFramework[] {
  const { has, packages } = layout;
  const found: RFramework[] = [];
  const isShiny = has('app.R') || (has('server.R') && has('ui.R'));
  if (has('rhino.yml')) found.push({ id: 'rhino', port: 3838 });
  if (packages.has('golem')) found.push({ id: 'golem', port: 3838 });
  if (isShiny || packages.has('shiny')) found.push({ id: 'shiny', port: isShiny ? 3838 : null });
  if (plumberFile(layout) !== null || packages.has('plumber'))
    found.push({ id: 'plumber', port: plumberFile(layout) === null ? null : 8000 });
  if (has('_targets.R')) found.push({ id: 'targets', port: null });
  if (has('_bookdown.yml')) found.push({ id: 'bookdown', port: null });
  return found;
}

function plumberFile({ has, packages }: RLayout): string | null {
  if (has('plumber.R')) return 'plumber.R';
  return has('entrypoint.R') && packages.has('plumber') ? 'entrypoint.R' : null;
}

export function rCommands(layout: RLayout): Partial<Commands> {
  const { manifests, has, packages } = layout;
  const asPackage = isPackage(manifests);
  const start = startCommand(layout);
  const dev = has('app.R') && start !== null ? { dev: start } : {};
  return {
    ...command('install', installCommand(layout)),
    ...command(
      'build',
      asPackage ? 'R CMD build .' : has('_targets.R') ? call('targets::tar_make()') : bookdown(layout),
    ),
    ...command('test', testCommand(layout, asPackage)),
    ...command('start', start),
    ...dev,
    ...command(
      'lint',
      has('.lintr') || packages.has('lintr')
        ? call(asPackage ? 'lintr::lint_package()' : 'lintr::lint_dir()')
        : null,
    ),
  };
}

function bookdown({ has }: RLayout): string | null {
  return has('_bookdown.yml') ? call('bookdown::render_book()') : null;
}

/** @param code without single quotes */
function call(code: string): string {
  return `Rscript -e '${code}'`;
}

function command(name: keyof Commands, value: string | null): Partial<Commands> {
  return value === null ? {} : { [name]: value };
}

function installCommand({ manifests, has, packages, snapshot }: RLayout): string | null {
  const { renv, packrat, installScript, description } = manifests;
  const from = snapshot === null ? mirror : `https://packagemanager.posit.co/cran/${snapshot}`;
  const repositories = `options(repos = c(CRAN = "${from}"))`;
  if (renv !== null) {
    // renv/activate.R, which .Rprofile runs, fetches renv itself.
    const restore = 'renv::restore(prompt = FALSE)';
    return has('renv/activate.R')
      ? call(restore)
      : call(`${repositories}; ${withPackage('renv')}; ${restore}`);
  }
  if (packrat !== null)
    return call(`${repositories}; ${withPackage('packrat')}; packrat::restore(prompt = FALSE)`);
  if (installScript !== null && isPlainPath(installScript.path))
    return call(`${repositories}; source("${pathIn(manifests.folder, installScript.path)}")`);
  if (description !== null)
    return call(`${repositories}; ${withPackage('remotes')}; remotes::install_deps(dependencies = TRUE)`);
  const named = [...packages].filter((name) => /^[A-Za-z][A-Za-z0-9.]*$/.test(name)).sort();
  if (named.length === 0) return null;
  return call(`${repositories}; install.packages(c(${named.map((name) => `"${name}"`).join(', ')}))`);
}

function withPackage(name: string): string {
  return `if (!requireNamespace("${name}", quietly = TRUE)) install.packages("${name}")`;
}

function pathIn(folder: string, path: string): string {
  return folder === '.' || !path.startsWith(`${folder}/`) ? path : path.slice(folder.length + 1);
}

function testCommand({ has, packages, scripts }: RLayout, asPackage: boolean): string | null {
  const hasTests = has('tests/testthat.R') || scripts.some((path) => path.startsWith('tests/testthat/'));
  if (hasTests) return call(asPackage ? 'testthat::test_local()' : 'testthat::test_dir("tests/testthat")');
  if (packages.has('tinytest') && asPackage) return call('tinytest::build_install_test(".")');
  return asPackage ? 'R CMD build . && R CMD check --no-manual *.tar.gz' : null;
}

/** Programs that a project is started by, the likeliest first. */
const mains = ['main.R', 'run.R', 'run_all.R', 'master.R', 'analysis.R'];

function startCommand(layout: RLayout): string | null {
  const { has, manifests, scripts, packages } = layout;
  if (has('app.R') || (has('server.R') && has('ui.R'))) return call('shiny::runApp(port = 3838)');
  const api = plumberFile(layout);
  if (api !== null) return call(`plumber::pr_run(plumber::pr("${api}"), port = 8000)`);
  if (isPackage(manifests))
    return packages.has('golem') && has('R/run_app.R') ? call('pkgload::load_all(); run_app()') : null;
  const main = mains.find((name) => has(name));
  if (main !== undefined) return `Rscript ${main}`;
  const programs = scripts.filter((path) => path.endsWith('.R') || path.endsWith('.r'));
  const [only, ...others] = programs.filter(
    (path) => !/(^|\/)(install|setup|functions|utils|helpers)\.[Rr]$/.test(path),
  );
  return only !== undefined && others.length === 0 && isPlainPath(only) && !has('_targets.R')
    ? `Rscript ${only}`
    : null;
}

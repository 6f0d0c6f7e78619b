/** Repositories in R and the plans that they must have: https://cran.r-project.org/doc/manuals/r-release/R-exts.html */
import { describe, expect, test } from 'vitest';
import { analysed } from '../../support/analysed.ts';

const mirror = 'options(repos = c(CRAN = "https://cloud.r-project.org"))';

const description = `Package: shelf
Type: Package
Title: Books
Version: 0.1.0
Depends:
    R (>= 4.1.0)
Imports:
    xml2,
    httr (>= 1.4.0)
Suggests: testthat (>= 3.0.0), sf
SystemRequirements: GNU Scientific Library (>= 2.0), pandoc (>= 1.14)
`;

const renvLock = JSON.stringify({
  R: { Version: '4.3.1', Repositories: [{ Name: 'CRAN', URL: 'https://cloud.r-project.org' }] },
  Packages: {
    renv: { Package: 'renv', Version: '1.0.7', Source: 'Repository' },
    sf: { Package: 'sf', Version: '1.0-16', Source: 'Repository' },
    curl: { Package: 'curl', Version: '5.2.1', SystemRequirements: 'libcurl: libcurl-devel (rpm)' },
  },
});

describe('a package', () => {
  test('with sources in C and Fortran needs their compilers, one without needs none', async () => {
    const own = { DESCRIPTION: 'Package: fast\nVersion: 0.1.0\n', NAMESPACE: 'useDynLib(fast)\n' };
    const compiled = await analysed({ ...own, 'src/fast.c': '', 'src/solve.f': '' });
    expect(compiled.compiler).toBe('default');
    expect(compiled.tools).toContain('gfortran');
    const plain = await analysed({ ...own, 'inst/extra/src/example.c': '' });
    expect(plain.compiler).toBe('none');
    expect(plain.tools).not.toContain('gfortran');
  });

  test('with tests of testthat', async () => {
    const found = await analysed({
      DESCRIPTION: description,
      NAMESPACE: 'export(books)\n',
      'R/books.R': 'books <- function() xml2::read_xml("a")\n',
      'tests/testthat.R': 'library(testthat)\n',
      'tests/testthat/test-books.R': 'test_that("it works", {})\n',
    });
    expect(found).toMatchObject({
      languages: ['r'],
      toolchains: ['r 4.5 compatible'],
      packageManagers: [],
      compiler: 'default',
      findings: [],
      commands: {
        install: `Rscript -e '${mirror}; if (!requireNamespace("remotes", quietly = TRUE)) install.packages("remotes"); remotes::install_deps(dependencies = TRUE)'`,
        build: 'R CMD build .',
        test: "Rscript -e 'testthat::test_local()'",
      },
    });
    expect(found.commands.start).toBeUndefined();
    expect(found.libraries).toEqual(expect.arrayContaining(['libxml2', 'gdal', 'geos', 'proj', 'gsl']));
    expect(found.tools).toEqual(expect.arrayContaining(['pandoc', 'pkg-config']));
    expect(found.plan.projects[0]?.name).toBe('shelf');
    const [environment] = found.plan.environments;
    expect(environment?.hooks.map(({ id }) => id)).toContain('r-library');
    expect(environment?.variables).toContainEqual(
      expect.objectContaining({
        name: 'LANG',
        value: ['C.UTF-8'],
        systems: ['x86_64-linux', 'aarch64-linux'],
      }),
    );
  });

  test('without tests, whose bounds of R exclude the newest', async () => {
    const found = await analysed({
      DESCRIPTION: 'Package: old\nVersion: 1.0\nDepends: R (>= 3.5), R (< 4.4)\n',
    });
    expect(found.toolchains).toEqual(['r 4.3 compatible']);
    expect(found.commands.test).toBe('R CMD build . && R CMD check --no-manual *.tar.gz');
    expect(found.compiler).toBe('none');
  });
});

describe('lock files', () => {
  test('of renv decide the version and how packages are installed', async () => {
    const found = await analysed({
      'renv.lock': renvLock,
      '.Rprofile': 'source("renv/activate.R")\n',
      'renv/activate.R': '',
      'app.R': 'library(shiny)\n',
    });
    expect(found).toMatchObject({
      toolchains: ['r 4.3 nearest'],
      packageManagers: ['renv'],
      frameworks: ['shiny'],
      ports: [3838],
      commands: {
        install: "Rscript -e 'renv::restore(prompt = FALSE)'",
        start: "Rscript -e 'shiny::runApp(port = 3838)'",
        dev: "Rscript -e 'shiny::runApp(port = 3838)'",
      },
      findings: [],
    });
    expect(found.plan.packageManagers[0]).toMatchObject({ lockfile: 'renv.lock', bundledWith: 'r-4.3' });
    expect(found.libraries).toEqual(expect.arrayContaining(['gdal', 'curl', 'udunits'].slice(0, 2)));
    expect(found.libraries).not.toContain('libxml2');
  });

  test('of packrat, which has the versions in a file of records', async () => {
    const found = await analysed({
      'packrat/packrat.lock':
        'PackratFormat: 1.4\nPackratVersion: 0.5.0\nRVersion: 4.2.2\nRepos: CRAN=https://cran.r-project.org/\n\nPackage: png\nSource: CRAN\nVersion: 0.1-7\nHash: 03b7076c234cb3331288919983326c55\n',
      'run.R': 'library(png)\n',
    });
    expect(found.toolchains).toEqual(['r 4.2 assumed']);
    expect(found.packageManagers).toEqual(['packrat']);
    expect(found.commands.install).toContain('packrat::restore(prompt = FALSE)');
    expect(found.commands.start).toBe('Rscript run.R');
    expect(found.libraries).toEqual(['libpng']);
  });
});

describe('applications', () => {
  test('a plumber API with scripts that name its packages', async () => {
    const found = await analysed({
      'plumber.R': "#* @get /\nfunction() jsonlite::toJSON('a')\n# library(sf)\n",
      'install.R':
        'install.packages(c(\n  "plumber", # the server\n  "RPostgres"\n), repos = "https://cran.r-project.org")\n',
      '.lintr': '',
    });
    expect(found).toMatchObject({
      frameworks: ['plumber'],
      ports: [8000],
      findings: [],
      commands: {
        install: `Rscript -e '${mirror}; source("install.R")'`,
        start: `Rscript -e 'plumber::pr_run(plumber::pr("plumber.R"), port = 8000)'`,
        lint: "Rscript -e 'lintr::lint_dir()'",
      },
    });
    expect(found.libraries).toEqual(['libpq', 'libpq.pg_config'].slice(0, found.libraries.length));
    expect(found.libraries).not.toContain('gdal');
  });

  test('a pipeline of targets', async () => {
    const found = await analysed({
      '_targets.R': 'library(targets)\ntar_option_set(packages = "dplyr")\n',
      'R/functions.R': '',
      'study.Rproj': 'Version: 1.0\n',
    });
    expect(found).toMatchObject({ frameworks: ['targets'], toolchains: ['r 4.5 default'] });
    expect(found.commands.build).toBe("Rscript -e 'targets::tar_make()'");
    expect(found.commands.install).toBe(`Rscript -e '${mirror}; install.packages(c("targets"))'`);
  });
});

describe('runtime.txt', () => {
  test('names a version and the day of the packages', async () => {
    const found = await analysed({
      'runtime.txt': 'r-4.4-2024-06-01\n',
      'install.R': 'install.packages("ggplot2")\n',
    });
    expect(found.toolchains).toEqual(['r 4.4 compatible']);
    expect(found.languages).toEqual(['r']);
    expect(found.commands.install).toBe(
      `Rscript -e 'options(repos = c(CRAN = "https://packagemanager.posit.co/cran/2024-06-01")); source("install.R")'`,
    );
  });

  test('a day alone asks for no version, which is said', async () => {
    const found = await analysed({ 'runtime.txt': 'r-2023-01-31', 'install.R': '' });
    expect(found.toolchains).toEqual(['r 4.5 default']);
    expect(found.findings).toEqual(['r-version-by-date']);
  });

  test('of Heroku is none of R', async () => {
    const found = await analysed({ 'runtime.txt': 'python-3.12.4\n', 'requirements.txt': 'flask\n' });
    expect(found.languages).toEqual(['python']);
  });
});

describe('scripts alone', () => {
  test('are a project where nothing else stands there', async () => {
    const found = await analysed({
      'src/examplePlot.R': 'library(data.table)\nrequire("ggplot2")\n',
      'README.md': '# R\n',
    });
    expect(found).toMatchObject({ languages: ['r'], toolchains: ['r 4.5 default'] });
    expect(found.commands).toEqual({
      install: `Rscript -e '${mirror}; install.packages(c("data.table", "ggplot2"))'`,
      start: 'Rscript src/examplePlot.R',
    });
  });

  test('are helpers beside anything else', async () => {
    const found = await analysed({ 'package.json': '{}', 'scripts/plot.R': 'library(ggplot2)\n' });
    expect(found.languages).toEqual(['node']);
  });

  test('and a DESCRIPTION that is no package of R says nothing', async () => {
    const found = await analysed({
      DESCRIPTION: 'This is a description: of\nsomething.\n',
      'go.mod': 'module a\n',
    });
    expect(found.languages).toEqual(['go']);
  });
});

describe('odd ones', () => {
  test('a package in a folder, and an example beside it', async () => {
    const found = await analysed(
      {
        'r-client/DESCRIPTION': 'Package: client\nVersion: 1\nImports: curl\n',
        'examples/demo/DESCRIPTION': 'Package: demo\nVersion: 1\nDepends: R (>= 4.9)\n',
        'package.json': '{"name":"shop"}',
      },
      'r-client',
    );
    expect(found.plan.projects.map(({ path }) => path)).toEqual(['.', 'r-client']);
    expect(found.commands.build).toBe('R CMD build .');
  });

  test('a broken lock file is an error, and does not stop the rest', async () => {
    const found = await analysed({ 'renv.lock': '{ "R": ', 'app.R': '' });
    expect(found.findings).toEqual(['unreadable-manifest']);
    expect(found.toolchains).toEqual(['r 4.5 default']);
  });

  test('a requirement without a package of nixpkgs is said', async () => {
    const found = await analysed({
      DESCRIPTION: 'Package: a\nVersion: 1\nSystemRequirements: JAGS, SAGA GIS\n',
    });
    expect(found.libraries).toContain('jags');
    expect(found.findings).toEqual(['system-requirement-unmapped']);
  });
});

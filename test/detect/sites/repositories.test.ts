/** Generators of static sites: gohugo.io, getzola.org, rust-lang.github.io/mdBook, mkdocs.org. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

describe('Hugo', () => {
  it('builds and serves a site', async () => {
    const found = await understood({
      'hugo.toml': "baseURL = 'https://example.org/'\n",
      'content/_index.md': '',
    });
    expect(found).toMatchObject({
      toolchains: ['hugo-default default'],
      languages: ['static'],
      frameworks: ['hugo'],
      root: {
        build: 'hugo',
        dev: 'hugo server',
        start: 'hugo server --environment production --bind 0.0.0.0',
      },
      ports: [1313],
      codes: [],
    });
  });

  it('has a least version, which may be too new, and is the extended one anyway', async () => {
    const found = await understood({
      'hugo.yaml': 'module:\n  hugoVersion:\n    extended: true\n    min: 0.112.0\n',
    });
    expect(found.toolchains).toEqual(['hugo-default compatible']);
    expect(found.plan.toolchains[0]?.requested).toBe('>=0.112.0');
    const newer = await understood({ 'hugo.json': '{"module":{"hugoVersion":{"min":"0.150.0"}}}' });
    expect(newer.toolchains).toEqual(['hugo-default assumed']);
    const both = await understood({ 'hugo.toml': '[module.hugoVersion]\nmin = "0.41.0"\nmax = "0.100.0"\n' });
    expect(both.codes).toEqual(['version-nearest']);
  });

  it('is recognised behind the old name of its configuration by what is in it', async () => {
    const old = { 'config.toml': 'baseURL = "/"\ntheme = "ananke"\n', 'themes/ananke/theme.toml': '' };
    expect(await understood(old)).toMatchObject({ frameworks: ['hugo'] });
    const folder = { 'config/_default/config.yaml': 'baseURL: /\n', 'content/a.md': '' };
    expect(await understood(folder)).toMatchObject({ frameworks: ['hugo'], projects: ['.'] });
    const other = await understood({ 'config.toml': '[server]\nport = 1\n', 'content/a.md': '' });
    expect(other.frameworks).toEqual([]);
    expect((await understood({ 'config.toml': '= broken', 'content/a.md': '' })).codes).toEqual([
      'nothing-found',
    ]);
  });

  it('takes the version that Netlify builds it with', async () => {
    const found = await understood({
      'hugo.toml': '',
      'netlify.toml':
        '[build]\ncommand = "hugo --gc --minify"\n[build.environment]\nHUGO_VERSION = "0.111.3"\n',
    });
    expect(found.plan.toolchains[0]?.requested).toBe('0.111.3');
    expect(found.codes).toEqual(['version-nearest']);
    expect(found.root.build).toBe('hugo --gc --minify');
  });

  it('needs Go and Git for modules, and Node.js for what its pipes call', async () => {
    const found = await understood({
      'hugo.toml': '[[module.imports]]\npath = "github.com/google/docsy"\n',
      'go.mod': 'module example.org/site\n\ngo 1.22\n\nrequire github.com/google/docsy v0.10.0\n',
      'package.json': '{"name":"site","devDependencies":{"postcss-cli":"11"}}',
      'package-lock.json': '{"name":"site","lockfileVersion":3,"packages":{}}',
    });
    expect(found.toolchains.map((each) => each.split('-')[0]).sort()).toEqual(['go', 'hugo', 'node']);
    expect(found.tools).toContain('git');
    expect(found.root).toMatchObject({ install: 'npm ci', build: 'hugo' });
    // There is nothing of Go for `go vet` to look at.
    expect(found.root.lint).toBeUndefined();
  });

  it('in a folder of its own is a project there; an example site of a theme is none', async () => {
    const found = await understood({
      'go.mod': 'module x\n\ngo 1.25\n',
      'main.go': 'package main\nfunc main() {}\n',
      'docs/hugo.toml': '',
      'docs/content/a.md': '',
    });
    expect(found.projects).toEqual(['.', 'docs']);
    const theme = await understood({
      'theme.toml': 'min_version = "0.120.0"\n',
      'exampleSite/hugo.toml': '',
    });
    expect(theme.toolchains).toEqual(['hugo-default assumed']);
    expect(theme.plan.toolchains[0]?.requested).toBe('>=0.120.0');
  });
});

describe('Zola', () => {
  it('is told from Hugo by its configuration', async () => {
    const found = await understood({
      'config.toml': 'base_url = "https://example.org"\n',
      'content/_index.md': '',
    });
    expect(found).toMatchObject({
      toolchains: [],
      tools: ['zola'],
      frameworks: ['zola'],
      root: { build: 'zola build', test: 'zola check', dev: 'zola serve' },
      ports: [1111],
    });
  });
});

describe('mdBook', () => {
  it('brings its preprocessors and backends along', async () => {
    const found = await understood({
      'book.toml':
        '[book]\ntitle = "Guide"\n[preprocessor.mermaid]\ncommand = "mdbook-mermaid"\n[preprocessor.own]\ncommand = "mdbook-own"\n[output.html]\n[output.linkcheck2]\n[preprocessor.links]\n',
      'src/SUMMARY.md': '',
    });
    expect(found.tools.sort()).toEqual(['mdbook', 'mdbook-linkcheck2', 'mdbook-mermaid']);
    expect(found).toMatchObject({
      frameworks: ['mdbook'],
      root: { build: 'mdbook build', test: 'mdbook test', dev: 'mdbook serve' },
      ports: [3000],
      codes: ['tool-unknown'],
    });
  });

  it('beside a crate is a project of its own', async () => {
    const found = await understood({
      'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': '',
      'docs/book.toml': '[book]\n',
    });
    expect(found.projects).toEqual(['.', 'docs']);
  });
});

describe('a manual', () => {
  it('leaves the folder to the program that it is about', async () => {
    const program = {
      'configure.ac': 'AC_INIT([shop], [1])\nAC_PROG_CC\n',
      'src/shop.c': 'int main() { return 0; }\n',
    };
    const found = await understood({ ...program, 'mkdocs.yml': 'site_name: Guide\n', 'docs/index.md': '' });
    expect(found).toMatchObject({
      languages: ['c', 'static'],
      root: { build: 'autoreconf -fi && ./configure && make', test: 'make check' },
      ports: [],
    });
    expect(found.root).not.toHaveProperty('start');
    expect(found.tools).toContain('mkdocs');
    const book = await understood({
      'Cargo.toml': '[package]\nname = "shop"\nversion = "1.0.0"\n',
      'src/lib.rs': '',
      'book.toml': '[book]\ntitle = "Guide"\n',
    });
    expect(book).toMatchObject({ languages: ['rust', 'static'] });
    expect(book.root).not.toHaveProperty('dev');
  });

  it('is the project where what is beside it has no commands', async () => {
    const found = await understood({ 'package.json': '{"name":"x"}', 'mkdocs.yml': 'site_name: Guide\n' });
    expect(found.root).toMatchObject({ build: 'mkdocs build' });
  });
});

describe('MkDocs', () => {
  it('comes from nixpkgs where no Python project brings it', async () => {
    const found = await understood({ 'mkdocs.yml': 'site_name: Guide\n', 'docs/index.md': '' });
    expect(found).toMatchObject({
      tools: ['mkdocs'],
      frameworks: ['mkdocs'],
      root: { build: 'mkdocs build', dev: 'mkdocs serve' },
      ports: [8000],
      codes: [],
    });
  });

  it('has no themes and plugins of others', async () => {
    const found = await understood({
      'mkdocs.yml':
        'site_name: Guide\ntheme:\n  name: material\nplugins:\n  - search\n  - mermaid2: {}\nnav: !!python/name:x.y\n',
    });
    expect(found.codes).toEqual(['mkdocs-plugins']);
    expect(found.plan.findings[0]?.message).toContain('material, mermaid2');
  });

  it('is left to Python where its requirements are', async () => {
    const found = await understood({
      'mkdocs.yml': 'site_name: Guide\n',
      'requirements.txt': 'mkdocs==1.6.1\n',
    });
    expect(found.tools).not.toContain('mkdocs');
    expect(found.languages).toEqual(['python']);
  });
});

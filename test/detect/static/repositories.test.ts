/** Sites of plain files: https://docs.cloudfoundry.org/buildpacks/staticfile/, https://caddyserver.com/docs/command-line#caddy-file-server */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const serve = (root: string) => `caddy file-server --listen :\${PORT:-8080} --root ${root}`;
const page = '<!doctype html><title>Shop</title>\n';

describe('a site of plain files', () => {
  it('at the root is served from there, with no toolchain', async () => {
    const found = await understood({ 'index.html': page, 'style.css': '', 'script.js': 'alert(1)\n' });
    expect(found).toMatchObject({
      toolchains: [],
      tools: ['caddy'],
      languages: ['static'],
      root: { start: serve('.'), dev: serve('.') },
      ports: [8080],
      codes: [],
      inputs: ['index.html'],
    });
  });

  it('in public, or in one of the other usual folders, is served from that folder', async () => {
    expect((await understood({ 'public/index.html': page })).root.start).toBe(serve('public'));
    expect((await understood({ 'dist/index.html': page, 'README.md': '' })).root.start).toBe(serve('dist'));
    expect((await understood({ 'site/public/index.html': page })).languages).toEqual([]);
  });

  it('with scripts for the browser is no program of Node.js', async () => {
    const found = await understood({
      'index.html': page,
      'main.js': 'document.title = "x"\n',
      'index.js': '',
    });
    expect(found).toMatchObject({ toolchains: [], languages: ['static'] });
  });

  it('beside a server is left to the server', async () => {
    const server = "const http = require('http');\nhttp.createServer().listen(80);\n";
    expect((await understood({ 'index.html': page, 'index.js': server })).toolchains[0]).toMatch(/^node-/);
    expect((await understood({ 'index.html': page, 'server.js': '' })).toolchains[0]).toMatch(/^node-/);
    const deno = await understood({ 'index.html': page, 'main.js': 'Deno.serve(() => new Response());\n' });
    expect(deno.toolchains[0]).toMatch(/^deno-/);
  });

  it('belongs to the ecosystem that has a manifest', async () => {
    const node = await understood({ 'index.html': page, 'package.json': '{"name":"shop"}' });
    expect(node).toMatchObject({ languages: ['node'], tools: [] });
    const go = await understood({ 'public/index.html': page, 'go.mod': 'module x\n\ngo 1.25\n' });
    expect(go.languages).toEqual(['go']);
    expect(go.inputs).toEqual(['go.mod']);
  });

  it('with a Staticfile is served from its root, whose page need not be there yet', async () => {
    const found = await understood({
      Staticfile: 'root: site\npushstate: enabled\n',
      'Staticfile.auth': 'a:b\n',
    });
    expect(found).toMatchObject({ languages: ['static'], root: { start: serve('site') } });
    expect(found.codes).toEqual(['static-setting', 'static-setting']);
    expect((await understood({ Staticfile: '', 'index.html': page })).root.start).toBe(serve('.'));
    expect((await understood({ Staticfile: 'root: ../../etc\n' })).root.start).toBeUndefined();
    const odd = await understood({ Staticfile: 'root: "my site; rm -rf"\n' });
    expect(odd.root.start).toBe(serve("'my site; rm -rf'"));
  });

  it('with a Staticfile belongs to the package that builds it all the same', async () => {
    const found = await understood({
      Staticfile: 'root: dist\n',
      'package.json': '{"name":"shop","scripts":{"build":"vite build"}}',
    });
    expect(found.languages).toEqual(['node']);
  });

  it('is served as long as a task runner is beside it', async () => {
    const found = await understood({ 'index.html': page, Makefile: 'deploy:\n\trsync -a . host:\n' });
    expect(found.languages).toEqual(['static']);
  });
});

import { readdir, readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { compile } from '../../scripts/catalogue/compile.mjs';
import { render } from '../../scripts/catalogue/render.mjs';
import { readSources } from '../../scripts/catalogue/sources.mjs';
import { loaders } from '../../src/catalogue/data/index.ts';
import { ecosystemIds, loadCatalogue } from '../../src/catalogue/load.ts';
import { nativeEcosystems } from '../../src/catalogue/native-ecosystems.ts';
import { isByName, possibleVersions, rangeOf } from '../../src/catalogue/possible.ts';
import type { Catalogue, NativeEcosystem } from '../../src/catalogue/types.ts';
import { macroLibraries, macroTools } from '../../src/detect/c/autoconf-macros.ts';
import { buildTools } from '../../src/detect/c/programs.ts';
import { commandTools, protocPlugins, toolFiles } from '../../src/detect/tasks/tool-files.ts';
import { coverage } from '../../src/versions/interval.ts';
import { readRequest } from '../../src/versions/request.ts';
import { baseSchema, ecosystemSchema } from './data-schema.ts';

const root = new URL('../../', import.meta.url);
const folder = new URL('src/catalogue/data/', root);
const ecosystems = Object.keys(nativeEcosystems) as NativeEcosystem[];

async function everything(): Promise<Catalogue> {
  return loadCatalogue(ecosystemIds);
}

describe('the compiled catalogue', () => {
  test('is what its sources say: npm run catalogue:build', async () => {
    const fresh = render(compile(await readSources(root.pathname)));
    expect((await readdir(folder)).sort()).toEqual([...fresh.keys()].sort());
    for (const [name, text] of fresh) {
      expect(await readFile(new URL(name, folder), 'utf8'), name).toBe(text);
    }
  });

  test('is small', async () => {
    const sizes = await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(new URL(name, folder))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(400_000);
  });

  test('has the shape that its types claim', async () => {
    baseSchema.parse(await loaders.base());
    for (const [id, load] of Object.entries(loaders.ecosystems)) {
      expect(ecosystemSchema.safeParse(await load()).error?.message, id).toBeUndefined();
    }
  });

  test('changes its version with any fact', async () => {
    const sources = await readSources(root.pathname);
    const before = compile(sources).base.version;
    for (const channel of sources.channels.channels) channel.lastModified += 1;
    expect(compile(sources).base.version).not.toBe(before);
  });
});

describe('channels', () => {
  test('are newest first, with one input each', async () => {
    const { channels, defaultChannel, date } = await everything();
    const revised = channels.map(({ name, lastModified }) =>
      name.endsWith('unstable') ? Infinity : lastModified,
    );
    expect(revised).toEqual([...revised].sort((a, b) => b - a));
    expect(new Set(channels.map(({ input }) => input)).size).toBe(channels.length);
    expect(channels.find(({ input }) => input === 'nixpkgs')?.name).toBe(defaultChannel);
    expect(channels.every(({ lastModified }) => lastModified * 1000 < Date.parse(date))).toBe(true);
  });

  test('the main one is supported on the day of the facts', async () => {
    const { channel, defaultChannel, date } = await everything();
    const { endOfLife = null } = channel(defaultChannel) ?? {};
    expect(endOfLife === null || endOfLife >= date).toBe(true);
  });

  test('unstable has no x86_64-darwin any more: its import throws there', async () => {
    expect((await everything()).channel('nixos-unstable')?.systems).not.toContain('x86_64-darwin');
  });
});

describe('tools', () => {
  test('have a default line in every main channel that has them, and it is there and not insecure', async () => {
    const catalogue = await everything();
    for (const id of await toolIds()) {
      const tool = catalogue.tool(id);
      if (tool === null || tool.bundledWith !== null) continue;
      for (const { name, besideOnly } of catalogue.channels) {
        if (besideOnly) continue;
        const present = tool.lines.filter(
          (line) => !isByName(line) && line.facts.some(({ channel }) => channel === name),
        );
        const fact = present
          .find(({ line }) => line === tool.defaults[name])
          ?.facts.find(({ channel }) => channel === name);
        expect(present.length === 0 || fact?.insecure.length === 0, `${id} in ${name}`).toBe(true);
      }
    }
  });

  test('have lines newest first and versions that lie in their line', async () => {
    const catalogue = await everything();
    for (const id of await toolIds()) {
      const numbered = (catalogue.tool(id)?.lines ?? []).filter(({ line }) => /^\d/.test(line));
      // `9.2`, which is its newest release, before `9.2.7`.
      const starts = numbered.map(({ line }) => `${line}.x`);
      expect(starts, id).toEqual([...starts].sort((a, b) => b.localeCompare(a, 'en', { numeric: true })));
      for (const { line, facts } of numbered) {
        for (const fact of facts) {
          const inside = coverage([rangeOf(line)], possibleVersions(line, fact));
          expect(inside, `${id} ${line} in ${fact.channel}`).toBe('all');
        }
      }
    }
  });

  test('have aliases that name a line or a version', async () => {
    const catalogue = await everything();
    for (const id of await toolIds()) {
      const tool = catalogue.tool(id);
      for (const [alias, target] of Object.entries(tool?.aliases ?? {})) {
        const isLine = tool?.lines.some(({ line }) => line === target);
        expect(isLine || readRequest({ raw: target, scheme: 'prefix' }).kind === 'set', alias).toBe(true);
        expect(alias).toBe(alias.toLowerCase());
      }
    }
  });

  test('are known by every name under which a task runner, a recipe or a build asks for them', async () => {
    const catalogue = await loadCatalogue([]);
    const named = [
      ...toolFiles.map(({ tool }) => tool),
      ...protocPlugins.map(({ tool }) => tool),
      ...Object.values(commandTools),
      ...buildTools,
      ...Object.values(macroTools).flat(),
      ...['make', 'just', 'task', 'cmake', 'ninja', 'meson', 'pkg-config', 'perl', 'air', 'templ'],
    ];
    expect([...new Set(named)].filter((id) => catalogue.tool(id) === null)).toEqual([]);
  });

  test('of a build in C are libraries of the catalogue, wherever a macro stands for one', async () => {
    const { c } = (await everything()).nativeNames;
    const unknown = Object.values(macroLibraries).filter((name) => !c.has(name));
    expect(unknown).toEqual([]);
  });

  test('of Rust bring an editor’s server only where it is named as a component', async () => {
    const lines = (await everything()).tool('rust')?.lines ?? [];
    for (const line of lines.filter((each) => !isByName(each))) {
      expect(line, line.line).toMatchObject({
        companions: ['cargo', 'clippy', 'rustfmt'],
        components: ['rust-analyzer'],
      });
    }
  });

  test('bring companions that their channel has', async () => {
    const catalogue = await everything();
    for (const id of await toolIds()) {
      for (const { facts, companions = [], components = [] } of catalogue.tool(id)?.lines ?? []) {
        for (const { channel } of facts) {
          for (const name of [...companions, ...components])
            expect(catalogue.attribute(name, channel), name).not.toBeNull();
        }
      }
    }
  });
});

describe('native needs', () => {
  test('name attributes that the main channel has, but for a few that are gone', async () => {
    const catalogue = await everything();
    const missing = new Set<string>();
    const majors = Array.from({ length: 12 }, (_, major) => `${major}.0.1`);
    const versions = [null, ...majors, '999.0.0'];
    for (const ecosystem of ecosystems) {
      for (const name of catalogue.nativeNames[ecosystem]) {
        for (const version of versions) {
          const row = catalogue.native(ecosystem, name, version);
          if (row === null) continue;
          const parts = row.variables.flatMap(({ value }) => value);
          const used = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.package]));
          for (const attribute of [...row.link, ...row.dlopen, ...row.tools, ...used]) {
            const isToolchain = attribute.startsWith('@');
            if (!isToolchain && catalogue.attribute(attribute, catalogue.defaultChannel) === null) {
              missing.add(attribute);
            }
          }
        }
      }
    }
    // Old Pythons for node-sass before 7: the channel of its Node.js has them. KDE Frameworks 5: the last channel that has them.
    const isOfKF5 = (attribute: string) =>
      attribute.startsWith('libsForQt5.') && catalogue.attribute(attribute, 'nixos-25.11') !== null;
    expect([...missing].filter((each) => !isOfKF5(each)).sort()).toEqual(['python27', 'python310']);
  });

  test('refer to a toolchain by a name that the planner understands', async () => {
    const catalogue = await everything();
    for (const name of catalogue.nativeNames.npm) {
      for (const { value } of catalogue.native('npm', name, null)?.variables ?? []) {
        for (const part of value) if (typeof part !== 'string') expect(part.package).toMatch(/^@node$|^[^@]/);
      }
    }
  });

  test('are written under normalised names', async () => {
    const { nativeNames } = await everything();
    for (const name of nativeNames.pypi) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const name of nativeNames.npm) expect(name).toBe(name.toLowerCase());
  });
});

async function toolIds(): Promise<string[]> {
  const data = await Promise.all(Object.values(loaders.ecosystems).map((load) => load()));
  return data.flatMap((each) => each.tools.map(({ id }) => id));
}

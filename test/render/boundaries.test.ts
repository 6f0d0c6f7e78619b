import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { render } from '../../src/render/render.ts';
import * as plans from './plans.ts';

const source = join(import.meta.dirname, '../../src');
const modules = readdirSync(join(source, 'render'), { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)))
  .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }));

const importsOf = (text: string) =>
  [...text.matchAll(/^import (?<type>type )?[^;]*?from '(?<from>[^']+)';$/gm)].map(({ groups }) => ({
    from: groups?.from ?? '',
    type: groups?.type !== undefined,
  }));

describe('the render stage', () => {
  test('reads the plan and nothing else', () => {
    const allowed =
      /^(\.{1,2}\/)+(errors\.ts|plan\/(schema|tools)\.ts|text\/[\w-]+\.ts|templates\/[\w./-]+(\.hbs|\?text)|[\w-]+\.ts|(nix|ci|container)\/[\w-]+\.ts)$/;
    const foreign = modules.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ from }) => !allowed.test(from) && from !== 'handlebars/runtime')
        .filter(({ from }) => from !== 'yaml' || path !== 'render/yaml.ts')
        .map(({ from }) => `${path}: ${from}`),
    );
    expect(foreign).toEqual([]);
  });

  test('takes only the types of the plan: its schema would load zod', () => {
    const loading = modules.filter(({ text }) =>
      importsOf(text).some(({ from, type }) => from.endsWith('plan/schema.ts') && !type),
    );
    expect(loading.map(({ path }) => path)).toEqual([]);
  });

  test('knows no clock, no locale, no machine', () => {
    const forbidden =
      /\b(Date|Intl|process\b(?=[.[])|toLocale\w*|localeCompare|Math\.random|os\.|fs\.)|'node:/;
    expect(modules.filter(({ text }) => forbidden.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('brands text in its emitters only', () => {
    const branding = modules.filter(({ text }) =>
      /import \{[^}]*\bprint\b[^}]*\} from '[^']*fragment\.ts'/.test(text),
    );
    expect(branding.map(({ path }) => path).sort()).toEqual([
      'render/container/dockerfile-print.ts',
      'render/nix/print.ts',
      'render/shell.ts',
    ]);
  });
});

describe('the same plan', () => {
  const texts = async () => (await render(plans.python)).map(({ text }) => text);

  test('gives the same bytes, in another time zone and language too', async () => {
    const before = await texts();
    const { TZ, LANG, LC_ALL } = process.env;
    Object.assign(process.env, { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
    try {
      expect(await texts()).toEqual(before);
    } finally {
      for (const [name, value] of Object.entries({ TZ, LANG, LC_ALL })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  test('is not changed by rendering it', async () => {
    const copy = structuredClone(plans.several);
    await render(plans.several);
    expect(plans.several).toEqual(copy);
  });

  test('gives files without commit, branch, address or digest of the repository', async () => {
    const { repository } = plans.node;
    const source = { url: 'https://example.com/secret.git', branch: 'branch-x', commit: 'c'.repeat(40) };
    const there = { ...plans.node, repository: { ...repository, source, digest: 'sha256-other' } };
    expect(await render(there)).toEqual(await render(plans.node));
  });
});

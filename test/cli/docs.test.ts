import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { parseConfig } from '../../src/config/read.ts';
import { configSchema } from '../../src/config/schema.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const commands = read('commands.md');
const configuration = read('configuration.md');
const program = createProgram(async () => {});

function section(name: string): string {
  const start = commands.indexOf(`\n## ${name}\n`);
  expect(start, `docs/commands.md has a section "${name}"`).not.toBe(-1);
  const end = commands.indexOf('\n## ', start + 1);
  return commands.slice(start, end === -1 ? undefined : end);
}

describe('docs/commands.md', () => {
  test.each(program.commands.map((command) => [command.name(), command] as const))(
    'tells every option of %s, and no other',
    (name, command) => {
      const text = section(name);
      const optionsOf = (each: typeof command) =>
        [each, ...each.commands].flatMap(({ options }) => options.map(({ long }) => long ?? ''));
      const options = optionsOf(command);
      for (const option of options) expect(text).toContain(option);
      const shared = program.options.map(({ long, short }) => long ?? short ?? '');
      const known = new Set([...options, ...shared, ...program.commands.flatMap(optionsOf)]);
      for (const [option] of text.matchAll(/--[a-z][a-z-]+/g)) expect([...known]).toContain(option);
    },
  );

  test('tells every option that all commands share', () => {
    for (const { short, long } of program.options) {
      if (long !== '--version') expect(section('Options of every command')).toContain(long ?? short);
    }
  });

  test.each(
    [...commands.matchAll(/^\$ nidify(?<line>.*)$/gm)].map((match) => match.groups?.line?.trim() ?? ''),
  )('the example `nidify %s` is one that nidify understands', async (line) => {
    let ran = false;
    const checked = createProgram(async () => {
      ran = true;
    });
    // What comes after `--` is another program's.
    const [own = ''] = line.split(' -- ');
    await checked.parseAsync(own === '' ? [] : own.split(' '), { from: 'user' });
    expect(ran).toBe(true);
  });
});

describe('docs/configuration.md', () => {
  test('tells every setting', () => {
    for (const name of Object.keys(configSchema.shape)) expect(configuration).toContain(`| \`${name}\` |`);
  });

  test('its example is allowed', () => {
    const example = /```jsonc\n(?<text>[\s\S]*?)```/.exec(configuration)?.groups?.text ?? '';
    expect(Object.keys(parseConfig(example))).toEqual(['versions', 'packages', 'ignore']);
  });
});

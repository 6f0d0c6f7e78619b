import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

/**
 * TypeScript that uses the library in the documentation compiles against the sources, as it is written. What an example leaves to its
 * reader is declared here.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const left = `
declare const signal: AbortSignal;
declare function rebuild(asked: { environmentChange: import('nidify').EnvironmentChange; priority: number }): Promise<void>;
`;

function markdown(): string[] {
  const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name))];
}

function examples(): { name: string; text: string }[] {
  return markdown().flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const blocks = [...text.matchAll(/^```ts\n(?<code>[\s\S]*?)^```$/gm)].map((match) => ({
      name: `${file.replaceAll(path.sep, '-')}-${text.slice(0, match.index).split('\n').length}.ts`,
      text: match.groups?.code ?? '',
    }));
    // The others are parts of files of this repository.
    return blocks.filter(({ text: code }) => code.includes("from 'nidify'"));
  });
}

test('every example in TypeScript compiles against the sources', () => {
  const found = examples();
  const names = found.map(({ name }) => name).join(' ');
  for (const page of ['README', 'library', 'worker-images', 'orchestrators', 'watching'])
    expect(names).toContain(page);
  // Beside the sources, so that node_modules is found.
  const folder = mkdtempSync(path.join(root, 'node_modules', '.docs-examples-'));
  try {
    writeFileSync(path.join(folder, 'left.d.ts'), left);
    for (const { name, text } of found) writeFileSync(path.join(folder, name), `${text}\nexport {};\n`);
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config,
      ts.sys,
      root,
    );
    const program = ts.createProgram({
      rootNames: readdirSync(folder).map((name) => path.join(folder, name)),
      options: {
        ...options,
        noEmit: true,
        skipLibCheck: true,
        paths: { nidify: [path.join(root, 'src/index.ts')] },
      },
    });
    const problems = found.flatMap(({ name }) => {
      const file = program.getSourceFile(path.join(folder, name));
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
        ({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      );
    });
    expect(problems).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

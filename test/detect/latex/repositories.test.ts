/** Repositories with documents of LaTeX, and the plans that they must have. */
import { expect, test } from 'vitest';
import { readDocument } from '../../../src/detect/latex/document.ts';
import { analysed } from '../../support/analysed.ts';

const paper = (...packages: string[]) =>
  [
    '\\documentclass[11pt,a4paper]{article}',
    ...packages.map((name) => `\\usepackage{${name}}`),
    '\\begin{document}',
  ].join('\n');

test('a paper with the usual packages', async () => {
  const found = await analysed({
    'paper.tex': paper('amsmath,graphicx', 'hyperref', 'tikz'),
    'refs.bib': '',
  });
  expect(found).toMatchObject({
    languages: ['latex'],
    tools: ['texliveMedium'],
    commands: { build: 'latexmk -pdf paper.tex', dev: 'latexmk -pdf paper.tex -pvc' },
    findings: [],
  });
});

test('a thesis with chapters, whose packages are beyond that', async () => {
  const found = await analysed({
    'main.tex': paper('graphicx'),
    'chapters/one.tex': '\\usepackage[\n  backend=biber, % the default\n  style=apa,\n]{biblatex}\n',
    'abstract.tex': '\\documentclass{standalone}\n',
  });
  expect(found.tools).toEqual(['texliveFull']);
  expect(found.commands.build).toBe('latexmk -pdf main.tex');
});

test.each([
  [{ latexmkrc: '$pdf_mode = 5;\n' }, 'latexmk paper.tex', []],
  [{ '.latexmkrc': '$pdf_mode = 4;\n' }, 'latexmk paper.tex', []],
  [{}, 'latexmk -pdflua paper.tex', ['latex-engine']],
])('the engine: %j', async (files, build, findings) => {
  const found = await analysed({ 'paper.tex': paper('fontspec'), ...files });
  expect(found.commands.build).toBe(build);
  expect(found.findings).toEqual(findings);
});

test('the comment for editors names the engine', async () => {
  const found = await analysed({ 'cv.tex': `% !TEX program = xelatex\n${paper('fontspec')}` });
  expect(found.commands.build).toBe('latexmk -pdfxe cv.tex');
  expect(found.findings).toEqual([]);
});

test("the repository's own class and packages need nothing", async () => {
  const found = await analysed({
    'a.tex': '\\documentclass{mine}\n\\usepackage{ours}\n',
    'mine.cls': '',
    'tex/ours.sty': '',
  });
  expect(found.tools).toEqual(['texliveMedium']);
});

test('minted runs a program', async () => {
  expect((await analysed({ 'a.tex': paper('minted') })).findings).toEqual(['latex-minted']);
});

test('beside programs it is only said', async () => {
  const found = await analysed({ 'paper.tex': paper('amsmath'), 'package.json': '{"name":"a"}' });
  expect(found).toMatchObject({ languages: ['node'], tools: [], findings: ['latex-beside'] });
});

test('parts without a class, comments, and documents elsewhere are none', async () => {
  expect((await analysed({ 'part.tex': '% \\documentclass{article}\n\\section{a}\n' })).languages).toEqual(
    [],
  );
  expect((await analysed({ 'docs/paper.tex': paper() })).languages).toEqual([]);
});

test('hostile text takes no long', () => {
  const start = performance.now();
  for (const part of ['\\usepackage[', '\\usepackage{', '%', '\\usepackage\n[', '{,'])
    readDocument(part.repeat(60_000));
  expect(performance.now() - start).toBeLessThan(3000);
});

test.each([
  ['what builds it', { 'dune-project': '(lang dune 3.0)\n' }],
  ['what configures it', { 'configure.ac': 'AC_INIT([x], [1])\n' }],
  ['more of its sources', { 'a.ml': '', 'b.ml': '' }],
])('a manual beside a program is said, by %s', async (_, files: Record<string, string>) => {
  const found = await analysed({ 'manual.tex': '\\documentclass{article}\n', ...files });
  expect(found.languages).not.toContain('latex');
  expect(found.findings).toContain('latex-beside');
});

test('scripts that make its figures make no program of a document', async () => {
  const found = await analysed({
    'paper.tex': '\\documentclass{article}\n',
    'plot.py': '',
    'table.R': '',
    'sim.c': '',
  });
  expect(found.languages[0]).toBe('latex');
});

/** Repositories with notebooks, and the plans that they must have. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelOf } from '../../../src/detect/notebooks/kernel.ts';
import { analysed } from '../../support/analysed.ts';

const notebook = (kernel: object, info: object, output = '') =>
  JSON.stringify(
    {
      cells: [{ cell_type: 'code', source: ['print("\\"kernelspec\\": {")'], outputs: [{ text: output }] }],
      metadata: { kernelspec: kernel, language_info: info },
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  );

const python = notebook(
  { display_name: 'Python 3', language: 'python', name: 'python3' },
  {
    codemirror_mode: { name: 'ipython', version: 3 },
    file_extension: '.py',
    name: 'python',
    version: '3.11.4',
  },
);

describe('the kernel', () => {
  test('is read from the metadata, at either end', () => {
    expect(kernelOf(python)).toEqual({ language: 'python', version: '3.11.4' });
    expect(kernelOf(notebook({ name: 'ir' }, {}))).toEqual({ language: 'r', version: null });
    expect(kernelOf(notebook({ name: 'julia-1.10', language: 'julia' }, {}))?.language).toBe('julia');
    const large = notebook(
      { name: 'python2', language: 'python' },
      { name: 'python', version: '2.7.18' },
      'x'.repeat(500_000),
    );
    expect(kernelOf(large)).toEqual({ language: 'python', version: '2.7.18' });
    expect(kernelOf('{"cells": [], "metadata": {}}')).toBeNull();
  });

  test('of anything else never makes it fail', () => {
    fc.assert(fc.property(fc.string(), (text) => void kernelOf(`"kernelspec": {${text}`)));
    expect(kernelOf(`"language_info": {${'"a": {'.repeat(50_000)}`)).toBeNull();
  });
});

test('notebooks alone: Python and Jupyter', async () => {
  const found = await analysed({ 'analysis.ipynb': python, 'data/a.csv': 'a\n' });
  expect(found).toMatchObject({
    languages: ['python'],
    toolchains: ['python 3.13 default'],
    frameworks: ['jupyter'],
    ports: [8888],
    tools: ['jupyter'],
    commands: { start: 'jupyter lab analysis.ipynb' },
    findings: [],
  });
});

test('beside requirements without Jupyter, it is a tool; the packages are theirs', async () => {
  const found = await analysed({
    'notebooks/a.ipynb': python,
    'b.ipynb': python,
    'requirements.txt': 'numpy\n',
  });
  expect(found.tools).toContain('jupyter');
  expect(found.commands).toMatchObject({ start: 'jupyter lab' });
  expect(found.commands.install).toContain('-r requirements.txt');
});

test('beside requirements with Jupyter, nothing is added', async () => {
  const found = await analysed({ 'a.ipynb': python, 'requirements.txt': 'jupyterlab==4.2\n' });
  expect(found.tools).not.toContain('jupyter');
});

test('of R and Julia: their toolchains, and how the kernel is installed', async () => {
  const found = await analysed({
    'r.ipynb': notebook({ name: 'ir', language: 'R' }, { name: 'R' }),
    'julia.ipynb': notebook({ name: 'julia-1.10', language: 'julia' }, { name: 'julia' }),
  });
  expect([...found.languages].sort()).toEqual(['julia', 'r']);
  expect(found.findings).toEqual(['notebook-kernel', 'notebook-kernel']);
});

test('of Python 2', async () => {
  const found = await analysed({
    'a.ipynb': notebook({ name: 'python2' }, { name: 'python', version: '2.7.12' }),
  });
  expect(found.toolchains[0]).toMatch(/^python 2\.7 /);
});

test('of a kernel that nobody provides', async () => {
  const found = await analysed({
    'a.ipynb': notebook({ name: 'sos', language: 'sos' }, {}),
    'requirements.txt': 'a\n',
  });
  expect(found.findings).toContain('notebook-kernel-unknown');
});

test('in a repository of something else: no toolchain', async () => {
  const found = await analysed({ 'package.json': '{"name":"a"}', 'research/a.ipynb': python });
  expect(found.toolchains.map((each) => each.split(' ')[0])).toEqual(['node']);
  expect(found.tools).toEqual([]);
  const examples = await analysed({ 'go.mod': 'module a\n', 'examples/a.ipynb': python });
  expect(examples.languages).toEqual(['go']);
});

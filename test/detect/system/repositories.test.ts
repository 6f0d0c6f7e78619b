/**
 * What Dockerfiles (docs.docker.com/reference/dockerfile), workflows (docs.github.com/actions), pipelines and lists of
 * packages say of the environment: repositories as they are, and the plan that follows.
 */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

type Found = Awaited<ReturnType<typeof understood>>;

const libraries = ({ plan }: Found, use?: 'link' | 'dlopen') =>
  plan.libraries
    .filter((each) => use === undefined || each.use === use)
    .map(({ attribute }) => attribute)
    .sort();
const unmapped = ({ plan }: Found) => plan.findings.filter(({ code }) => code === 'environment-unmapped');

const fastapi = {
  'requirements.txt': 'fastapi==0.115.0\n',
  'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
};

describe('the packages of a Dockerfile', () => {
  it('become libraries, programs and a compiler', async () => {
    const found = await understood({
      ...fastapi,
      Dockerfile: [
        'FROM python:3.12-slim AS base',
        'ENV PYTHONUNBUFFERED=1',
        'RUN apt-get update && apt-get install -y --no-install-recommends \\',
        '    build-essential \\',
        '    # for the database',
        '    libpq-dev libmagic1 \\',
        '    ffmpeg=7:5.1.* curl ca-certificates \\',
        '  && rm -rf /var/lib/apt/lists/*',
        'COPY requirements.txt .',
        'RUN pip install -r requirements.txt',
        'CMD ["uvicorn", "main:app"]',
        '',
      ].join('\n'),
    });
    expect(found.toolchains).toEqual(['python-3.12 compatible']);
    expect(libraries(found)).toEqual(expect.arrayContaining(['libpq', 'file']));
    expect(found.tools).toContain('ffmpeg');
    expect(found.tools).not.toContain('curl');
    expect(found.compiler).not.toBe('none');
    expect(unmapped(found)).toEqual([]);
    const ffmpeg = found.plan.tools.find(({ attribute }) => attribute === 'ffmpeg');
    expect(ffmpeg?.because[0]).toMatchObject({ file: 'Dockerfile', line: 7 });
    expect(found.inputs).toContain('Dockerfile');
  });

  it('are a program under a name like that of a module', async () => {
    const found = await understood({
      'package.json': '{"name":"a"}',
      Dockerfile: 'FROM node:22\nRUN apt-get install -y libimage-exiftool-perl\n',
    });
    expect(found.tools).toContain('exiftool');
  });

  it('of Alpine, in a stage that is not for nginx', async () => {
    const found = await understood({
      'package.json': '{"name":"web","scripts":{"build":"vite build"}}',
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      Dockerfile: [
        'ARG NODE_VERSION=22',
        'FROM node:${NODE_VERSION}-alpine AS build',
        'RUN apk add --no-cache --virtual .build python3 make g++ vips-dev',
        'RUN npm ci && npm run build',
        'FROM nginx:1.27-alpine',
        'RUN apk add --no-cache imagemagick openldap-dev',
        'COPY --from=build /app/dist /usr/share/nginx/html',
      ].join('\n'),
    });
    expect(found.toolchains).toEqual(['node-22 compatible']);
    expect(libraries(found)).toEqual(['vips']);
    expect(found.tools.sort()).toEqual(['gnumake', 'python3']);
  });

  it('that nidify does not know are one finding', async () => {
    const found = await understood({
      ...fastapi,
      Dockerfile:
        'FROM python:3.12\nRUN apt-get install -y xyzzy-utils libfrobnicate-dev\nRUN apt install -y plugh\n',
    });
    expect(unmapped(found)).toHaveLength(1);
    expect(unmapped(found)[0]?.message).toMatch(/xyzzy-utils.*libfrobnicate-dev.*plugh/);
    expect(unmapped(found)[0]).toMatchObject({ severity: 'info' });
    expect(unmapped(found)[0]?.because.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('of another service stay there', async () => {
    const found = await understood({
      'backend/requirements.txt': 'flask==3.0.0\n',
      'backend/Dockerfile': 'FROM python:3.11\nRUN apt-get update && apt-get install -y graphviz\n',
      'frontend/package.json': '{"name":"frontend"}',
      'frontend/Dockerfile': 'FROM node:22\n',
      'database/Dockerfile': 'FROM postgres:16\nRUN apt-get install -y postgis pandoc\n',
      'proxy/Dockerfile': 'FROM alpine:3.20\nRUN apk add --no-cache pandoc\n',
    });
    expect(found.tools).toEqual(['graphviz']);
    expect(found.toolchains.map((each) => each.split(' ')[0]).sort()).toEqual(['node-22', 'python-3.11']);
    expect(unmapped(found)).toEqual([]);
  });

  it('make no project of a repository that has none', async () => {
    const found = await understood({ Dockerfile: 'FROM node:22\nRUN apt-get install -y ffmpeg\n' });
    expect(found.codes).toEqual(['nothing-found']);
    expect(found.toolchains).toEqual([]);
  });

  it('do not double what the language brings', async () => {
    const found = await understood({
      ...fastapi,
      Dockerfile:
        'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3 python3-pip python3-venv python3.12-dev git sudo\n',
    });
    expect(found.plan.tools.filter(({ because }) => because.length > 0)).toEqual([]);
    expect(found.toolchains).toHaveLength(1);
    const node = await understood({
      'package.json': '{"name":"x"}',
      Dockerfile: 'FROM debian:12\nRUN apt-get install -y nodejs npm php8.2-cli libnode-dev\n',
    });
    expect(node.tools).toEqual([]);
    expect(unmapped(node)[0]?.message).toMatch(/php8.2-cli, libnode-dev$/);
  });

  it('upon the image of a language that the project is not in are not its', async () => {
    const found = await understood({
      'package.json': '{"name":"x"}',
      Dockerfile:
        'FROM python:3.12 AS docs\nRUN apt-get install -y pandoc\nFROM node:22\nRUN apt-get install -y graphviz\n',
    });
    expect(found.tools).toEqual(['graphviz']);
    expect(found.toolchains).toEqual(['node-22 compatible']);
  });

  it('of a folder for Docker, and of one for the dev container, are those of its project', async () => {
    const found = await understood({
      'go.mod': 'module example.com/x\n\ngo 1.22\n',
      'main.go': 'package main\n',
      'docker/Dockerfile': 'FROM golang:1.26\nRUN apt-get install -y protobuf-compiler\n',
      '.devcontainer/Dockerfile':
        'FROM mcr.microsoft.com/devcontainers/go:1-1.26-bookworm\nRUN sudo apt install graphviz\n',
      'docker/nginx/Dockerfile': 'FROM debian:12\nRUN apt-get install -y pandoc\n',
      'test/e2e/Dockerfile': 'FROM debian:12\nRUN apt-get install -y pandoc\n',
    });
    expect(found.tools.sort()).toEqual(['graphviz', 'protobuf']);
    expect(found.toolchains).toEqual([expect.stringMatching(/^go-1\.26 /)]);
    expect(found.codes).not.toContain('version-contradiction');
  });

  it('extend PHP', async () => {
    const found = await understood({
      'composer.json': '{"require":{"php":"^8.1"}}',
      Dockerfile:
        'FROM php:8.3-fpm\nRUN apt-get update && apt-get install -y libzip-dev unzip \\\n && docker-php-ext-configure gd --with-jpeg \\\n && docker-php-ext-install -j$(nproc) pdo_mysql gd \\\n && pecl install redis-6.0.2 && docker-php-ext-enable redis opcache\n',
    });
    expect(found.toolchains).toEqual([expect.stringMatching(/^php-8\.3 /)]);
    const names = found.plan.toolchains[0]?.extensions?.map(({ name }) => name) ?? [];
    expect(names).toContain('redis');
    expect(found.codes).not.toContain('extension-missing');
  });
});

describe('lists of packages', () => {
  it('of Binder, Heroku and Streamlit', async () => {
    const binder = await understood({
      'binder/requirements.txt': 'numpy\n',
      'binder/apt.txt': '# for plots\ngraphviz\npandoc\n',
      'index.ipynb': '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}',
    });
    expect(binder.tools).toEqual(expect.arrayContaining(['graphviz', 'pandoc']));
    const heroku = await understood({
      Gemfile: "source 'https://rubygems.org'\ngem 'sinatra'\n",
      Aptfile:
        '# comment\n:repo:deb http://example.org/ stable main\nlibvips42\nhttps://example.org/x.deb\npoppler-utils\n',
    });
    expect(libraries(heroku)).toContain('vips');
    expect(heroku.tools).toContain('poppler-utils');
    const streamlit = await understood({
      'requirements.txt': 'streamlit==1.38.0\n',
      'packages.txt': 'ffmpeg\n',
    });
    expect(streamlit.tools).toEqual(['ffmpeg']);
    const other = await understood({ 'requirements.txt': 'flask\n', 'packages.txt': 'ffmpeg\n' });
    expect(other.tools).toEqual([]);
  });
});

describe('workflows', () => {
  const workflow = (steps: string, more = '') =>
    `name: CI\non: push\n${more}jobs:\n  test:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        python: ["3.10", "3.11", "3.12"]\n        node: [20, 22]\n    steps:\n${steps}`;

  it('give versions where nothing else does: of a matrix the newest', async () => {
    const found = await understood({
      ...fastapi,
      '.github/workflows/ci.yml': workflow(
        '      - uses: actions/checkout@v4\n      - uses: actions/setup-python@v5\n        with:\n          python-version: ${{ matrix.python }}\n',
      ),
    });
    expect(found.toolchains).toEqual(['python-3.12 compatible']);
    expect(found.plan.toolchains[0]?.requested).toBe('3.12');
  });

  it('come after Dockerfiles, and both after the language’s own files', async () => {
    const steps = '      - uses: actions/setup-node@v4\n        with:\n          node-version: 24\n';
    const ci = { '.github/workflows/ci.yml': workflow(steps), 'package.json': '{"name":"x"}' };
    expect((await understood(ci)).toolchains).toEqual(['node-24 compatible']);
    const both = await understood({ ...ci, Dockerfile: 'FROM node:22-alpine\n' });
    expect(both.toolchains).toEqual(['node-22 compatible']);
    expect(both.codes).toContain('version-contradiction');
    const pinned = await understood({ ...ci, Dockerfile: 'FROM node:22\n', '.nvmrc': '24\n' });
    expect(pinned.toolchains).toEqual([expect.stringMatching(/^node-24 /)]);
    expect(pinned.codes).toContain('version-contradiction');
  });

  it('decide within what the language’s own files leave open', async () => {
    const found = await understood({
      'package.json': '{"name":"x","engines":{"node":">=18"}}',
      Dockerfile: 'FROM node:22\n',
    });
    expect(found.toolchains).toEqual(['node-22 compatible']);
    expect(found.codes).not.toContain('version-contradiction');
    const patch = await understood({
      'package.json': '{"name":"x","engines":{"node":">=18"}}',
      Dockerfile: 'FROM node:22.1.0-alpine\n',
    });
    expect(patch.toolchains).toEqual([expect.stringMatching(/^node-22 /)]);
    expect(patch.codes).not.toContain('version-contradiction');
    const same = await understood({ 'package.json': '{}', '.nvmrc': '22', Dockerfile: 'FROM node:22.1.0\n' });
    expect(same.codes).toEqual([]);
    const gone = await understood({
      'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\nrust-version = "1.70"\n',
      'src/main.rs': 'fn main() {}\n',
      Dockerfile: 'FROM rust:1.80\n',
    });
    expect(gone.codes).toEqual(['version-superseded']);
    const old = await understood({
      'package.json': '{"name":"x","engines":{"node":">=16"}}',
      Dockerfile: 'FROM node:16\n',
    });
    expect(old.toolchains).not.toEqual([expect.stringMatching(/^node-16/)]);
    expect(old.codes).toContain('version-superseded');
    expect(old.codes).not.toContain('version-contradiction');
  });

  it('are the nearest supported where a matrix, or an image that is nowhere, is of long ago', async () => {
    const matrix = await understood({
      'package.json': '{"name":"x"}',
      '.github/workflows/ci.yml':
        'jobs:\n  test:\n    strategy:\n      matrix:\n        node: [10, 12, 14]\n    steps:\n      - uses: actions/setup-node@v4\n        with: { node-version: "${{ matrix.node }}" }\n',
    });
    expect(matrix.toolchains).toEqual(['node-22 compatible']);
    expect(matrix.codes).toEqual(['version-superseded']);
    const nowhere = await understood({ 'package.json': '{"name":"x"}', Dockerfile: 'FROM node:6\n' });
    expect(nowhere.toolchains).toEqual(['node-22 compatible']);
    // What an image has is what it is meant to run on.
    const image = await understood({ 'package.json': '{"name":"x"}', Dockerfile: 'FROM node:18\n' });
    expect(image.toolchains).toEqual([expect.stringMatching(/^node-18 /)]);
  });

  it('of a matrix contradict nothing', async () => {
    const found = await understood({
      ...fastapi,
      '.python-version': '3.13\n',
      '.github/workflows/ci.yml': workflow(
        '      - uses: actions/setup-python@v5\n        with: { python-version: "${{ matrix.python }}" }\n',
      ),
    });
    expect(found.toolchains).toEqual([expect.stringMatching(/^python-3\.13 /)]);
    expect(found.codes).not.toContain('version-contradiction');
  });

  it('never add a language, and expressions say nothing', async () => {
    const found = await understood({
      'package.json': '{"name":"x"}',
      '.github/workflows/ci.yml': workflow(
        '      - uses: actions/setup-go@v5\n        with: { go-version: "1.22" }\n      - uses: actions/setup-node@v4\n        with: { node-version: "${{ inputs.node }}" }\n',
      ),
    });
    expect(found.toolchains).toEqual([expect.stringMatching(/^node-\d+ default$/)]);
  });

  it('install packages for tests', async () => {
    const found = await understood({
      'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/main.rs': 'fn main() {}\n',
      '.github/workflows/ci.yml': workflow(
        '      - run: |\n          sudo apt-get update\n          sudo apt-get install -y libudev-dev pkg-config\n          cargo test\n',
      ),
      '.github/workflows/release.yml':
        'jobs:\n  publish:\n    steps:\n      - run: sudo apt-get install -y pandoc\n',
    });
    expect(libraries(found)).toHaveLength(1);
    expect(found.tools.some((each) => /pkg-?config/.test(each))).toBe(true);
    expect(found.tools).not.toContain('pandoc');
  });

  it('of GitLab and CircleCI are read as well', async () => {
    const gitlab = await understood({
      ...fastapi,
      '.gitlab-ci.yml':
        'image: python:3.11-slim\ntest:\n  before_script:\n    - apt-get update -qq && apt-get install -y -qq graphviz\n  script:\n    - pytest\n',
    });
    expect(gitlab.toolchains).toEqual([expect.stringMatching(/^python-3\.11 /)]);
    expect(gitlab.tools).toEqual(['graphviz']);
    const circle = await understood({
      Gemfile: "source 'https://rubygems.org'\n",
      '.circleci/config.yml':
        'version: 2.1\njobs:\n  build:\n    docker:\n      - image: cimg/ruby:3.3\n      - image: cimg/postgres:14.0\n    steps:\n      - checkout\n      - run:\n          name: deps\n          command: sudo apt-get install -y imagemagick\n',
    });
    expect(circle.toolchains).toEqual([expect.stringMatching(/^ruby-3\.3 /)]);
    expect(circle.tools).toEqual(['imagemagick']);
  });
});

describe('a dev container', () => {
  it('gives the versions of its image and features', async () => {
    const found = await understood({
      'pyproject.toml': '[project]\nname = "x"\nversion = "1"\n',
      'package.json': '{"name":"x"}',
      '.devcontainer/devcontainer.json':
        '{\n // comment\n "image": "mcr.microsoft.com/devcontainers/python:1-3.12-bullseye",\n "features": {"ghcr.io/devcontainers/features/node:1": {"version": "22"}, "ghcr.io/devcontainers/features/go:1": {"version": "1.22"}}\n}',
    });
    expect(found.toolchains.map((each) => each.split(' ')[0]).sort()).toEqual(['node-22', 'python-3.12']);
  });
});

it('hostile files take no time and do not throw', async () => {
  const start = performance.now();
  const found = await understood({
    ...fastapi,
    Dockerfile: `FROM python:3.12\nRUN apt-get install -y ${'a '.repeat(100_000)}\n${'RUN apt-get install \\\n'.repeat(30_000)}`,
    'Dockerfile.dev': `FROM ${'${A:-'.repeat(20_000)}\nARG ${'A=$A '.repeat(20_000)}`,
    'Dockerfile.test': `FROM python:3\nRUN <<EOF\n${'apt-get install x\n'.repeat(20_000)}`,
    Aptfile: 'constructor\n__proto__\ntoString\n'.repeat(20_000),
    '.gitlab-ci.yml': 'image: [7]\ntest: [1, {a: null}]\nx: {script: {a: 1}, before_script: 7}\n',
    '.circleci/config.yml': 'jobs: {a: {docker: 7, steps: [null, 7, {run: 7}]}, b: null}\n',
    '.github/workflows/ci.yml':
      'env: 7\njobs:\n  a: null\n  test: {strategy: {matrix: {x: {y: 1}, include: 7}}, steps: [7, {uses: 7}, {uses: actions/setup-node@v4, with: {node-version: {a: 1}}}, {uses: actions/setup-node@v4, with: {node-version: "${{ matrix.x }}"}}]}\n',
    'devcontainer.json': '{"image": 7, "features": {"a": 7, "ghcr.io/devcontainers/features/node": null}}',
  });
  expect(found.languages).toEqual(['python']);
  expect(performance.now() - start).toBeLessThan(5000);
});

import { describe, expect, it, test } from 'vitest';
import { presence } from '../../../src/detect/evidence.ts';
import { installsOf } from '../../../src/detect/system/commands.ts';
import { dockerfileStatements } from '../../../src/detect/system/dockerfiles.ts';
import { spokenFor } from '../../../src/detect/system/folders.ts';
import { imageOf } from '../../../src/detect/system/images.ts';
import { namesFor } from '../../../src/detect/system/mapped.ts';
import { versionGiven } from '../../../src/detect/system/setups.ts';
import { newest, type StatedVersion } from '../../../src/detect/system/statements.ts';

describe('an image', () => {
  test.each([
    ['node:22-alpine', ['node 22']],
    ['node:v20.11.1@sha256:abc', ['node 20.11.1']],
    ['node:lts-slim', ['node lts/*']],
    ['node:iron-bookworm', ['node lts/iron']],
    ['node:alpine', []],
    ['node', []],
    ['docker.io/library/python:3.12-slim-bookworm', ['python 3.12']],
    ['python:3.14-rc-slim', []],
    ['python:3.14.0b1', []],
    ['python:alpine3.20', []],
    ['ghcr.io/astral-sh/uv:python3.12-bookworm-slim', ['python 3.12']],
    ['ghcr.io/astral-sh/uv:0.4.20', []],
    ['public.ecr.aws/lambda/python:3.12', ['python 3.12']],
    ['public.ecr.aws/docker/library/golang:1.25', ['go 1.25']],
    ['golang:1.26-alpine3.20', ['go 1.26']],
    ['ruby:3.3.0-slim', ['ruby 3.3.0']],
    ['php:8.3-fpm-alpine', ['php 8.3']],
    ['dunglas/frankenphp:1-php8.3', ['php 8.3']],
    ['composer:2', []],
    ['eclipse-temurin:21-jdk-jammy', ['java 21']],
    ['maven:3.9-eclipse-temurin-21', ['java 21']],
    ['maven:3.9', []],
    ['gradle:8.5-jdk17', ['java 17']],
    ['gcr.io/distroless/java17-debian12', ['java 17']],
    ['gcr.io/distroless/nodejs20-debian12:nonroot', ['node 20']],
    ['registry.access.redhat.com/ubi9/python-312', ['python 3.12']],
    ['mcr.microsoft.com/dotnet/sdk:8.0-alpine', ['dotnet 8.0']],
    ['elixir:1.17-otp-27', ['elixir 1.17', 'erlang 27']],
    ['hexpm/elixir:1.17.2-erlang-27.0.1-debian-bookworm-20240701', ['elixir 1.17.2', 'erlang 27.0.1']],
    ['rust:1.80-alpine', ['rust 1.80']],
    ['rustlang/rust:nightly-slim', ['rust nightly']],
    ['denoland/deno:alpine-2.1.4', ['deno 2.1.4']],
    ['oven/bun:1.1-alpine', ['bun 1.1']],
    ['rocker/r-ver:4.3.1', ['r 4.3.1']],
    ['mcr.microsoft.com/devcontainers/python:1-3.12-bullseye', ['python 3.12']],
    ['mcr.microsoft.com/devcontainers/javascript-node:20', ['node 20']],
    ['mcr.microsoft.com/devcontainers/typescript-node:dev-22-bookworm', ['node 22']],
    ['cimg/ruby:3.3-node', ['ruby 3.3']],
    ['node:${VERSION}', []],
    ['', []],
    [':::@@', []],
  ])('%s', (reference, expected) => {
    const said = imageOf(reference).versions.flatMap(({ id, raw }) => (raw === null ? [] : [`${id} ${raw}`]));
    expect(said).toEqual(expected);
  });

  it('of a server is known', () => {
    expect(imageOf('nginx:1.27-alpine').isServer).toBe(true);
    expect(imageOf('docker.io/library/postgres:16').isServer).toBe(true);
    expect(imageOf('nginxinc/nginx-unprivileged').isServer).toBe(true);
    expect(imageOf('debian:12').isServer).toBe(false);
    expect(imageOf('mycompany/nginx-tools').isServer).toBe(false);
  });
});

describe('a script', () => {
  const names = (text: string) =>
    installsOf(text.split('\n').map((line, at) => ({ text: line, line: at + 1 }))).packages.map(
      ({ name }) => name,
    );
  test.each([
    ['apt-get update && apt-get install -y a1 b2 && rm -rf x', ['a1', 'b2']],
    [
      'sudo DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends libx=1.2* yy:amd64',
      ['libx', 'yy'],
    ],
    ['apt install -t bookworm-backports -o Dpkg::Use-Pty=0 foo; apt-get install bar', ['foo', 'bar']],
    ['apk add --no-cache --virtual .deps -X http://x/y gcc musl-dev~1.2 | cat', ['gcc', 'musl-dev']],
    ['apk --update add foo', ['foo']],
    ['if true; then apt-get install -y foo; fi', ['foo']],
    ['apt-get install -y $DEPS "quoted" ./local.deb /tmp/x.deb foo # comment bar', ['quoted', 'foo']],
    ['apt-get remove foo && apt-get install', []],
    ['npm install foo && pip install bar && go install x', []],
    ['echo installing && brew install foo', []],
    ['apt-get install -y \\\n  a1 \\\n  # b \\\n\n  c2\nd3', ['a1', 'c2']],
    ['apt-get install -y $(cat list) foo', ['foo']],
  ] as [string, string[]][])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });
});

test('extensions of PHP are read as their commands name them', () => {
  const text =
    'docker-php-ext-install -j$(nproc) pdo_mysql gd && pecl install redis-6.0.2 xdebug && install-php-extensions imagick @composer && docker-php-ext-enable redis';
  const { extensions, packages } = installsOf([{ text, line: 1 }]);
  expect(extensions.map(({ name }) => name)).toEqual([
    'pdo_mysql',
    'gd',
    'redis',
    'xdebug',
    'imagick',
    'redis',
  ]);
  expect(packages).toEqual([]);
});

test('here-documents and arguments of a Dockerfile are read', () => {
  const text = [
    'ARG BASE=python:3.12-slim',
    'FROM $BASE AS one',
    'RUN <<EOF',
    'apt-get update',
    'apt-get install -y ffmpeg',
    'EOF',
    'FROM one AS two',
    'RUN --mount=type=cache,target=/x apt-get install -y jq',
    'FROM node:${NODE:-22}',
    'ARG LATE=1',
    'FROM ruby:$LATE',
  ].join('\n');
  const found = dockerfileStatements({ path: 'Dockerfile', blob: null, text });
  expect(found.packages.map(({ name, because }) => `${name} ${because.line}`)).toEqual(['ffmpeg 5', 'jq 8']);
  expect(found.packages[1]?.languages).toEqual(['python']);
  expect(found.versions.map(({ id, raw }) => `${id} ${raw}`)).toEqual(['python 3.12', 'node 22']);
});

test.each([
  ['.', '.'],
  ['backend', 'backend'],
  ['docker', '.'],
  ['backend/docker', 'backend'],
  ['.devcontainer', '.'],
  ['.devcontainer/python', '.'],
  ['docker/app', '.'],
  ['docker/nginx', null],
  ['build/package/debian', null],
])('a Dockerfile in %s speaks for %s', (folder, expected) => {
  expect(spokenFor(folder)).toBe(expected);
});

test.each([
  ['libicu72', 'libicu'],
  ['libssl1.1', 'libssl'],
  ['libglib2.0-0t64', 'libglib2.0-0'],
  ['postgresql-client-15', 'postgresql-client'],
  ['postgresql-server-dev-16', 'libpq-dev'],
  ['python3.11-dev', 'python3-packages'],
  ['openjdk-17-jdk-headless', 'openjdk-17'],
  ['tesseract-ocr-deu', 'tesseract-ocr'],
  ['libboost-filesystem1.83-dev', 'libboost-all-dev'],
  ['php8.2-mbstring', 'php'],
  ['llvm-14-dev', 'llvm-dev'],
  ['clang-18', 'clang'],
  ['ruby3.2-dev', 'ruby'],
])('%s may be %s', (name, expected) => {
  expect(namesFor(name)[0]).toBe(name);
  expect(namesFor(name)).toContain(expected);
});

test.each([
  ['node', '20.x', '20'],
  ['node', 'lts/*', 'lts/*'],
  ['go', '1.22', '1.22'],
  ['ruby', 'ruby-3.3', '3.3'],
  ['python', '>=3.9', null],
  ['python', '3.13-dev', null],
  ['go', 'stable', null],
  ['node', '', null],
])('%s %s is %s', (id, text, raw) => {
  expect(versionGiven(id, text)?.raw ?? null).toBe(raw);
});

test('of several versions the newest is taken, none beside what moves', () => {
  const version = (id: string, raw: string, more: Partial<StatedVersion> = {}): StatedVersion => ({
    id,
    raw,
    scheme: 'prefix',
    because: presence('x', 'x'),
    ...more,
  });
  const said = newest([
    version('python', '3.9'),
    version('python', '3.12'),
    version('python', '3.10'),
    version('node', '22'),
    version('node', '22.4'),
    version('rust', '1.70'),
    version('rust', 'stable', { isMoving: true }),
  ]);
  expect(said.map(({ id, raw, isOneOfSeveral }) => [id, raw, isOneOfSeveral === true])).toEqual([
    ['python', '3.12', true],
    ['node', '22.4', false],
  ]);
});

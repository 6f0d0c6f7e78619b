/** What the name and tag of an image say of languages: data, by the documentation of each image. */
import type { VersionScheme } from '../types.ts';

export interface ImageVersion {
  /** Of the toolchain. */
  id: string;
  /** As far as the tag says it. */
  raw: string | null;
  scheme: VersionScheme;
}

export interface Image {
  /** Languages that it brings; none where it is a plain system. */
  versions: ImageVersion[];
  /** It serves (a web server, a database): what is installed beside is for its deployment. */
  isServer: boolean;
}

interface Row {
  /** The whole name, without registry, `library/` and the like; with named groups for what it says itself. */
  name: RegExp;
  id: string;
  /** Of the tag; else a version at its beginning. */
  tag?: RegExp;
  /** Also of the tag: `elixir:1.17-otp-27`. */
  also?: { id: string; tag: RegExp };
}

/** At the beginning of a tag: `3.12`, `v1.2.3-slim`; no candidate of a release. */
const leading = /^v?(?<version>\d+(?:\.\d+){0,2})(?![\w.]|-?(?:rc|alpha|beta|preview|nightly|dev))/;

/** `1-3.12-bullseye`: the version of the image itself comes first: https://github.com/devcontainers/images */
const development =
  /^(?:dev-)?(?:\d+(?:\.\d+){0,2}-(?=\d))?(?<version>\d+(?:\.\d+){0,2})(?![\w.]|-?(?:rc|preview))/;

const jdk =
  /(?:^|[^a-z])(?:jdk|jre|temurin|openjdk|corretto|semeru|zulu|liberica|sapmachine|graalvm|java)-?(?<version>\d{1,2}(?:\.\d+){0,2})/;

/** https://hub.docker.com/_/node and the others; rows are tried in order. */
const rows: readonly Row[] = [
  { name: /^(?:node|cimg\/node|circleci\/node|bitnami\/node|chainguard\/node)$/, id: 'node' },
  { name: /^lambda\/nodejs$/, id: 'node' },
  { name: /^(?:distroless\/nodejs|ubi\d+\/nodejs-)(?<version>\d+)(?:-debian\d+|-minimal)?$/, id: 'node' },
  { name: /^devcontainers\/(?:javascript-node|typescript-node)$/, id: 'node', tag: development },
  {
    name: /^(?:python|cimg\/python|circleci\/python|bitnami\/python|chainguard\/python|lambda\/python)$/,
    id: 'python',
  },
  { name: /^ubi\d+\/python-(?<version>3\d+)$/, id: 'python' },
  { name: /^devcontainers\/python$/, id: 'python', tag: development },
  { name: /^(?:astral-sh\/uv|tiangolo\/[\w.-]+)$/, id: 'python', tag: /python(?<version>3\.\d+)/ },
  { name: /^(?:golang|cimg\/go|circleci\/golang|bitnami\/golang|chainguard\/go)$/, id: 'go' },
  { name: /^devcontainers\/go$/, id: 'go', tag: development },
  { name: /^(?:ruby|cimg\/ruby|circleci\/ruby|bitnami\/ruby|lambda\/ruby)$/, id: 'ruby' },
  { name: /^devcontainers\/ruby$/, id: 'ruby', tag: development },
  { name: /^(?:php|cimg\/php|circleci\/php|bitnami\/php-fpm)$/, id: 'php' },
  { name: /^(?:dunglas\/frankenphp|serversideup\/php)$/, id: 'php', tag: /(?:^|php)(?<version>8\.\d)/ },
  { name: /^devcontainers\/php$/, id: 'php', tag: development },
  {
    name: /^(?:eclipse-temurin|openjdk|amazoncorretto|sapmachine|azul\/zulu-openjdk[\w-]*|bellsoft\/liberica-[\w-]+|openjdk\/jdk|cimg\/openjdk|lambda\/java)$/,
    id: 'java',
  },
  { name: /^distroless\/java(?<version>\d+)(?:-debian\d+)?$/, id: 'java' },
  { name: /^ubi\d+\/openjdk-(?<version>\d+)(?:-runtime)?$/, id: 'java' },
  {
    name: /^(?:maven|gradle|clojure|sbtscala\/scala-sbt|ibm-semeru-runtimes|graalvm\/[\w-]+)$/,
    id: 'java',
    tag: jdk,
  },
  { name: /^devcontainers\/java$/, id: 'java', tag: development },
  { name: /^dotnet\/(?:nightly\/)?(?:sdk|aspnet|runtime|runtime-deps)$/, id: 'dotnet' },
  { name: /^devcontainers\/dotnet$/, id: 'dotnet', tag: development },
  {
    name: /^(?:elixir|cimg\/elixir)$/,
    id: 'elixir',
    also: { id: 'erlang', tag: /-(?:otp|erlang)-(?<version>\d+)/ },
  },
  {
    name: /^hexpm\/elixir(?:-amd64|-arm64)?$/,
    id: 'elixir',
    also: { id: 'erlang', tag: /-erlang-(?<version>\d+(?:\.\d+){0,2})/ },
  },
  { name: /^(?:erlang|hexpm\/erlang)$/, id: 'erlang' },
  { name: /^gleam-lang\/gleam$/, id: 'gleam' },
  { name: /^(?:rust|cimg\/rust|clux\/muslrust)$/, id: 'rust' },
  { name: /^lukemathwalker\/cargo-chef$/, id: 'rust', tag: /rust-(?<version>\d+(?:\.\d+){1,2})/ },
  { name: /^devcontainers\/rust$/, id: 'rust', tag: development },
  { name: /^denoland\/deno$/, id: 'deno', tag: /^(?:[a-z]+-)?v?(?<version>\d+(?:\.\d+){0,2})(?![\w.])/ },
  { name: /^oven\/bun$/, id: 'bun' },
  { name: /^(?:r-base|rocker\/(?:r-ver|rstudio|tidyverse|verse|shiny|shiny-verse|geospatial))$/, id: 'r' },
  { name: /^julia$/, id: 'julia' },
  { name: /^swift$/, id: 'swift' },
  { name: /^dart$/, id: 'dart' },
  { name: /^haskell$/, id: 'haskell' },
  { name: /^perl$/, id: 'perl' },
  { name: /^crystallang\/crystal$/, id: 'crystal' },
  { name: /^nimlang\/nim$/, id: 'nim' },
  { name: /^(?:racket|jackfirth)\/racket$/, id: 'racket' },
  { name: /^hashicorp\/terraform$/, id: 'terraform' },
  { name: /^opentofu\/opentofu$/, id: 'opentofu' },
];

/** Images that serve as they are, or that other people's code runs in (`cloudflare/sandbox`). */
const servers =
  /(^|\/)(nginx|nginx-unprivileged|httpd|caddy|traefik|haproxy|varnish|envoy|openresty|apache|tomcat|jetty|wildfly|postgres|postgis|pgvector|timescaledb|mysql|mariadb|percona|mongo|redis|valkey|memcached|rabbitmq|kafka|zookeeper|elasticsearch|opensearch|kibana|logstash|solr|cassandra|neo4j|influxdb|clickhouse(-server)?|cockroach|minio|vault|consul|keycloak|grafana|prometheus|loki|localstack|mailhog|mailpit|nats|etcd|selenium|standalone-chrome|registry|docker|dind|wordpress|ghost|nextcloud|odoo|moodle|drupal|joomla|matomo|metabase|kong|pgadmin4|adminer|phpmyadmin|fluentd|fluent-bit|telegraf|squid|bind9|mosquitto|coturn|ldap|openldap|samba|gitea|jenkins|sandbox)$/;

/** Registries and folders of mirrors before names that all registries share. */
const mirrors =
  /^(?:(?:index\.|registry-1\.)?docker\.io\/|registry\.hub\.docker\.com\/|public\.ecr\.aws\/(?:docker\/)?|mirror\.gcr\.io\/|ghcr\.io\/|gcr\.io\/|quay\.io\/|cgr\.dev\/|mcr\.microsoft\.com\/|registry\.access\.redhat\.com\/|registry\.redhat\.io\/|docker\.elastic\.co\/|\$\{?CI_DEPENDENCY_PROXY_(?:GROUP|DIRECT_GROUP)_IMAGE_PREFIX\}?\/)/;

/** Node.js' lines by their names: https://github.com/nodejs/Release/blob/main/CODENAMES.md */
const nodeNames =
  /^(?<name>argon|boron|carbon|dubnium|erbium|fermium|gallium|hydrogen|iron|jod|krypton)(?![\w.])/;

/** What an image says, by its reference (`node:22-alpine`, `mcr.microsoft.com/dotnet/sdk:8.0@sha256:…`). */
export function imageOf(reference: string): Image {
  const plain = reference.slice(0, 300).replace(/@.*$/, '').replace(mirrors, '');
  const { name: given = '', tag = '' } = /^(?<name>[^:]*)(?::(?<tag>[^:]*))?$/.exec(plain)?.groups ?? {};
  const name = given.toLowerCase().replace(/^(?:library|amd64|arm64v8|arm32v7|i386)\//, '');
  for (const row of rows) {
    const match = row.name.exec(name);
    if (match === null) continue;
    const versions = [versionOf(row, match.groups?.version, tag)];
    const second = row.also?.tag.exec(tag)?.groups?.version;
    if (row.also !== undefined) versions.push(version(row.also.id, second ?? null));
    return { versions, isServer: false };
  }
  if (/^rustlang\/rust$/.test(name) && tag.startsWith('nightly')) {
    return { versions: [{ id: 'rust', raw: 'nightly', scheme: 'alias' }], isServer: false };
  }
  return { versions: [], isServer: servers.test(name) };
}

function versionOf(row: Row, named: string | undefined, tag: string): ImageVersion {
  if (named !== undefined) {
    const isPython = row.id === 'python' && /^3\d+$/.test(named);
    return version(row.id, isPython ? `3.${named.slice(1)}` : named);
  }
  if (row.id === 'node') {
    const codename = nodeNames.exec(tag)?.groups?.name;
    const alias = codename !== undefined ? `lts/${codename}` : /^lts(?![\w.])/.test(tag) ? 'lts/*' : null;
    if (alias !== null) return { id: 'node', raw: alias, scheme: 'alias' };
  }
  return version(row.id, (row.tag ?? leading).exec(tag)?.groups?.version ?? null);
}

function version(id: string, raw: string | null): ImageVersion {
  return { id, raw, scheme: id === 'java' ? 'java' : 'prefix' };
}

/**
 * Frameworks of npm's world as data: to add one, copy the nearest and change its values. Ports are those of
 * the development server unless a script says otherwise, from each framework's documentation.
 */
import { dependenciesOf, type Manifest } from './manifest.ts';

export interface Framework {
  id: string;
  /** Any of these dependencies announces it. */
  dependencies: readonly string[];
  /** Port of the development server; null where the program decides. */
  port: number | null;
  /** Another port below a major version of the first dependency. */
  portBelow?: { major: number; port: number };
  /** Command lines of its own program, for projects without the script. */
  build?: string;
  start?: string;
  dev?: string;
  test?: string;
  /** Scripts that its templates write for a purpose, before the common names. */
  scripts?: Partial<Record<'build' | 'start' | 'dev' | 'test', readonly string[]>>;
}

/** The ones that bring a server or a bundler of their own stand before what they are made of. */
export const frameworks: readonly Framework[] = [
  {
    id: 'nextjs',
    dependencies: ['next'],
    port: 3000,
    build: 'next build',
    start: 'next start',
    dev: 'next dev',
  },
  {
    id: 'nuxt',
    dependencies: ['nuxt', 'nuxt3', 'nuxt-edge'],
    port: 3000,
    build: 'nuxt build',
    start: 'nuxt start',
    dev: 'nuxt dev',
  },
  {
    id: 'react-router',
    dependencies: ['@react-router/dev'],
    port: 5173,
    build: 'react-router build',
    start: 'react-router-serve ./build/server/index.js',
    dev: 'react-router dev',
  },
  { id: 'remix', dependencies: ['@remix-run/dev', '@remix-run/serve', '@remix-run/node'], port: 5173 },
  {
    id: 'astro',
    dependencies: ['astro'],
    port: 4321,
    portBelow: { major: 3, port: 3000 },
    build: 'astro build',
    start: 'astro preview',
    dev: 'astro dev',
  },
  {
    id: 'sveltekit',
    dependencies: ['@sveltejs/kit'],
    port: 5173,
    portBelow: { major: 1, port: 3000 },
    build: 'vite build',
    dev: 'vite dev',
  },
  {
    id: 'tanstack-start',
    dependencies: ['@tanstack/react-start', '@tanstack/solid-start', '@tanstack/start'],
    port: 3000,
  },
  { id: 'solid-start', dependencies: ['@solidjs/start', 'solid-start'], port: 3000 },
  { id: 'qwik', dependencies: ['@builder.io/qwik-city', '@qwik.dev/router'], port: 5173 },
  {
    id: 'gatsby',
    dependencies: ['gatsby'],
    port: 8000,
    build: 'gatsby build',
    start: 'gatsby serve',
    dev: 'gatsby develop',
    scripts: { dev: ['develop'] },
  },
  {
    id: 'redwood',
    dependencies: ['@redwoodjs/core', '@redwoodjs/web'],
    port: 8910,
    build: 'rw build',
    start: 'rw serve',
    dev: 'rw dev',
  },
  {
    id: 'blitz',
    dependencies: ['blitz'],
    port: 3000,
    build: 'blitz build',
    start: 'blitz start',
    dev: 'blitz dev',
  },
  { id: 'meteor', dependencies: ['meteor-node-stubs'], port: 3000 },
  {
    id: 'angular',
    dependencies: ['@angular/core', '@angular/cli'],
    port: 4200,
    build: 'ng build',
    dev: 'ng serve',
    test: 'ng test --watch=false',
    scripts: { dev: ['serve', 'start'] },
  },
  {
    id: 'vue-cli',
    dependencies: ['@vue/cli-service'],
    port: 8080,
    build: 'vue-cli-service build',
    dev: 'vue-cli-service serve',
    scripts: { dev: ['serve'], test: ['test:unit'] },
  },
  {
    id: 'create-react-app',
    dependencies: ['react-scripts'],
    port: 3000,
    build: 'react-scripts build',
    dev: 'react-scripts start',
    scripts: { dev: ['start'] },
  },
  {
    id: 'docusaurus',
    dependencies: ['@docusaurus/core'],
    port: 3000,
    build: 'docusaurus build',
    start: 'docusaurus serve',
    dev: 'docusaurus start',
    scripts: { start: ['serve'], dev: ['start'] },
  },
  {
    id: 'vitepress',
    dependencies: ['vitepress'],
    port: 5173,
    scripts: { build: ['docs:build'], dev: ['docs:dev'], start: ['docs:preview'] },
  },
  {
    id: 'vuepress',
    dependencies: ['vuepress'],
    port: 8080,
    scripts: { build: ['docs:build'], dev: ['docs:dev'] },
  },
  {
    id: 'eleventy',
    dependencies: ['@11ty/eleventy'],
    port: 8080,
    build: 'eleventy',
    dev: 'eleventy --serve',
  },
  {
    id: 'hexo',
    dependencies: ['hexo'],
    port: 4000,
    build: 'hexo generate',
    dev: 'hexo server',
    scripts: { dev: ['server'] },
  },
  {
    id: 'gridsome',
    dependencies: ['gridsome'],
    port: 8080,
    build: 'gridsome build',
    dev: 'gridsome develop',
    scripts: { dev: ['develop'] },
  },
  {
    id: 'ember',
    dependencies: ['ember-cli'],
    port: 4200,
    build: 'ember build --environment=production',
    dev: 'ember serve',
    test: 'ember test',
  },
  { id: 'expo', dependencies: ['expo'], port: 8081, dev: 'expo start', scripts: { dev: ['start'] } },
  { id: 'react-native', dependencies: ['react-native'], port: 8081, scripts: { dev: ['start'] } },
  { id: 'electron', dependencies: ['electron'], port: null, dev: 'electron .' },
  {
    id: 'nestjs',
    dependencies: ['@nestjs/core'],
    port: 3000,
    build: 'nest build',
    start: 'nest start',
    dev: 'nest start --watch',
    scripts: { start: ['start:prod'], dev: ['start:dev'] },
  },
  {
    id: 'adonisjs',
    dependencies: ['@adonisjs/core'],
    port: 3333,
    build: 'node ace build',
    dev: 'node ace serve --watch',
  },
  {
    id: 'strapi',
    dependencies: ['@strapi/strapi', 'strapi'],
    port: 1337,
    build: 'strapi build',
    start: 'strapi start',
    dev: 'strapi develop',
    scripts: { dev: ['develop'] },
  },
  {
    id: 'keystone',
    dependencies: ['@keystone-6/core'],
    port: 3000,
    build: 'keystone build',
    start: 'keystone start',
    dev: 'keystone dev',
  },
  { id: 'directus', dependencies: ['directus'], port: 8055, start: 'directus start' },
  {
    id: 'medusa',
    dependencies: ['@medusajs/medusa'],
    port: 9000,
    build: 'medusa build',
    start: 'medusa start',
    dev: 'medusa develop',
  },
  { id: 'feathers', dependencies: ['@feathersjs/feathers'], port: 3030 },
  { id: 'loopback', dependencies: ['@loopback/core', 'loopback'], port: 3000 },
  { id: 'sails', dependencies: ['sails'], port: 1337, start: 'sails lift' },
  {
    id: 'laravel-mix',
    dependencies: ['laravel-mix'],
    port: null,
    build: 'mix --production',
    dev: 'mix',
    scripts: { build: ['prod', 'production'], dev: ['dev', 'development'] },
  },
  { id: 'wrangler', dependencies: ['wrangler'], port: 8787, dev: 'wrangler dev' },
  {
    id: 'storybook',
    dependencies: ['storybook', '@storybook/react', '@storybook/vue3'],
    port: 6006,
    scripts: { dev: ['storybook'] },
  },
  { id: 'parcel', dependencies: ['parcel', 'parcel-bundler'], port: 1234 },
  {
    id: 'vite',
    dependencies: ['vite', 'rolldown-vite'],
    port: 5173,
    portBelow: { major: 3, port: 3000 },
    build: 'vite build',
    start: 'vite preview',
    dev: 'vite',
    scripts: { start: ['preview'] },
  },
  { id: 'webpack-dev-server', dependencies: ['webpack-dev-server'], port: 8080, scripts: { dev: ['serve'] } },
  { id: 'express', dependencies: ['express'], port: null },
  { id: 'fastify', dependencies: ['fastify'], port: null },
  { id: 'koa', dependencies: ['koa'], port: null },
  { id: 'hono', dependencies: ['hono'], port: null },
  { id: 'hapi', dependencies: ['@hapi/hapi'], port: null },
  { id: 'elysia', dependencies: ['elysia'], port: null },
  { id: 'react', dependencies: ['react-dom', 'react'], port: null },
  { id: 'preact', dependencies: ['preact'], port: null },
  { id: 'vue', dependencies: ['vue'], port: null },
  { id: 'svelte', dependencies: ['svelte'], port: null },
  { id: 'solid', dependencies: ['solid-js'], port: null },
  { id: 'lit', dependencies: ['lit'], port: null },
];

const byDependency = new Map(
  frameworks.flatMap((each) => each.dependencies.map((name) => [name, each] as const)),
);
const byId = new Map(frameworks.map((each) => [each.id, each]));
const rank = new Map(frameworks.map((each, at) => [each, at]));

/** The frameworks of a package: by its dependencies, and by configuration files beside it. */
export function frameworksOf(manifest: Manifest | null, configured: readonly string[]): Framework[] {
  const found = new Set<Framework>();
  for (const name of manifest === null ? [] : dependenciesOf(manifest).keys()) {
    const framework = byDependency.get(name);
    if (framework !== undefined) found.add(framework);
  }
  for (const id of configured) {
    const framework = byId.get(id);
    if (framework !== undefined) found.add(framework);
  }
  return [...found].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

/** Port of the first framework that has one; an older major may have another. */
export function defaultPort(found: readonly Framework[], manifest: Manifest | null): number | null {
  const first = found.find(({ port }) => port !== null);
  if (first === undefined) return null;
  const { portBelow } = first;
  if (portBelow === undefined || manifest === null) return first.port;
  const range = dependenciesOf(manifest).get(first.dependencies[0] ?? '')?.range ?? '';
  const major = /\d+/.exec(range)?.[0];
  return major !== undefined && Number(major) < portBelow.major ? portBelow.port : first.port;
}

/**
 * Configuration files that announce a framework where its dependency stands elsewhere, such as at the root of
 * a workspace. Their presence alone is read: they are programs.
 */
export const frameworkConfigs: Readonly<Record<string, readonly string[]>> = {
  nextjs: ['next.config.js', 'next.config.mjs', 'next.config.ts'],
  nuxt: ['nuxt.config.js', 'nuxt.config.ts', 'nuxt.config.mjs'],
  remix: ['remix.config.js'],
  'react-router': ['react-router.config.ts', 'react-router.config.js'],
  astro: ['astro.config.mjs', 'astro.config.ts', 'astro.config.js'],
  sveltekit: ['svelte.config.js'],
  gatsby: ['gatsby-config.js', 'gatsby-config.ts'],
  angular: ['angular.json'],
  'vue-cli': ['vue.config.js'],
  docusaurus: ['docusaurus.config.js', 'docusaurus.config.ts'],
  eleventy: ['.eleventy.js', 'eleventy.config.js', 'eleventy.config.mjs'],
  nestjs: ['nest-cli.json'],
  adonisjs: ['adonisrc.ts', '.adonisrc.json'],
  redwood: ['redwood.toml'],
  vite: ['vite.config.ts', 'vite.config.js', 'vite.config.mjs'],
};

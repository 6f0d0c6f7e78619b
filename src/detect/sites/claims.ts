import type { Claims } from '../../scan/types.ts';

export const formats = ['toml', 'yaml', 'yml', 'json'] as const;

const inFormats = (name: string) => formats.map((format) => `${name}.${format}`);

/** https://gohugo.io/configuration/introduction/ */
export const hugoNames = inFormats('hugo');
/** Hugo's before 0.110, and Zola's; and of a thousand other programs: what is in it decides. */
export const configNames = inFormats('config');

export const siteClaims: Claims = {
  names: [...hugoNames, 'book.toml', 'mkdocs.yml', 'mkdocs.yaml'],
  presence: ['.hugo_build.lock'],
  hints: { names: [...configNames, 'theme.toml', 'netlify.toml'] },
  common: { names: ['netlify.toml'], sources: [] },
  signs: [
    {
      names: configNames,
      text: /\b(?:baseurl|theme|module|languagecode|base_url)\b/i,
      // From `config/_default`, too.
      beside: {
        folders: ['.', '../..'],
        names: ['content', 'layouts', 'themes', 'archetypes', 'templates'],
      },
    },
    { names: ['theme.toml'], text: /\bmin_version\b/ },
  ],
};

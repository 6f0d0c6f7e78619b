import Handlebars from 'handlebars';

/**
 * Bundler plugin (Rollup, Rolldown and Vite share the shape): `import layout from './x.hbs'` yields a
 * precompiled Handlebars template specification, so that only the runtime ships.
 *
 * Templates hold layout only: `noEscape` because every value arrives as text that an emitter of its own
 * language has printed, `strict` because a missing value is a bug, known helpers only so that nothing
 * in a template can look up a property by a computed name.
 */
export function templates() {
  return {
    name: 'handlebars-templates',
    transform(source: string, id: string) {
      if (!id.endsWith('.hbs')) return null;
      const specification = Handlebars.precompile(source, {
        noEscape: true,
        strict: true,
        knownHelpersOnly: true,
        knownHelpers: {},
        preventIndent: true,
      });
      return { code: `export default ${specification};`, map: null, moduleType: 'js' as const };
    },
  };
}

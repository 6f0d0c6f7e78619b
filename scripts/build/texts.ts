/** Bundler plugin: `import text from './x.nix'` yields the file's text. */
export function texts() {
  return {
    name: 'texts',
    transform(source: string, id: string) {
      if (!id.endsWith('.nix')) return null;
      return { code: `export default ${JSON.stringify(source)};`, map: null, moduleType: 'js' as const };
    },
  };
}

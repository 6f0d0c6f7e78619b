/**
 * Bundler plugin: Rolldown makes a chunk of `import('./x.json', { with: { type: 'json' } })` but leaves the
 * call as it stands, pointing at the file that is no longer there. Without the attribute it is rewritten.
 */
export function jsonImports() {
  const attribute = /(import\('[^']+\.json'), \{ with: \{ type: 'json' \} \}\)/g;
  return {
    name: 'json-imports',
    transform(source: string, id: string) {
      if (!id.endsWith('.ts') || !source.includes(".json', { with:")) return null;
      return { code: source.replace(attribute, '$1)'), map: null };
    },
  };
}

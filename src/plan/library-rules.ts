/**
 * What programs need at run time because of the libraries that they are linked against. Installed ones are wrapped for it;
 * those that a project builds for itself in a shell are not.
 */
import { append } from '../append.ts';
import type { EnvironmentVariable, Hook } from './schema.ts';
import type { Site } from './site.ts';

interface LibraryRule {
  /** Attributes as the packages set has them; one of them is enough. */
  attributes: readonly string[];
  /** Parts refer to the library by `attribute` below it. */
  variables: readonly { name: string; value: readonly { attribute: string; path: string }[] }[];
  hooks: readonly string[];
}

const libraryRules: readonly LibraryRule[] = [
  {
    // Without them there is no file dialog, among others:
    // https://nixos.org/manual/nixpkgs/stable/#ssec-gnome-common-issues-no-schemas
    attributes: ['gtk3', 'gtk4', 'gsettings-desktop-schemas'],
    variables: [],
    hooks: ['gsettings-schemas'],
  },
  {
    // Qt 5 looks for its plugins beside qmake, and nixpkgs has them in another output; none of its programs starts
    // without that of the platform: https://github.com/NixOS/nixpkgs/issues/115297
    attributes: ['libsForQt5.qtbase'],
    variables: [
      {
        name: 'QT_PLUGIN_PATH',
        value: [
          { attribute: 'bin', path: '/' },
          { attribute: 'qtPluginPrefix', path: '' },
        ],
      },
    ],
    hooks: [],
  },
];

/** @param keys keys of the libraries that the environment links against */
export function libraryNeeds(
  { parts }: Site,
  keys: readonly string[],
): { variables: EnvironmentVariable[]; hooks: Hook[] } {
  const variables: EnvironmentVariable[] = [];
  const hooks: Hook[] = [];
  const libraries = keys.flatMap((key) => parts.libraries.get(key) ?? []);
  for (const rule of libraryRules) {
    const found = libraries.find(({ attribute }) => rule.attributes.includes(attribute));
    if (found === undefined) continue;
    const { key, systems, because } = found;
    for (const { name, value } of rule.variables) {
      variables.push({ name, value: value.map((part) => ({ package: key, ...part })), systems, because });
    }
    append(
      hooks,
      rule.hooks.map((id) => ({ id, because })),
    );
  }
  return { variables, hooks };
}

/**
 * What programs need at run time because of the libraries that they are linked against. Installed ones are wrapped for it;
 * those that a project builds for itself in a shell are not.
 */
import { append } from '../append.ts';
import type { EnvironmentVariable, Hook } from './schema.ts';
import type { Site } from './site.ts';

interface LibraryRule {
  /** Attributes as the package set has them; one of them is enough. */
  attributes: readonly string[];
  variables: readonly FolderVariable[];
  hooks: readonly string[];
}

/** A list of folders: one in each of these packages that is there. */
interface FolderVariable {
  name: string;
  packages: readonly string[];
  /** Where in the package it is; where the rule's library says it by an attribute, in the output `bin`. */
  folder: { attribute: string } | { path: string };
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
        packages: [
          'libsForQt5.qtbase',
          'libsForQt5.qtdeclarative',
          'libsForQt5.qtmultimedia',
          'libsForQt5.qtsvg',
        ],
        folder: { attribute: 'qtPluginPrefix' },
      },
      {
        name: 'QML2_IMPORT_PATH',
        packages: ['libsForQt5.qtdeclarative', 'libsForQt5.qtmultimedia', 'libsForQt5.qtquickcontrols2'],
        folder: { attribute: 'qtQmlPrefix' },
      },
    ],
    hooks: [],
  },
  {
    // Qt 6 looks in what is on PATH, where modules without programs are not:
    // https://github.com/NixOS/nixpkgs/tree/master/pkgs/development/libraries/qt-6/modules/qtbase
    attributes: ['qt6.qtbase'],
    variables: [
      {
        name: 'QT_PLUGIN_PATH',
        packages: ['qt6.qtimageformats', 'qt6.qtmultimedia', 'qt6.qtspeech', 'qt6.qtsvg'],
        folder: { path: '/lib/qt-6/plugins' },
      },
      {
        name: 'QML_IMPORT_PATH',
        packages: [
          'qt6.qt3d',
          'qt6.qt5compat',
          'qt6.qtcharts',
          'qt6.qtdatavis3d',
          'qt6.qtdeclarative',
          'qt6.qtgraphs',
          'qt6.qtlocation',
          'qt6.qtlottie',
          'qt6.qtmultimedia',
          'qt6.qtpositioning',
          'qt6.qtquick3d',
          'qt6.qtremoteobjects',
          'qt6.qtscxml',
          'qt6.qtsensors',
          'qt6.qtspeech',
          'qt6.qtvirtualkeyboard',
          'qt6.qtwebchannel',
          'qt6.qtwebengine',
          'qt6.qtwebsockets',
        ],
        folder: { path: '/lib/qt-6/qml' },
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
    const { systems, because } = found;
    for (const { name, packages, folder } of rule.variables) {
      // A package that fewer systems have would fail on the others.
      const value = libraries
        .filter((each) => packages.includes(each.attribute) && String(each.systems) === String(systems))
        .flatMap(({ key }, index) => [
          ...(index === 0 ? [] : [':']),
          ...('path' in folder
            ? [{ package: key, ...folder }]
            : [
                { package: key, attribute: 'bin', path: '/' },
                { package: found.key, ...folder, path: '' },
              ]),
        ]);
      if (value.length > 0) variables.push({ name, value, systems, because });
    }
    append(
      hooks,
      rule.hooks.map((id) => ({ id, because })),
    );
  }
  return { variables, hooks };
}

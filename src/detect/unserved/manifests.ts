/**
 * Manifests of ecosystems that nidify does not serve: they are told of, so that nobody takes silence for an answer. The
 * address of each row is where its names are documented. Tiny and static: part of the claims.
 */
export interface UnservedEcosystem {
  name: string;
  /** Exact names of files. */
  names?: readonly string[];
  /** Endings, with their dot. */
  endings?: readonly string[];
  /** Attributes of nixpkgs that bring its compiler and its build tool. */
  packages?: readonly string[];
}

export const unservedEcosystems: readonly UnservedEcosystem[] = [
  // https://docs.agda-lang.org/en/latest/tools/package-system.html
  { name: 'Agda', endings: ['.agda-lib'] },
  // https://www.anchor-lang.com/docs/references/anchor-toml
  { name: 'Anchor (Solana)', names: ['Anchor.toml'] },
  // https://arduino.github.io/arduino-cli/latest/sketch-specification/
  { name: 'Arduino', names: ['sketch.yaml'], endings: ['.ino'] },
  // https://ballerina.io/learn/package-references/
  { name: 'Ballerina', names: ['Ballerina.toml'] },
  // https://github.com/boot-clj/boot/wiki
  { name: 'Boot (Clojure)', names: ['build.boot'] },
  // https://github.com/bower/spec/blob/master/json.md
  { name: 'Bower', names: ['bower.json'] },
  // https://buck2.build/docs/concepts/buckconfig/
  { name: 'Buck', names: ['.buckconfig'], packages: ['buck2'] },
  // https://docs.swmansion.com/scarb/docs/reference/manifest.html
  { name: 'Cairo', names: ['Scarb.toml'] },
  // https://github.com/Carthage/Carthage/blob/master/Documentation/Artifacts.md
  { name: 'Carthage', names: ['Cartfile'] },
  // https://guides.cocoapods.org/using/the-podfile.html
  { name: 'CocoaPods', names: ['Podfile'] },
  // https://asdf.common-lisp.dev/asdf.html, https://github.com/fukamachi/qlot
  { name: 'Common Lisp', names: ['qlfile'], endings: ['.asd'], packages: ['sbcl'] },
  // https://dub.pm/dub-reference/recipe/
  { name: 'D', names: ['dub.json', 'dub.sdl'], packages: ['ldc', 'dub'] },
  // https://defold.com/manuals/project-settings/
  { name: 'Defold', names: ['game.project'] },
  // https://package.elm-lang.org and https://github.com/elm/compiler/tree/master/docs/elm.json
  { name: 'Elm', names: ['elm.json'], packages: ['elmPackages.elm'] },
  // https://cask.readthedocs.io/en/latest/guide/dsl.html, https://emacs-eask.github.io/DSL/
  { name: 'Emacs Lisp', names: ['Cask', 'Eask'] },
  // https://docs.espressif.com/projects/idf-component-manager/en/latest/reference/manifest_file.html
  { name: 'ESP-IDF', names: ['idf_component.yml'] },
  // https://getfoundry.sh/config/overview
  { name: 'Foundry (Solidity)', names: ['foundry.toml'] },
  // https://futhark.readthedocs.io/en/latest/package-management.html
  { name: 'Futhark', names: ['futhark.pkg'] },
  // https://docs.godotengine.org/en/stable/classes/class_projectsettings.html
  { name: 'Godot', names: ['project.godot'] },
  // https://lib.haxe.org/documentation/creating-a-haxelib-package/
  { name: 'Haxe', names: ['haxelib.json'], packages: ['haxe'] },
  // https://idris2.readthedocs.io/en/latest/reference/packages.html
  { name: 'Idris', endings: ['.ipkg'] },
  // https://github.com/leanprover/lean4/tree/master/src/lake
  { name: 'Lean', names: ['lakefile.lean', 'lakefile.toml', 'lean-toolchain'] },
  // https://move-book.com/concepts/manifest/
  { name: 'Move', names: ['Move.toml'] },
  // https://noir-lang.org/docs/noir/modules_packages_crates/crates_and_packages
  { name: 'Noir', names: ['Nargo.toml'] },
  // https://wiki.freepascal.org/File_extensions
  { name: 'Pascal', endings: ['.lpi', '.lpr'], packages: ['fpc'] },
  // https://docs.platformio.org/en/latest/projectconf/index.html
  { name: 'PlatformIO', names: ['platformio.ini'] },
  // https://github.com/ponylang/corral
  { name: 'Pony', names: ['corral.json'] },
  // https://premake.github.io/docs/Your-First-Script
  { name: 'Premake', names: ['premake5.lua'], packages: ['premake5'] },
  // https://github.com/purescript/spago
  { name: 'PureScript', names: ['spago.yaml', 'spago.dhall'], packages: ['purescript', 'spago'] },
  // https://doc.qt.io/qbs/writing-projects.html
  { name: 'Qbs', endings: ['.qbs'] },
  // https://docs.raku.org/language/distributions/configuration-structure
  { name: 'Raku', names: ['META6.json'] },
  // https://rocq-prover.org/refman/practical-tools/utilities.html
  { name: 'Rocq (Coq)', names: ['_CoqProject', '_RocqProject'] },
  // https://developer.salesforce.com/docs/atlas.en-us.sfdx_dev.meta/sfdx_dev/sfdx_dev_ws_config.htm
  { name: 'Salesforce', names: ['sfdx-project.json'] },
  // https://scons.org/doc/production/HTML/scons-user.html
  { name: 'SCons', names: ['SConstruct'] },
  // https://docs.unity3d.com/Manual/version-control.html
  { name: 'Unity', names: ['ProjectVersion.txt'] },
  // https://dev.epicgames.com/documentation/en-us/unreal-engine/managing-game-code-in-unreal-engine
  { name: 'Unreal Engine', endings: ['.uproject'] },
  // https://docs.vlang.io/modules.html
  { name: 'V', names: ['v.mod'], packages: ['vlang'] },
  // https://wasp.sh/docs/general/language
  { name: 'Wasp', names: ['main.wasp', 'main.wasp.ts'] },
  // https://xmake.io/guide/quick-start.html
  { name: 'Xmake', names: ['xmake.lua'], packages: ['xmake'] },
  // https://docs.zephyrproject.org/latest/develop/west/manifest.html
  { name: 'Zephyr', names: ['west.yml'] },
];

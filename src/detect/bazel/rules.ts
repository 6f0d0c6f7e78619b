/**
 * Languages by the rules that build them: modules of https://registry.bazel.build, and the names that their
 * documentation gives them in a WORKSPACE file.
 */
export interface RuleSet {
  /** Canonical id of the toolchain. */
  toolchain: string;
  /** The most characteristic first. */
  languages: readonly string[];
  names: readonly string[];
  /** Endings of its sources: rules are often named only for what others of them need. */
  sources: RegExp;
  /** Calls that pin its toolchain, and the key of the version in them. */
  pins: readonly { call: RegExp; key: string }[];
}

export const ruleSets: readonly RuleSet[] = [
  {
    toolchain: 'go',
    languages: ['go'],
    names: ['rules_go', 'io_bazel_rules_go'],
    sources: /\.go$/,
    pins: [{ call: /^(go_sdk\.(download|wrap)|go_register_toolchains|go_download_sdk)$/, key: 'version' }],
  },
  {
    toolchain: 'python',
    languages: ['python'],
    names: ['rules_python', 'aspect_rules_py'],
    sources: /\.py$/,
    pins: [{ call: /^(python\.toolchain|python_register_toolchains)$/, key: 'python_version' }],
  },
  {
    toolchain: 'node',
    languages: ['node'],
    names: [
      'aspect_rules_js',
      'aspect_rules_ts',
      'rules_nodejs',
      'build_bazel_rules_nodejs',
      'rules_js',
      'aspect_rules_webpack',
    ],
    sources: /\.[cm]?[jt]sx?$/,
    pins: [
      { call: /^(node\.toolchain|node(js)?_register_toolchains|node_repositories)$/, key: 'node_version' },
    ],
  },
  {
    toolchain: 'rust',
    languages: ['rust'],
    names: ['rules_rust'],
    sources: /\.rs$/,
    pins: [{ call: /^(rust\.toolchain|rust_register_toolchains|rust_repositories)$/, key: 'versions' }],
  },
  {
    toolchain: 'java',
    languages: ['kotlin', 'java'],
    names: ['rules_kotlin', 'io_bazel_rules_kotlin'],
    sources: /\.kt$/,
    pins: [],
  },
  {
    toolchain: 'java',
    languages: ['scala', 'java'],
    names: ['rules_scala', 'io_bazel_rules_scala'],
    sources: /\.scala$/,
    pins: [],
  },
  {
    toolchain: 'java',
    languages: ['java'],
    names: ['rules_java', 'rules_jvm_external', 'contrib_rules_jvm'],
    sources: /\.java$/,
    pins: [],
  },
  { toolchain: 'ruby', languages: ['ruby'], names: ['rules_ruby'], sources: /\.rb$/, pins: [] },
  {
    toolchain: 'dotnet',
    languages: ['dotnet'],
    names: ['rules_dotnet'],
    sources: /\.(cs|fs)$/,
    pins: [],
  },
  { toolchain: 'swift', languages: ['swift'], names: ['rules_swift'], sources: /\.swift$/, pins: [] },
];

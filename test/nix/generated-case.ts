/** A project that is generated for, and what its environment must then do. */
export interface Case {
  name: string;
  files: Record<string, string>;
  /** Commands, and what they print: `{id}` is the version that the plan names. In every way to enter, of every Nix. */
  prints: Record<string, string | RegExp>;
  /**
   * The same for what takes longer, in one shell and in the folder that anything can enter. `{build}` and the
   * like in a command are those that the plan has for the project.
   */
  builds?: Record<string, string | RegExp>;
}

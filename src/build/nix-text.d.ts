/** The text of a Nix file, bundled (scripts/build/texts.ts). */
declare module '*.nix' {
  const text: string;
  export default text;
}

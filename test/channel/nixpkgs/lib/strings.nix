{ lib }:
let
  inherit (builtins)
    elemAt
    length
    stringLength
    substring
    ;
in
rec {
  inherit (builtins)
    compareVersions
    concatStringsSep
    match
    replaceStrings
    split
    splitVersion
    stringLength
    substring
    ;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStrings (map f list);
  concatMapStringsSep =
    separator: f: list:
    concatStringsSep separator (map f list);
  concatImapStrings = f: list: concatStrings (lib.imap1 f list);
  concatLines = concatMapStrings (line: line + "\n");
  optionalString = condition: string: if condition then string else "";

  hasPrefix = prefix: string: substring 0 (stringLength prefix) string == prefix;
  hasSuffix =
    suffix: string:
    let
      start = stringLength string - stringLength suffix;
    in
    start >= 0 && substring start (stringLength string) string == suffix;
  hasInfix = infix: string: length (splitString infix string) > 1;
  removePrefix =
    prefix: string:
    if hasPrefix prefix string then
      substring (stringLength prefix) (stringLength string) string
    else
      string;
  removeSuffix =
    suffix: string:
    if hasSuffix suffix string then
      substring 0 (stringLength string - stringLength suffix) string
    else
      string;
  splitString =
    separator: string:
    builtins.filter builtins.isString (split (escapeRegex separator) (toString string));
  stringToCharacters = string: builtins.genList (i: substring i 1 string) (stringLength string);
  trim =
    string:
    let
      inner = match "[ \t\r\n]*(.*[^ \t\r\n])[ \t\r\n]*" string;
    in
    if inner == null then "" else builtins.head inner;
  fileContents = file: removeSuffix "\n" (builtins.readFile file);

  lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  toLower = replaceStrings upperChars lowerChars;
  toUpper = replaceStrings lowerChars upperChars;

  escape = chars: replaceStrings chars (map (char: "\\${char}") chars);
  escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
  escapeNixString = string: escape [ "$" ] (builtins.toJSON string);
  escapeShellArg =
    value:
    let
      string = toString value;
    in
    if match "[[:alnum:],._+:@%/-]+" string != null then
      string
    else
      "'${replaceStrings [ "'" ] [ "'\\''" ] string}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
  toShellVar =
    name: value:
    if builtins.isAttrs value && !(value ? outPath) then
      let
        entry = key: item: "[${escapeShellArg key}]=${escapeShellArg item}";
      in
      "declare -A ${name}=(${concatStringsSep " " (lib.mapAttrsToList entry value)})"
    else if builtins.isList value then
      "declare -a ${name}=(${escapeShellArgs value})"
    else
      "${name}=${escapeShellArg value}";
  toShellVars = vars: concatStringsSep "\n" (lib.mapAttrsToList toShellVar vars);
  sanitizeDerivationName =
    string:
    concatMapStrings (part: if builtins.isList part then "-" else part) (
      split "[^[:alnum:]+._?=-]+" string
    );

  versionOlder = a: b: compareVersions b a == 1;
  versionAtLeast = a: b: !versionOlder a b;
  versions = {
    major = version: elemAt (splitVersion version) 0;
    minor = version: elemAt (splitVersion version) 1;
    majorMinor = version: concatStringsSep "." (lib.take 2 (splitVersion version));
  };
  toInt =
    string:
    let
      number = builtins.fromJSON string;
    in
    if builtins.isInt number then number else throw "toInt: ${string} is not an integer";
  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  generators = {
    toJSON = _: builtins.toJSON;
    toKeyValue =
      {
        mkKeyValue ? (key: value: "${key}=${toString value}"),
      }:
      attrs:
      concatLines (lib.mapAttrsToList mkKeyValue attrs);
  };
}

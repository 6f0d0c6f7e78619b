{ release }:
rec {
  inherit (builtins)
    add
    deepSeq
    functionArgs
    fromJSON
    isAttrs
    isBool
    isFloat
    isFunction
    isInt
    isList
    isPath
    isString
    lessThan
    mul
    pathExists
    readFile
    seq
    sub
    toJSON
    toString
    trace
    typeOf
    unsafeDiscardStringContext
    ;

  version = release;
  inherit release;

  id = x: x;
  const = x: _: x;
  flip =
    f: a: b:
    f b a;
  pipe = builtins.foldl' (value: f: f value);
  mergeAttrs = x: y: x // y;
  boolToString = x: if x then "true" else "false";
  min = x: y: if x < y then x else y;
  max = x: y: if x > y then x else y;
  mod = x: y: x - y * (x / y);
  isNull = x: x == null;

  fix =
    f:
    let
      x = f x;
    in
    x;
  extends =
    overlay: f: final:
    let
      prev = f final;
    in
    prev // overlay final prev;
  composeExtensions =
    f: g: final: prev:
    let
      first = f final prev;
    in
    first // g final (prev // first);
  composeManyExtensions = builtins.foldl' composeExtensions (_: _: { });

  importJSON = path: fromJSON (readFile path);
  importTOML = path: builtins.fromTOML (readFile path);

  warn = message: value: trace "evaluation warning: ${message}" value;
  warnIf = condition: message: if condition then warn message else id;
  throwIf = condition: message: if condition then throw message else id;
  throwIfNot = condition: throwIf (!condition);
  assertMsg = condition: message: condition || throw message;

  setFunctionArgs = f: args: {
    __functor = _: f;
    __functionArgs = args;
  };
  isFunctionLike = f: isFunction f || f ? __functor;
}

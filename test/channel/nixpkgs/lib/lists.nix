{ lib }:
rec {
  inherit (builtins)
    all
    any
    concatLists
    concatMap
    elem
    elemAt
    filter
    foldl'
    genList
    groupBy
    head
    length
    map
    partition
    sort
    tail
    ;

  foldr =
    op: nul: list:
    let
      go = i: if i == length list then nul else op (elemAt list i) (go (i + 1));
    in
    go 0;
  fold = foldr;
  singleton = x: [ x ];
  toList = x: if builtins.isList x then x else [ x ];
  optional = condition: x: if condition then [ x ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  flatten = x: if builtins.isList x then concatMap flatten x else [ x ];
  unique = foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];
  remove = x: filter (y: y != x);
  subtractLists = excluded: filter (x: !(elem x excluded));
  intersectLists = other: filter (x: elem x other);
  count = predicate: list: length (filter predicate list);
  findFirst =
    predicate: default: list:
    let
      found = filter predicate list;
    in
    if found == [ ] then default else head found;
  forEach = list: f: map f list;

  take = n: list: genList (elemAt list) (lib.min n (length list));
  drop =
    n: list:
    let
      rest = lib.max 0 (length list - n);
    in
    genList (i: elemAt list (i + length list - rest)) rest;
  last = list: elemAt list (length list - 1);
  init = list: take (length list - 1) list;
  reverseList = list: genList (i: elemAt list (length list - i - 1)) (length list);
  range = first: final: if first > final then [ ] else genList (n: first + n) (final - first + 1);
  imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
  imap1 = f: imap0 (i: f (i + 1));
  zipListsWith =
    f: first: second:
    genList (i: f (elemAt first i) (elemAt second i)) (lib.min (length first) (length second));
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });
}

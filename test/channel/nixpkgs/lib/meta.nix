{ lib }:
rec {
  licenses = lib.mapAttrs (shortName: attrs: { inherit shortName; } // attrs) {
    mit.free = true;
    asl20.free = true;
    bsd3.free = true;
    isc.free = true;
    gpl2.free = true;
    gpl3.free = true;
    free = {
      free = true;
      fullName = "Unspecified free software license";
    };
    unfree.free = false;
    unfreeRedistributable.free = false;
  };
  maintainers = { };
  platforms = {
    linux = [
      "x86_64-linux"
      "aarch64-linux"
    ];
    darwin = [
      "x86_64-darwin"
      "aarch64-darwin"
    ];
    unix = platforms.linux ++ platforms.darwin;
    all = platforms.unix;
  };
}

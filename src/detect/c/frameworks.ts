/** Frameworks by the names that builds look them up by; a port only where one is listened on without being told. */
export const cFrameworks: readonly { id: string; keys: RegExp; port?: number }[] = [
  { id: 'qt', keys: /^(cmake:(Qt[56]|QT)|meson:qt[56]$)/ },
  { id: 'gtk', keys: /^pkg-config:(gtk\+-3\.0|gtk4|gtkmm-[34]\.0)$/ },
  { id: 'sdl', keys: /^(cmake:SDL[23]$|pkg-config:sdl[23]$|library:SDL[23]$)/ },
  { id: 'raylib', keys: /^(cmake|pkg-config|library):raylib$/ },
  { id: 'sfml', keys: /^cmake:SFML$/ },
  { id: 'wxwidgets', keys: /^cmake:wxWidgets$/ },
  { id: 'opencv', keys: /^(cmake:OpenCV|pkg-config:opencv4)$/ },
  { id: 'boost', keys: /^(cmake|meson):[Bb]oost$/ },
  { id: 'grpc', keys: /^cmake:gRPC$/ },
  { id: 'drogon', keys: /^cmake:Drogon$/ },
  { id: 'crow', keys: /^cmake:Crow$/ },
  { id: 'poco', keys: /^cmake:Poco$/ },
];

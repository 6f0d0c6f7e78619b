#include <node_api.h>
#include <zlib.h>

static napi_value read_version(napi_env env, napi_callback_info info) {
  napi_value result;
  napi_create_string_utf8(env, zlibVersion(), NAPI_AUTO_LENGTH, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "zlibVersion", NAPI_AUTO_LENGTH, read_version, NULL, &function);
  napi_set_named_property(env, exports, "zlibVersion", function);
  return exports;
}

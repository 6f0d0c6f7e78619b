#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <openssl/crypto.h>

static PyObject *openssl_version(PyObject *self, PyObject *args) {
  return PyUnicode_FromString(OpenSSL_version(OPENSSL_VERSION));
}

static PyMethodDef methods[] = {
    {"openssl_version", openssl_version, METH_NOARGS, "The version of OpenSSL that is linked."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "extension", NULL, -1, methods};

PyMODINIT_FUNC PyInit_extension(void) { return PyModule_Create(&module); }

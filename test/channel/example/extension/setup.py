import shlex
import subprocess

from setuptools import Extension, setup


def pkg_config(option):
    return shlex.split(subprocess.run(["pkg-config", option, "openssl"], check=True, capture_output=True, text=True).stdout)


setup(
    ext_modules=[
        Extension("extension", ["extension.c"], extra_compile_args=pkg_config("--cflags"), extra_link_args=pkg_config("--libs")),
    ],
)

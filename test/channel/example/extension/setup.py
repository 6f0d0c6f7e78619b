import shlex
import subprocess

from setuptools import Extension, setup


def pkg_config(option):
    return shlex.split(subprocess.check_output(["pkg-config", option, "openssl"], text=True))


setup(
    ext_modules=[
        Extension(
            "extension",
            ["extension.c"],
            extra_compile_args=pkg_config("--cflags"),
            extra_link_args=pkg_config("--libs"),
        ),
    ],
)

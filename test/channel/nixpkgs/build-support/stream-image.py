"""stream-image.py LAYOUT.json: writes an image in docker's archive format, the same bytes each time."""

import hashlib
import io
import json
import os
import sys
import tarfile
import threading


def read_registration(path):
    """The closure: {store path: the paths that it refers to}."""
    with open(path) as file:
        lines = file.read().split("\n")
    references = {}
    position = 0
    while position + 4 < len(lines):
        count = int(lines[position + 4])
        references[lines[position]] = lines[position + 5 : position + 5 + count]
        position += 5 + count
    return references


def group_layers(references, most):
    """One layer per store path, the most used first; what is left over shares the last."""
    uses = dict.fromkeys(references, 0)
    for path, targets in references.items():
        for target in targets:
            if target in uses and target != path:
                uses[target] += 1
    order = sorted(references, key=lambda path: (-uses[path], path))
    groups = [[path] for path in order[: most - 1]]
    return groups + ([order[most - 1 :]] if order[most - 1 :] else [])


class Digest:
    """A file that counts and hashes what is written, and may pass it on."""

    def __init__(self, target=None):
        self.sha256 = hashlib.sha256()
        self.size = 0
        self.target = target

    def write(self, data):
        self.sha256.update(data)
        self.size += len(data)
        if self.target:
            self.target.write(data)
        return len(data)


class Image:
    def __init__(self, layout):
        self.layout = layout
        with open(layout["config"]) as file:
            self.config = json.load(file)
        references = read_registration(layout["registration"]) if layout["registration"] else {}
        for path in layout["skip"]:
            references.pop(path, None)
        # the last layer holds the customisation
        groups = group_layers(references, max(1, layout["max_layers"] - 1))
        self.layers = [lambda tar, paths=paths: self.add_store(tar, paths) for paths in groups]
        self.comments = [f"store paths: {[os.path.basename(path) for path in paths]}" for paths in groups]
        self.layers.append(self.add_customisation)
        self.comments.append("contents")

    def plain(self, entry):
        """Without time and owner, so that the image does not depend on who makes it when."""
        entry.mtime = 1
        entry.uid, entry.gid = self.layout["uid"], self.layout["gid"]
        entry.uname = entry.gname = "root"
        return entry

    def add_tree(self, tar, path, name):
        entry = tar.gettarinfo(path, name)
        if entry.islnk():
            # the store hard-links equal files
            entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", os.path.getsize(path)
        if entry.isreg():
            with open(path, "rb") as file:
                tar.addfile(self.plain(entry), file)
        else:
            tar.addfile(self.plain(entry))
        if entry.isdir():
            for child in sorted(os.listdir(path)):
                self.add_tree(tar, f"{path}/{child}", f"{name}/{child}")

    def add_store(self, tar, paths):
        for name in ("nix", "nix/store"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(self.plain(entry))
        for path in paths:
            self.add_tree(tar, path, path.lstrip("/"))

    def add_customisation(self, tar):
        root = self.layout["customisation"]
        for name in sorted(os.listdir(root)):
            self.add_tree(tar, f"{root}/{name}", name)

    @staticmethod
    def write_layer(add, target):
        with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT, bufsize=1 << 20) as tar:
            add(tar)

    def write(self, output):
        digests = []
        for add in self.layers:
            digest = Digest()
            self.write_layer(add, digest)
            digests.append(digest)
        names = [digest.sha256.hexdigest() for digest in digests]
        self.config["rootfs"] = {"type": "layers", "diff_ids": [f"sha256:{name}" for name in names]}
        created = self.config["created"]
        self.config["history"] = [{"created": created, "comment": comment} for comment in self.comments]
        config = json.dumps(self.config, sort_keys=True).encode()
        identity = hashlib.sha256(config).hexdigest()
        manifest = {
            "Config": f"{identity}.json",
            "RepoTags": [f"{self.layout['repository']}:{self.layout['tag'] or identity[:32]}"],
            "Layers": [f"{name}/layer.tar" for name in names],
        }
        with tarfile.open(fileobj=output, mode="w|", format=tarfile.PAX_FORMAT, bufsize=1 << 20) as tar:
            for add, name, digest in zip(self.layers, names, digests):
                self.copy_layer(tar, add, f"{name}/layer.tar", digest.size)
            self.add_bytes(tar, f"{identity}.json", config)
            self.add_bytes(tar, "manifest.json", json.dumps([manifest]).encode())

    def copy_layer(self, tar, add, name, size):
        """The layer once more, through a pipe: an image can be larger than memory."""
        reader, writer = os.pipe()

        def produce():
            with os.fdopen(writer, "wb") as file:
                self.write_layer(add, file)

        thread = threading.Thread(target=produce)
        thread.start()
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o644
        with os.fdopen(reader, "rb") as file:
            tar.addfile(self.plain(entry), file)
            file.read()
        thread.join()

    def add_bytes(self, tar, name, data):
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o644
        tar.addfile(self.plain(entry), io.BytesIO(data))


with open(sys.argv[1]) as layout_file:
    Image(json.load(layout_file)).write(sys.stdout.buffer)

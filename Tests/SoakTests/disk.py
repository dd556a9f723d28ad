"""Filesystems on files: small ones, that can be full, and whose power can be cut."""

import errno
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

import pytest

# EXT4_IOC_SHUTDOWN of linux/ext4.h, and its flag that drops what the journal has not written yet.
SHUTDOWN = 0x8004587D
WITHOUT_FLUSHING = struct.pack("I", 2)


class Disk:
    """An ext4 filesystem of so many megabytes, mounted at `folder`."""

    def __init__(self, megabytes):
        with open("/proc/self/uid_map") as file:
            if file.read().split() != ["0", "0", "4294967295"]:
                pytest.skip("mounting a file needs root: full disks and power cuts are not tested")
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="pcd-", dir="/tmp"))
        self.folder = self.place / "mounted"
        self.folder.mkdir()
        self.file = self.place / "disk"
        with open(self.file, "wb") as file:
            file.truncate(megabytes << 20)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", self.file], check=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.file, self.folder], check=True)

    def unmount(self):
        subprocess.run(["umount", self.folder], check=True)

    def cut_power(self):
        """What was not synchronised is gone with the next unmounting; until then every access fails."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_FLUSHING)
        os.close(descriptor)

    def fill(self, leaving=0):
        """Takes every block that is left, but for so many bytes."""
        with open(self.folder / "filler", "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
            os.truncate(file.fileno(), file.tell() - leaving)
            os.fsync(file.fileno())

    def make_space(self):
        os.unlink(self.folder / "filler")

    def remove(self):
        if os.path.ismount(self.folder):
            # Lazily: what a failed test has left open would keep it.
            subprocess.run(["umount", "--lazy", self.folder], check=True)
        shutil.rmtree(self.place)

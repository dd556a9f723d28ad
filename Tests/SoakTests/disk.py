"""Small filesystems in files, which can be filled, and whose power can be cut."""

import errno
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

import pytest

# EXT4_IOC_SHUTDOWN of linux/ext4.h, and its flag that discards what the journal has not written yet.
SHUTDOWN = 0x8004587D
WITHOUT_FLUSHING = struct.pack("I", 2)


class Disk:
    """An ext4 filesystem of a number of megabytes, with blocks of a number of bytes, mounted at `directory`."""

    def __init__(self, megabytes, block=4096):
        with open("/proc/self/uid_map") as file:
            if file.read().split() != ["0", "0", "4294967295"]:
                pytest.skip("mounting a file needs root: full disks and power cuts are not tested")
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="pcd-", dir="/tmp"))
        self.directory = self.place / "mounted"
        self.directory.mkdir()
        self.file = self.place / "disk"
        with open(self.file, "wb") as file:
            file.truncate(megabytes << 20)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-b", str(block), self.file], check=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.file, self.directory], check=True)

    def unmount(self):
        subprocess.run(["umount", self.directory], check=True)

    def cut_power(self):
        """Discards what was not synchronised. Every access fails until the next unmounting."""
        descriptor = os.open(self.directory, os.O_RDONLY)
        fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_FLUSHING)
        os.close(descriptor)

    def fill(self, leaving=0):
        """Takes every free block except for a number of bytes."""
        with open(self.directory / "filler", "ab", buffering=0) as file:
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
        os.unlink(self.directory / "filler")

    def remove(self):
        if os.path.ismount(self.directory):
            # Lazily, because a failed test may have left files open.
            subprocess.run(["umount", "--lazy", self.directory], check=True)
        shutil.rmtree(self.place)

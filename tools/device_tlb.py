"""The device with a device TLB (tools/ats/): a program behind a vhost-user device of one QEMU, started and ended with it."""
import socket
import subprocess
import tempfile

# virtio-pci is a PCI Express device, and so has ATS, below a port only.
DEVICE = ('-device', 'pcie-root-port,id=atsport,chassis=1,addr=8',
          '-device', 'vhost-user-rng-pci,bus=atsport,chardev=ats,iommu_platform=on,ats=on')
PATIENCE_S = 5


class DeviceTlb:
    """Give QEMU `words` and `fds`, call started() once it has them, and close() when it is over."""

    def __init__(self, program):
        self.said = tempfile.TemporaryFile()
        ours, self.theirs = socket.socketpair()
        with ours:
            fd = ours.fileno()
            self.process = subprocess.Popen([program, str(fd)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=self.said, pass_fds=[fd])
        self.fds = [self.theirs.fileno()]
        self.words = ['-chardev', 'socket,id=ats,fd=%d' % self.theirs.fileno(), *DEVICE]

    def started(self):
        """From now on the program sees QEMU's end."""
        self.theirs.close()

    def close(self):
        """Ends it, whatever it does; returns what is wrong with how it ended, a sentence each."""
        self.theirs.close()
        try:
            status = self.process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = 'none within %g s of its end of the connection' % PATIENCE_S
        self.said.seek(0)
        said = self.said.read().decode('utf-8', 'replace').splitlines()
        self.said.close()
        if status != 0 and not said:
            said = ['status %s' % status]
        return ['the device with a device TLB: ' + line for line in said]

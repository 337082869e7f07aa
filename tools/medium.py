"""The medium of an emulated NVMe drive: an image that is made before a run, and that no run may change."""
import os

SIZE = 1 << 20
BLOCK = 512


def pattern():
    """Each word another: a block that moved, or came back as zeros, is seen too."""
    return b''.join((word * 0x9e3779b97f4a7c15 % 2**64).to_bytes(8, 'little') for word in range(1, SIZE // 8 + 1))


def make(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as image:
        image.write(pattern())


def damage(path):
    """What is not as make() left it: sentences, none if nothing is."""
    try:
        with open(path, 'rb') as image:
            now = image.read()
    except OSError as error:
        return ['the medium of the NVMe drive cannot be read any more: %s' % error.strerror]
    was = pattern()
    if len(now) != len(was):
        return ['the medium of the NVMe drive has %d bytes and had %d' % (len(now), len(was))]
    changed = [at for at in range(0, SIZE, BLOCK) if now[at:at + BLOCK] != was[at:at + BLOCK]]
    if not changed:
        return []
    return ['the medium of the NVMe drive was changed: %d of %d blocks, the first is block %d'
            % (len(changed), SIZE // BLOCK, changed[0] // BLOCK)]

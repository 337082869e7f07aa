#!/usr/bin/env python3
"""Boot shootdown in QEMU, show its log as it comes, and say in the end whether the run was complete and good."""
import argparse
import os
import re
import shlex
import signal
import sys

import boot
import qemu


def options():
    it = argparse.ArgumentParser(description=__doc__)
    it.add_argument('--qemu', help='a path, or a name in .qemu: newest, stable, 11.1 (default: the best there is)')
    it.add_argument('--firmware', choices=qemu.FIRMWARES, help='none: QEMU -kernel, no loader, the default with kvm; else seabios')
    it.add_argument('--cpus', type=int, default=4)
    it.add_argument('--cpu-model', default='max', help='for QEMU -cpu')
    it.add_argument('--memory', default='1G')
    it.add_argument('--iommu', choices=qemu.IOMMUS, default='scalable-fs')
    it.add_argument('--caching-mode', action='store_true', help='a unit that says CAP.CM=1')
    it.add_argument('--engine-devices', help='of testdev, xhci, edu, nvme, late (its medium is slow), cmb (nvme, with memory that others reach), ats (with a device TLB) and virtio-net (virtual functions, with SRIOV), with commas; or none (default testdev,xhci)')
    it.add_argument('--ats', action='store_true', help='ats beside the default ones, where this machine can have it')
    it.add_argument('--accel', choices=('tcg', 'tcg,thread=single', 'kvm'), default='tcg')
    it.add_argument('--args', default='', help="words for the kernel's command line")
    it.add_argument('--iso', help='the image to boot (default build/shootdown.iso)')
    it.add_argument('--elf', help='the kernel for --firmware none (default build/shootdown.elf)')
    it.add_argument('--key', help="press this key, as QEMU's sendkey calls it, until the kernel speaks: an entry of the menu")
    it.add_argument('--answer', help='press this key when the run is over and asks for one')
    it.add_argument('--log', help='keep all serial output in this file')
    it.add_argument('--deadline', type=float, default=300, metavar='S', help='end the whole run after S seconds, and the minutes of soak=')
    it.add_argument('--silence', type=float, default=60, metavar='S', help='end it when nothing is heard for S seconds')
    it.add_argument('--command', action='store_true', help="print QEMU's command line and do not run it")
    it.add_argument('extra', nargs='*', help="more words for QEMU's command line, after --")
    return it.parse_args()


def machine(given):
    chosen = given.engine_devices or 'testdev,xhci'
    engines = [] if chosen == 'none' else chosen.split(',')
    unknown = [name for name in engines if name not in ('testdev', 'xhci', 'edu', 'nvme', 'late', 'cmb', 'ats', 'virtio-net')]
    if unknown:
        raise qemu.Trouble('--engine-devices does not know %s: say testdev, xhci, edu, nvme, late, cmb, ats or virtio-net, or several with commas, or none' % unknown[0])
    if not 1 <= given.cpus <= 1024:
        raise qemu.Trouble('--cpus %d: say 1 to 1024' % given.cpus)
    files = {name: os.path.abspath(path) for name, path in (('iso', given.iso), ('elf', given.elf)) if path}
    # In a nested KVM a loader may take half a minute for what it reads byte by byte from ports.
    firmware = given.firmware or ('none' if given.accel == 'kvm' else 'seabios')
    return qemu.Machine(firmware=firmware, cpus=given.cpus, cpu_model=given.cpu_model, memory=given.memory,
                        iommu=given.iommu, caching_mode=given.caching_mode, engines=engines, accel=given.accel,
                        args=given.args, extra=given.extra, **files)


def patience(given):
    """A soak is longer than what else a run may take, and has something to say once a minute only."""
    minutes = sum(int(n) for n in re.findall(r'(?:^|\s)soak=(\d+)', given.args))
    return given.deadline + 60 * minutes, given.silence + (60 if minutes else 0)


def main():
    given = options()
    this = qemu.Qemu(qemu.find(given.qemu))
    what = machine(given)
    try_ats = given.ats and not given.engine_devices
    without = what.no_ats(this) if try_ats else None
    if try_ats and not without:
        what.engines.append('ats')
    command = what.command(this)
    if given.command:
        print(shlex.join(command))
        if 'ats' in what.engines:
            print('run: without the device with a device TLB, which has a program and a socket of its own', file=sys.stderr)
        return 0
    print('# %s' % what.describe(this), flush=True)
    if given.iommu == 'scalable-fs' and not this.has_first_stage:
        print('# this QEMU has no first-stage translation: scalable mode without it', flush=True)
    if without:
        print('# without it: ' + without, flush=True)
    raw = open(given.log, 'wb') if given.log else None
    try:
        run = boot.boot(command, *patience(given), lambda line: print(line, flush=True), raw, given.key, given.answer, what.beside)
    finally:
        if raw:
            raw.close()
    count = run.log.counts()
    numbers = ', '.join('%d %s' % (count[kind], kind) for kind in ('passed', 'failed', 'skipped', 'known'))
    complaints = run.complaints + what.damage()
    if not complaints:
        print('# complete and good: %s; %.1f s; digest %s' % (numbers, run.seconds, run.log.digest()))
        return 0
    if run.incomplete and not run.log.started:
        print('the last that was heard:', *(boot.last_lines(run) or ['  (nothing)']), sep='\n')
    for sentence in complaints:
        print('# bad: ' + sentence)
    print('# NOT GOOD: %s; %.1f s%s' % (numbers, run.seconds, '; log in ' + given.log if given.log else ''))
    return 1


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except qemu.Trouble as trouble:
        sys.exit('run: %s' % trouble)
    except KeyboardInterrupt:
        sys.exit('run: interrupted')
    except BrokenPipeError:
        sys.exit(1)

"""The machines that `make test` boots, and the exact verdict that each must give.

A row's rules are (names, outcome), both globs; the first rule that matches a test counts ('*' and '@cpu' only where nothing is
lacking). Then a test whose needs (as LIST prints them) the machine lacks must be skipped with that reason, and every other one
be what DEVIATIONS of tools/expected.py say, or ok. Outcomes: "ok", "not ok", "skip REASON", "known REASON", "error REASON", "weak REASON". Every
row must run the tests that LIST has, and at least one of each of its FAMILIES.
"""
import fnmatch
import itertools
import os
import re
import struct

import qemu
from expected import (ABSENCE, ATS, BEGIN, BY_ENGINES, BY_WORD, CM, DIRECT, ENTRY, GLOBALS, LEARNS, LEVELS, MARKS,
    NARROW, NOWHERE, NO_CM, NO_DEVICE, NO_RINGS, PASIDS, PCIDS, RACED, READS, REFUSALS, SECOND, STORES, TWO, UPPER_BASELINES, UPPER_CPU, WRITES,
    WRITES_ANY)
from ktap import BAILED, COMPLETE, NOT_OK

# What trial finds at the start of the tests, by how many threads the machine's CPUs have; and why it may not.
TURNS, TOGETHER = ' run at once=1 ', ' run at once=[2-9] '
ALONE = 'no two CPUs of this machine ever ran at once: its races need two processors that nobody else keeps busy'


def second_engine(qemu, engines=('testdev', 'xhci'), args='', extra=(), **_):
    """Does the kernel start two? It does with iommu-testdev, which only the newest has, and where it is told to."""
    there = [name for name in engines if name not in ('cmb', 'late', 'ats') and (name != 'testdev' or qemu == 'newest')] + [word for word in extra if word.startswith('qemu-xhci')]
    there += ['virtio-net.2'] * ('virtio-net' in there)
    return len(there) > 1 and ('ENGINE=all' in args if 'testdev' not in there else not re.search('ENGINE=(?!all)', args))


class Row:
    def __init__(self, name, qemu='newest', rules=(), status=COMPLETE, bail=None, says=(), deadline=120, only='*', rounds=50, lacks=(),
                 no_device=None, key=None, answer=None, end=None, shard=None, cpus=2, racing=False, **machine):
        # Two CPUs where a machine is about something else: three that race on two processors take ten times as long for an order.
        self.name, self.qemu, self.machine = name, qemu, dict(machine, cpus=cpus)
        self.rules = list(rules)
        self.lacks = [PCIDS] + [need for need in NOWHERE if need != ATS or 'ats' not in machine.get('engines', ())] + ['%d CPUs' % n for n in range(cpus + 1, 5)] + list(lacks)
        if not {'testdev', 'xhci'} & set(machine.get('engines', ('xhci',))):
            self.lacks += [DIRECT, LEARNS]
        if 'late' not in machine.get('engines', ()):
            self.lacks.append(BEGIN)
        if 'edu' not in machine.get('engines', ()) and (
                qemu != 'newest' or 'testdev' not in machine.get('engines', ('testdev',)) or re.search('ENGINE=(?!all|iommu-testdev)', machine.get('args', ''))):
            self.lacks.append(NO_RINGS)
        self.lacks.append(ENTRY if machine.get('iommu') == 'legacy' else NARROW)
        self.lacks.append(NO_CM if machine.get('caching_mode') else CM)
        if not second_engine(qemu, **machine):
            self.lacks.append(TWO)
        if qemu != 'stable' or machine.get('iommu'):
            self.lacks.append(PASIDS)
        if machine.get('iommu') != 'scalable':
            self.lacks.append(SECOND)
        self.no_device = no_device  # why no device translates by the CPUs' tables
        self.status = BAILED if bail is not None else status
        self.bail = bail
        self.says = says
        self.only = only  # a glob of tests, or several with commas, where all of them would take too long
        if only != '*':
            self.machine['args'] = ' '.join(['T=' + only] + machine.get('args', '').split())
        # Races with many rounds on the first machines only: the others are about something else.
        if rounds:
            self.machine['args'] = ' '.join(self.machine.get('args', '').split() + ['ROUNDS=%d' % rounds])
        # GRUB takes half a second, and loads the first machines, and those that are about what it gives.
        if 'iso' not in machine:
            self.machine.setdefault('firmware', 'none')
        # Races need a thread for each CPU, and no other machine beside them. Where CPUs take turns on one, steps are quicker.
        turns = cpus > 1 and not racing and '-icount' not in machine.get('extra', ())
        if turns:
            self.machine['accel'] = 'tcg,thread=single'
        self.alone = racing and cpus > 1
        # What trial finds of it at the start of the tests; a machine with a thread for each needs two processors for that.
        if bail is None and (turns or self.alone and (os.cpu_count() or 1) > 1):
            self.says = [*self.says, TURNS if turns else TOGETHER]
        self.shard = shard  # (1, 4): the first quarter of the tests
        if shard:
            self.machine['args'] += ' SHARD=%d/%d' % shard
        self.deadline = deadline
        self.key = key  # that somebody at the screen presses
        self.answer = answer  # and when the run is over
        self.end = end  # what that does to the machine, in QEMU's words

    def tests(self, names):
        """Of all tests those that this machine runs."""
        first, of = self.shard or (1, 1)
        return [name for name in names if any(fnmatch.fnmatchcase(name, only) for only in self.only.split(','))][first - 1::of]

    def missing(self, needs):
        """Of these needs of a test the first that this machine lacks, as its SKIP says it; or None."""
        if self.no_device and set(needs) & set(BY_ENGINES + [ATS, BEGIN]):
            return self.no_device
        return next((need for need in needs if need in self.lacks), None)


# What engines can do, as they must say themselves, and dma_conformance() tries. Only the newest QEMU has iommu-testdev, and the oldest no ats.
ENGINES = {'xhci': 'read,write,any-word,any-address,sync', 'nvme': 'read,write,any-address,async', 'nvme-fetch': 'read,any-address,fetch,async', 'edu': 'read,write,any-word,no-rings,async',
           'iommu-testdev': 'write,any-address,no-rings,sync', 'ats': 'read,write,any-word,ats,async',
           'virtio-net': 'read,write,any-address,async'}
NOT_ON = {'oldstable': ('iommu-testdev', 'ats', 'virtio-net'), 'stable': ('iommu-testdev', 'virtio-net'), 'newest': ()}


def acpi(signature, name, data):
    """A table of firmware's making."""
    path = os.path.join(qemu.BUILD, '%s-%s.bin' % (signature.lower(), name))
    os.makedirs(qemu.BUILD, exist_ok=True)
    with open(path, 'wb') as table:
        table.write(data)
    return ('-acpitable', 'sig=%s,data=%s' % (signature, path))


def dmar(name, *units):
    """Where QEMU has no IOMMU: address width 48 bits, then these structures."""
    return acpi('DMAR', name, struct.pack('<BB10x', 47, 0) + b''.join(units))


def drhd(base, length=16, flags=1):
    return struct.pack('<HHBBHQ', 0, length, flags, 0, 0, base)


def endpoint(device):
    """A scope: of the first bus, function 0."""
    return struct.pack('<BB2xBBBB', 1, 8, 0, 0, device, 0)


IVSHMEM = ('-object', 'memory-backend-ram,id=peer,size=1M', '-device', 'ivshmem-plain,memdev=peer')
# Two that the IOMMU takes for one.
BRIDGED = ('-device', 'pcie-pci-bridge,id=pci,addr=9', '-device', 'qemu-xhci,bus=pci,addr=1', '-device', 'qemu-xhci,bus=pci,addr=2')
SOME = '?01*'  # where a machine is about something else
# A clock that goes by instructions, 1024 ns each: what waits for time on one CPU, which is none the wiser, is over sooner.
QUICK_CLOCK = ('-icount', 'shift=10,sleep=off')
# Version as the runner says it, machine type as SMBIOS does.
PLATFORM = 'platform=qemu version=[0-9]*.[0-9]*.[0-9]* accel=tcg machine="pc-q35-[0-9]*'

# One machine after another through all that is sold: firmware, QEMU, CPUs. Each QEMU has a default run; those with other firmware or
# more CPUs share the tests among them.
SHARED = {('ovmf', 'newest', 4): (1, 3), ('ovmf', 'stable', 4): (2, 3), ('seabios', 'newest', 8): (3, 3)}
WHOLE = [('seabios', 'newest', 4), ('seabios', 'stable', 4), ('seabios', 'newest', 1), ('seabios', 'newest', 2)]
ROWS = [
    Row('%s-%s-%dcpu' % this, firmware=this[0], qemu=this[1], cpus=this[2], says=['cpus online=%d ' % this[2], PLATFORM] + [RACED] * (this in WHOLE[:2]),
        racing=this in WHOLE or this == ('seabios', 'newest', 8), rounds=0 if this in WHOLE[:2] else 50, shard=SHARED.get(this), only='*' if this in WHOLE or this in SHARED else SOME)
    for this in itertools.product(('seabios', 'ovmf'), ('newest', 'stable'), (4, 1, 2, 8))
]
# The kernel without a loader.
ROWS += [
    Row('kernel-newest', only=SOME, firmware='none', says=['loader="pvh']),
    Row('kernel-stable', only=SOME, firmware='none', qemu='stable', says=['loader="pvh']),
]
# The menu of the stick: one chooses, or nobody does.
STICK = os.path.join(qemu.BUILD, 'stick.iso')
LISTED = [('[A-Z]*', 'skip LIST: *')]
ROWS += [
    Row('menu-seabios', iso=STICK, cpus=1, key='l', answer='s', end='guest-shutdown', rules=LISTED, says=['loader="multiboot2: GRUB*cmdline="wait LIST"', 'press a key to reboot, S to shut down']),
    Row('menu-ovmf', iso=STICK, key='3', answer='s', end='guest-shutdown', only='?01*', firmware='ovmf', no_device=BY_WORD, says=['loader="multiboot2: GRUB*cmdline="wait ENGINE=none"', 'press a key to reboot, S to shut down']),
    Row('menu-untouched', iso=STICK, cpus=1, extra=QUICK_CLOCK, args='LIST', answer='r', end='guest-reset', rules=LISTED, says=['loader="multiboot2: GRUB*cmdline="wait"', 'press a key']),
    *(Row('wait-' + name, qemu=name, firmware='none', cpus=1, args='wait LIST', answer='s', end='guest-shutdown', rules=LISTED, says=['S to shut down']) for name in ('oldstable', 'stable')),
    # Nobody says how: S stops, and the keyboard's controller resets.
    *(Row('wait-no-acpi-' + answer, firmware='none', cpus=1, iommu='off', extra=('-machine', 'acpi=off'), args='wait LIST', answer=answer, end=end, rules=LISTED,
          says=['cannot be switched off from here, which needs an FADT', 'press a key to reboot, S to stop']) for answer, end in (('s', None), ('r', 'guest-reset'))),
]
# Debian 12's QEMU: no first stage, 39 bits for devices, no x2APIC, and no iommu-testdev.
ROWS += [
    Row('%s-oldstable-%dcpu' % (firmware, cpus), qemu='oldstable', firmware=firmware, cpus=cpus, racing=firmware == 'seabios', lacks=MARKS, only=SOME if firmware == 'ovmf' else '*',
        says=['cpus online=%d apic=xapic ' % cpus, LEVELS % 3, PLATFORM])
    for firmware, cpus in (('seabios', 4), ('ovmf', 2), ('none', 1))
]
ROWS += [
    Row('legacy-oldstable', iommu='legacy', qemu='oldstable', lacks=MARKS, says=[LEVELS % 3]),
    Row('no-iommu-oldstable', only=SOME, iommu='off', qemu='oldstable', no_device='an IOMMU'),
]
# Where absent entries may be cached devices walk a mirror, whose keeper invalidates, and not the CPUs' tables.
CACHING = dict(only=SOME + ',A15.*,A16.*,C19.*', caching_mode=True, cpus=3, no_device='first-stage translation, or none of the caching mode',
               rules=[(names, 'ok') for names in 'A15.mirror A15.fills_anyway A15.two_ranges* A16.after_start A16.no_start A16.changed_*'.split()] + ABSENCE)
# Less of an IOMMU, or another one.
ROWS += [
    Row('no-iommu', firmware='seabios', iommu='off', no_device='an IOMMU'),
    Row('legacy-newest', racing=True, iommu='legacy', lacks=MARKS, says=[LEVELS % 4]),
    Row('legacy-stable', only=SOME + ',C20.*', iommu='legacy', qemu='stable', lacks=MARKS, says=[LEVELS % 4]),
    Row('second-stage-newest', racing=True, iommu='scalable', lacks=MARKS, says=[LEVELS % 4]),
    Row('second-stage-stable', only=SOME + ',U*.second*', iommu='scalable', qemu='stable', lacks=MARKS, says=[LEVELS % 4]),
    Row('second-stage-oldstable', only='U*.second*', iommu='scalable', qemu='oldstable', extra=('-global', 'intel-iommu.aw-bits=48'), lacks=MARKS,
        rules=[('U01.second_piotlb_all', 'known *'), ('U03.second_aw*', 'known *'), ('U03.second_type*', 'known *')], says=[LEVELS % 4]),
    Row('second-stage-caching', **dict(CACHING, iommu='scalable')),
    Row('caching-mode-oldstable', racing=True, qemu='oldstable', **CACHING),
    Row('caching-mode-legacy', iommu='legacy', **CACHING),
    Row('caching-mode-newest', caching_mode=True, says=['vtd0 CAP=* CM ']),
    Row('caching-mode-stable', only=SOME, caching_mode=True, qemu='stable', says=['vtd0 CAP=* CM ']),
]
# Firmware that tells less than the truth about it: no unit, none that answers, a structure without end.
ROWS += [
    Row('dmar-without-units', only=SOME, iommu='off', extra=dmar('empty'), no_device='an IOMMU',
        says=['firmware: DMAR: offset 0x30: no remapping unit that can be used']),
    Row('dmar-unit-silent', only=SOME, iommu='off', extra=dmar('silent', drhd(0xfea00000)), no_device='an IOMMU that answers',
        says=['vtd0 at 0xfea00000 does not answer']),
    # A display's own, and the driver of firmware leaves that mastering the bus: nobody asks whether the unit answers.
    Row('dmar-displays', only=SOME, iommu='off', firmware='ovmf', no_device="an IOMMU that is not the displays' alone", extra=('-device', 'virtio-gpu-pci,addr=9') +
        dmar('displays', drhd(0xfea00000, 24, 0) + endpoint(9)), says=['vtd0 at 0xfea00000 serves displays alone, which go on: left as it is']),
    Row('amd-vi', only=SOME, iommu='off', extra=('-device', 'amd-iommu'), no_device='VT-d (AMD-Vi is here, and left as it is)'),
    Row('dmar-cut', only=SOME, iommu='off', extra=dmar('cut', drhd(0xfed90000, 0)), no_device='an IOMMU',
        says=['firmware: DMAR: offset 0x30: length 0 of a structure']),
]
# Other engines, or none.
ROWS += [
    Row('no-engine', engines=(), no_device='a DMA engine'),
    Row('testdev-only', engines=('testdev',), lacks=[READS, WRITES_ANY], rules=[('U08.p*_read', 'skip needs a DMA engine that reads and writes')]),
    Row('xhci-only', engines=('xhci',)),
    Row('engine-none', only=SOME, args='ENGINE=none', no_device=BY_WORD),
    Row('engine-xhci', only='?01*', args='ENGINE=xhci', says=['engine xhci rid=']),
    Row('engine-testdev', args='ENGINE=iommu-testdev', only='?01*', lacks=[READS, WRITES_ANY]),
    Row('engine-not-there', args='ENGINE=edu', bail='command line: this machine has no engine edu; those that it has: xhci, iommu-testdev *'),
    Row('engine-not-known', args='ENGINE=floppy', bail='command line: no engine is called floppy; there are xhci, *, none *'),
    # All at once, each held against what it is said to do below.
    *(Row('engines-' + name, qemu=name, engines=[each for each in qemu.ALL_ENGINES if each not in NOT_ON[name]], args='SRIOV ENGINE=all', only='C01.iotlb*,U08.*', firmware='none', cpus=1,
          lacks=MARKS if name == 'oldstable' else (),
          says=['engine %s rid=*can=%s conformance=ok ' % each for each in ENGINES.items() if each[0] not in NOT_ON[name] + ('nvme-fetch',)] +
          ['engine nvme-fetch: left out: only ENGINE=nvme-fetch takes it'])
      for name in ('oldstable', 'stable', 'newest')),
    Row('engines-second-stage', iommu='scalable', engines=[each for each in qemu.ALL_ENGINES if each != 'ats'], args='SRIOV ENGINE=all', only='U08.*', firmware='none', cpus=1, lacks=MARKS),
    # The other driver of the same device: commands, fetched from the page.
    *(Row('engines-fetch-' + name, qemu=name, engines=('nvme',), args='ENGINE=nvme-fetch', only='C00.io*,A01.*,A02.clear*,A02.gap,A04.inside_lock', firmware='none',
          lacks=[WRITES, WRITES_ANY] + (MARKS if name == 'oldstable' else []), says=['engine nvme-fetch rid=*can=%s conformance=ok ' % ENGINES['nvme-fetch']])
      for name in ('oldstable', 'stable', 'newest')),
    # Two devices, each a requester of its own, where there is no iommu-testdev.
    Row('two-stable', qemu='stable', engines=('xhci', 'nvme'), args='ENGINE=all', only='B12.*,C11.*,C12.*,C21.*,U03.overflow'),
    Row('two-oldstable', qemu='oldstable', engines=('xhci', 'nvme'), args='ENGINE=all', only='C11.*,C12.*,C21.*', lacks=MARKS),
    Row('xhci-with-devices', engines=('xhci',), extra=('-device', 'usb-kbd', '-device', 'qemu-xhci,addr=10'), only='C01.io*', lacks=[TWO],
        says=['engine=xhci carries devices', 'engine xhci.2 rid=*conformance=ok']),
    # One that carries devices comes last, and one that does not start (no namespace) is followed by the next.
    Row('xhci-with-devices-nvme', engines=('xhci', 'nvme'), extra=('-device', 'usb-kbd'), only='C01.io*', lacks=[WRITES_ANY, DIRECT, LEARNS],
        says=['engine=xhci carries devices: any other is taken first', 'engine nvme rid=*conformance=ok']),
    Row('xhci-with-devices-only', engines=('xhci',), extra=('-device', 'usb-storage,drive=stick', '-drive', 'if=none,id=stick,format=raw,readonly=on,file=' + STICK), only='C01.io*',
        says=['engine=xhci carries devices: any other is taken first', 'engine xhci rid=*conformance=ok']),
    Row('engine-does-not-start', engines=('xhci',), extra=('-device', 'usb-kbd', '-device', 'nvme,serial=empty'), only='C01.io*',
        says=['NVMe controller has no namespace', 'engine nvme: does not start, left out', 'engine xhci rid=*conformance=ok']),
    # Nor does the same device's other driver, which nobody named.
    Row('no-engine-starts', engines=(), extra=('-device', 'nvme,serial=empty'), only='C01.io*,U01.iotlb_g*', status=NOT_OK, rules=[('[CU]01.*', 'error no DMA engine starts')],
        says=['engine nvme: does not start, left out']),
    Row('two-xhci', engines=('xhci',), extra=('-device', 'qemu-xhci,addr=10'), args='ENGINE=all', only='C11.*,C12.*,C21.*', says=['engine xhci.2 rid=*conformance=ok']),
    # Behind a bridge to conventional PCI: its requester id for both, and what tells devices apart needs a third.
    Row('bridge-newest', engines=(), extra=BRIDGED, args='ENGINE=all', only='C01.io*,C21.*', says=['engine xhci rid=0x?00 *conformance=ok', 'engine xhci.2 rid=0x?00 *conformance=ok', 'engine=xhci,xhci.2'],
        rules=[('C21.[boa]*', 'skip needs a second DMA engine with a requester id of its own')]),
    Row('bridge-stable', qemu='stable', engines=('xhci',), extra=BRIDGED, args='ENGINE=all', only='C11.*,C12.*,C21.*', says=['engine xhci.3 rid=0x?00 *conformance=ok']),
    # Two virtual functions of one device, made by us: requesters of which the first scan of PCI knew nothing; firmware has given them no memory.
    *(Row('virtual-functions' + end, engines=('virtio-net',), args='SRIOV ENGINE=all', only='C01.io*,C11.*,C12.*,C21.*', lacks=[WRITES_ANY],
          says=['engine virtio-net rid=0x?01 *conformance=ok', 'engine virtio-net.2 rid=0x?02 *conformance=ok'], **machine)
      for end, machine in (('', {}), ('-uefi', {'firmware': 'ovmf'}))),
    Row('no-virtual-functions', args='SRIOV', only='C01.io*', says=["no virtual functions: there is no virtio network controller of QEMU's"]),
    # Asynchronous, and the medium behind it is looked at after each.
    Row('nvme-newest', racing=True, engines=('nvme',), only='A0*', lacks=[WRITES_ANY], says=['engine nvme rid=*can=read,write,'], deadline=150),
    Row('nvme-marks', engines=('nvme',), only='C10.*,C11.*,C12.*,C13.*,C14.*,C15.*,C16.*,C17.*,C18.*,C19.*', lacks=[WRITES_ANY], deadline=150),
    Row('nvme-stable', engines=('nvme',), qemu='stable', only='?01.*', lacks=[WRITES_ANY], says=['engine nvme rid=*can=read,write,']),
    Row('nvme-oldstable', engines=('nvme',), qemu='oldstable', only='?01.*', lacks=MARKS + [WRITES_ANY]),
    Row('nvme-uefi', engines=('nvme',), firmware='ovmf', lacks=[WRITES_ANY], only='C01.*'),
    Row('nvme-beside-xhci', engines=('xhci', 'nvme'), only='C01.*', says=['engine=nvme pci=', 'engine xhci rid=']),
    Row('engine-nvme', engines=('xhci', 'nvme'), args='ENGINE=nvme', only='?01.*', lacks=[WRITES_ANY, DIRECT, LEARNS], says=['engine nvme rid=']),
    # Its memory as the page that peer-to-peer DMA goes to; on the newest QEMU xHCI's does not get there.
    # A medium that makes its controller wait: writes in flight for as long as an invalidation takes, and longer.
    *(Row('in-flight-' + name, qemu=name, engines=('nvme', 'late'), args='MODE=step', only='U07.*', cpus=1, firmware='none', rules=[('U07.*', 'known *')]) for name in ('newest', 'stable')),
    Row('cmb-newest', engines=('testdev', 'xhci', 'cmb'), only='A24.*',
        says=['peer pci=*memory=', 'engine=iommu-testdev reaches it', 'P0 is memory of another device']),
    Row('cmb-stable', engines=('xhci', 'cmb'), qemu='stable', only='A24.*', says=['peer pci=*memory=', 'engine=xhci reaches it']),
    Row('ivshmem-newest', only='A24.*', extra=IVSHMEM, says=['peer pci=*memory=', 'P0 is memory of another device']),
    Row('ivshmem-stable', only='A24.*', extra=IVSHMEM, qemu='stable', engines=('xhci',), says=['peer pci=*memory=', 'engine=xhci reaches it']),
    # It is there for a while, too, where otherwise no memory is.
    *(Row('beside-interrupts-' + name, qemu=name, only='U04.re*_4k*,U04.re*_2m*', extra=IVSHMEM, rules=[('U04.result_4k_b*', 'ok'), ('U04.result_2m_before', 'ok')]) for name in ('newest', 'stable')),
    Row('beside-interrupts-second', iommu='scalable', only='U04.second_re*', extra=IVSHMEM, lacks=MARKS, rules=[('U04.second_result_4k_b*', 'ok'), ('U04.second_result_2m_before', 'ok')]),
    Row('small-pages', extra=('-global', 'intel-iommu.fs1gp=off'), only='U02.pdpte_ps', rules=[('U02.pdpte_ps', 'ok')]),
    # Ten operations a second; where there is no iommu-testdev, the one that can do without an entry.
    *(Row('edu-' + name, engines=('edu',), qemu=name, args='MODE=step', firmware='none', only='C01.iotlb*,C09.teardown,C10.*,C11.reused,C11.n*,C11.read,C19.pasid,C19.context,C21.entered', extra=QUICK_CLOCK,
          lacks=MARKS if name == 'oldstable' else (), rules=[(name, 'skip control not shown: the IOMMU here remembers no PASID entry, see C01.pasid_baseline') for name in ('C09.teardown', 'C10.domain_first')])
      for name in ('stable', 'oldstable')),
]
# A device with a device TLB, which firmware takes for a source of entropy. Nobody is late here: whoever tells the device waits for it.
DEVICE_TLBS = dict(racing=True, engines=('testdev', 'xhci', 'ats'), only='A02.*,A03.*,C04.*,C13.*,C06.dev*,C08.dev*,C09.dev*,C16.*gr*,C16.dev*,C14.no_p*,C17.dev*,U01.dtlb*', says=['engine ats rid=*can=read,write,any-word,ats,async'])
ROWS += [
    Row('ats-newest', **DEVICE_TLBS),
    Row('ats-stable', qemu='stable', **DEVICE_TLBS),
    Row('ats-uefi', firmware='ovmf', **dict(DEVICE_TLBS, only='C04.*')),
    Row('ats-only', cpus=1, **dict(DEVICE_TLBS, engines=('ats',), only='C0*', lacks=[READS, WRITES, WRITES_ANY])),
]
# Little and much memory (GRUB 2.12 on UEFI does not start with 64 MB), both kinds of interrupt controller.
ROWS += [
    Row('64-megabytes', memory='64M', firmware='seabios', only=SOME),
    Row('128-megabytes-uefi', memory='128M', firmware='ovmf', only=SOME),
    Row('8-gigabytes', memory='8G', firmware='seabios', only=SOME),
    Row('8-gigabytes-uefi', memory='8G', firmware='ovmf', only=SOME),
    Row('xapic', cpus=4, cpu_model='max,-x2apic', only=SOME, says=['apic=xapic']),
    Row('network', firmware='seabios', extra=('-device', 'igb,addr=9,romfile='), only=SOME, says=['pci=0000:00:09.0 reset (FLR)']),
    Row('la57', cpu_model='max,+la57', only=SOME),
    Row('cpus-disabled', extra=('-smp', 'cpus=2,maxcpus=4'), only=SOME, says=['acpi cpus=2 disabled=2 ']),
    Row('x2apic', cpus=4, cpu_model='max,+x2apic', only=SOME, says=['apic=x2apic']),
    # Three of four hundred sockets: ids that the MADT's first form has no room for, and the one that it takes for nobody.
    Row('apic-id-299', cpus=3, only=SOME, says=['acpi cpus=3 disabled=397 ', 'cpus online=3 apic=x2apic'],
        extra=('-smp', 'cpus=1,sockets=400,cores=1,threads=1,maxcpus=400', '-global', 'intel-iommu.eim=on',
               '-device', 'max-x86_64-cpu,socket-id=255,core-id=0,thread-id=0', '-device', 'max-x86_64-cpu,socket-id=299,core-id=0,thread-id=0')),
    Row('no-pit', extra=('-machine', 'pit=off,hpet=off'), only=SOME, says=['measured-by="ACPI PM timer"']),
    # The one port is where only SPCR says (16550, I/O, bytes, 115200).
    Row('spcr', firmware='seabios', only=SOME, says=['uart=com1 port=0x3f8 unused: nothing answers'], extra=('-global', 'isa-serial.iobase=0x2f8') +
        acpi('SPCR', 'com2', struct.pack('<B3xBBBBQBBIBBBBBBHHBBBIBI', 0, 1, 8, 0, 1, 0x2f8, 1, 3, 0, 7, 0, 1, 0, 3, 0, 0xffff, 0xffff, 0, 0, 0, 0, 0, 0))),
]
# Words that the kernel does not know, and ways to die that it must tell.
ROWS += [
    Row('unknown-word', firmware='seabios', args='frobnicate', bail='*"frobnicate" is not known*|storm (cpu=0 *'),
    Row('bad-number', args='deadline=12x', bail='*"deadline=12x"*'),
    Row('long-line', firmware='seabios', args='frobnicat' + 'e' * 1020, bail='the command line is longer than 1023 characters*'),
    Row('exception', firmware='seabios', racing=True, args='selftest=exception', cpus=4, bail='#UD invalid opcode at *', says=['backtrace 0 ']),
    Row('exception-1cpu', args='selftest=exception', cpus=1, bail='#UD invalid opcode at *', says=['backtrace 0 ']),
    Row('exception-uefi', args='selftest=exception', firmware='ovmf', bail='#UD invalid opcode at *',
        says=['backtrace 0 ']),
    Row('nmi', args='selftest=nmi', bail='NMI at *'),
    Row('machine-check', args='selftest=mce', bail='#MC machine check at *'),
    Row('guard-page', args='selftest=guard', bail='#DF double fault at *'),
    Row('write-to-text', args='selftest=wx', bail='#PF page fault at *', says=['write to a read-only page']),
    Row('stuck', args='selftest=stuck deadline=2000', cpus=1, extra=QUICK_CLOCK, bail='* did not end within 2000 ms*'),
    # One test in trouble, and the engine is started anew for the next.
    Row('engine-silent', args='selftest=silent', engines=('xhci',), only='C00*,' + SOME, status=NOT_OK,
        rules=[('C00.iommu_marks', 'error engine xhci did not complete a DMA')]),
    Row('leak', args='selftest=leak', only='C00*,' + SOME, status=NOT_OK, rules=[('C00.cpu_marks', 'error leaks=1')]),
    Row('damage', args='selftest=damage', only='C00*', status=NOT_OK, rules=[('C00.cpu_marks', 'error a free frame was written to')]),
]
# Again and again: until the minute is over, or something is bad; then the log is as whole as ever.
ROWS += [
    Row('soak', args='soak=1', only='C00*', cpus=1, extra=QUICK_CLOCK, says=['soak minute=1/1 passes=[1-9]*failures=0 ']),
    Row('soak-leak', args='soak=2 selftest=leak', only='C00*', status=NOT_OK, says=['again: make run ARGS="T=C00.cpu_marks SEED=2 '],
        rules=[('soak', 'error ended by C00.cpu_marks, ERROR, pass=2 seed=2')]),
    Row('soak-fault', args='soak=2 selftest=fault', only='A01*', status=NOT_OK, says=['again: make run ARGS="T=A01.read MODE=step SEED=2 ORDER='],
        rules=[('soak', 'error ended by A01.read, ERROR: C1 in step *: #UD invalid opcode*, pass=2 seed=2')]),
    Row('soak-list', args='soak=2 LIST', bail='command line: soak= repeats tests, *'),
]
# The kernel enters itself as the loader did, a hundred times, with all left on: that changes nothing. Claims with their controls, a
# hazard, and cases of the unit with what they deviate in, for one CPU too.
REPEATED = 'C01.io*,A01.read,C13.read_only*,C06.size_1_2,U03.context_absent,U03.pte_absent'
LEFT_ON = ['hand-over leaves engines=[12] stale=[24] ', 'masters_stopped=[12]', 'vtd0 firmware left on GSTS=* TES RTPS QIES IRES IRTPS']
# And a display that masters the bus by that translation.
LEFT_ON += ['pci=0000:00:01.0 is held: translation for it ends', 'pci=0000:00:01.0 masters the bus again']
ROWS += [
    Row('hand-over-%s-newest-%dcpu' % (firmware, cpus), args='handover=100 MODE=step', only=REPEATED, firmware=firmware, cpus=cpus,
        says=LEFT_ON + ['hand-over 100/100: digest='], deadline=300)
    for firmware, cpus in itertools.product(('seabios', 'ovmf'), (4, 1))
]
ROWS += [
    Row('hand-over-stable', racing=True, args='handover=10 MODE=step', only=REPEATED, firmware='none', qemu='stable', cpus=4, says=LEFT_ON + ['hand-over 10/10: digest=']),
    # Virtual functions that master the bus, and that no scan of PCI sees.
    Row('hand-over-virtual-functions', args='SRIOV ENGINE=all handover=5 MODE=step', only='C21.one*', engines=('virtio-net',), lacks=[WRITES_ANY], firmware='none',
        says=['hand-over leaves engines=2 stale=4 ', 'hand-over 5/5: digest=']),
    # With reads in flight.
    Row('hand-over-nvme', firmware='seabios', args='handover=5 MODE=step', only='C01.io*,A01.read', engines=('nvme',), lacks=[WRITES_ANY], says=LEFT_ON + ['* reset (FLR)', 'hand-over 5/5: digest=']),
    Row('hand-over-oldstable', args='handover=5 MODE=step', only='C01.io*,A01.read', qemu='oldstable', lacks=MARKS, says=['hand-over 5/5: digest=']),
    Row('hand-over-no-iommu', args='handover=5', iommu='off', only='C00*', no_device='an IOMMU', says=['hand-over 5/5: digest=']),
    # It sees a difference, and tells what the bring-up before it told.
    Row('hand-over-leak', args='handover=3 selftest=leak', only='C00*', status=NOT_OK, says=LEFT_ON,
        rules=[('handover', 'error hand-over 1 of 3: C00.cpu_marks was PASS before the first, and now: not ok 1 C00.cpu_marks # ERROR leaks=1')]),
    Row('hand-over-list', args='handover=2 LIST', bail='command line: handover= repeats tests*'),
]
# A step that hangs or faults is the end of its test, and of no other.
ROWS += [
    Row(name, args='selftest=%s deadline=2500' % word, only='A03*', status=NOT_OK,
        rules=[('A03.clr_cpu_io_set.cpu', 'error %s: %s, at %s' % (step, why, where))], **machine)
    for name, word, step, why, where, machine in [
        ('fault', 'fault', 'C1 in step 3, load A, AT_ONCE', '#UD invalid opcode', 'fall+*', {}),
        # Interrupts on, it may be found on its way into the handler of one.
        ('hang', 'hang', 'C1 in step 3, load A, AT_ONCE', 'did not end within 2500 ms', '*', {}),
        ('hang-irq', 'hang-irq', 'C1 in step 3, load A, AT_ONCE', 'did not end within 2500 ms', 'hang+* in an interrupt of *+*', {}),
        ('hang-cli', 'hang-cli', 'C1 in step 3, load A, AT_ONCE', 'did not end within 2500 ms', 'hang+*', {'cpus': 4, 'racing': True}),
        ('hang-cli-xapic', 'hang-cli', 'C1 in step 3, load A, AT_ONCE', 'did not end within 2500 ms', 'hang+*', {'cpu_model': 'max,-x2apic'}),
        ('boot-hang', 'boot-hang', 'C0 in step 4, pte_set A, P1, RW', 'did not end within 2500 ms', 'hang+*', {'cpus': 4}),
        ('boot-hang-cli', 'boot-hang-cli', 'C0 in step 4, pte_set A, P1, RW', 'did not end within 2500 ms', 'hang+*', {}),
    ]
]
# Steps ended at any instruction, again and again: the CPUs stay usable.
ROWS += [
    Row('storm' + end, args='selftest=storm', racing=True, rounds=0, only='C01*', says=['storm rounds=300 ended=2'], **machine)
    for end, machine in [('', {}), ('-xapic', {'cpu_model': 'max,-x2apic'})]
]
# The test of the tests: every scenario without each of its protections; these have none.
UNPROTECTED = [(name, 'skip needs a step that protects') for name in 'C00.cpu_marks C00.tlb_drops C00.stores D07.stray'.split()]
ROWS += [
    Row('mutants-' + name, args='MUTATE', only='A*,B*,C*,D*', rounds=0, qemu=name, firmware='none', cpus=4, racing=name == 'stable', deadline=150, shard=shard,
        rules=UPPER_BASELINES + UNPROTECTED + [('*', 'ok')], says=['mutant %s: killed by forbidden ' % mutant for mutant in killed])
    for name, shard, killed in (('newest', None, ('A02.clear_notify_set without C0.4 iommu_flush A', 'A03.clr_cpu_io_set.cpu without C0.2 cpu_flush A')),
                                ('stable', (1, 8), ('* without C[0-9].* iommu_flush A',)))
]
# Need no device, and tell the IOMMU.
TELL_THE_IOMMU = ('A07.cpu', 'A10.cpu', 'A14.*.cpu', 'A18.*.cpu', 'A18.gup*', 'A24.recycled', 'A24.recycled_reads', 'A24.looks_once', 'B0[12567].*.cpu')
TELL_THE_IOMMU += ('B01.table_*locked', 'B11.cpu.*', 'B13.flushed.cpu')
# Faults in the machinery itself (make INJECT=1): seen, and only where they can be.
CPU_TESTS = STORES + REFUSALS + GLOBALS + UPPER_CPU + [('D11.fault_drops', 'known *')] + [(NO_DEVICE, 'ok')]
ROWS += [
    Row('inject-' + name, args='inject=' + name, only=only, firmware='none', cpus=2 if name == 'leak' else 4, elf=os.path.join(qemu.BUILD, 'inject', 'shootdown.elf'),
        status=NOT_OK, rules=rules, says=['injected: ' + says])
    # Where waits are no waits an engine may be told of tables that are gone, and ends: C10 and C11.
    for name, only, says, rules in [
        ('queue', 'A0*,B09*,B11*,C0*,D*', 'page-selective invalidations are not queued', [('A02.clear_notify_set', 'not ok')] + CPU_TESTS + [('*', '*')]),
        ('wait', 'A*,B*,C0*,D*', 'waits for invalidations return at once',
         [(names, 'error an invalidation was not completed') for names in ('C01.iotlb_baseline', 'A02.[cg]*', 'A04.inside_lock') + TELL_THE_IOMMU] +
         CPU_TESTS + [('*', '*')]),
        ('shootdown', 'A0*,C0*,D*', 'shootdowns leave out a CPU',
         [(names, 'not ok') for names in ('A01.*', 'D01.shootdown', 'D03.clear_first')] +
         [('C01.iotlb_baseline', 'ok'), ('A02.[cg]*', 'ok'), ('A03.*.device', 'ok'), ('*', '*')]),
        ('engine', 'A0*,B09*,B11*,C0*,D*', 'engines say done and have done nothing',
         [(names, 'not ok') for names in ('C01.iotlb_baseline', 'A01.*', 'A02.[cg]*')] + CPU_TESTS + [('*', '*')]),
        ('leak', 'C0*', 'a frame is not put back', [('C00.cpu_marks', 'error leaks=1')]),
    ]
]
# A wait that an earlier one's status word satisfies (C02): nothing is late here, and all the same it is caught.
ROWS += [Row('inject-status', args='inject=status', only='C01.io*,C01.pasid*,C02.awaited', firmware='none', elf=os.path.join(qemu.BUILD, 'inject', 'shootdown.elf'),
             status=NOT_OK, rules=[('C0*', 'error an invalidation was not completed')], says=['injected: waits go by the status word of an earlier one'])]
# A tail that is ahead of the words (C02): what was in the slot is refused, or done, and the invalidation is not.
ROWS += [Row('inject-tail', args='inject=tail', only='C01.iotlb_baseline,C02.awaited', firmware='none', elf=os.path.join(qemu.BUILD, 'inject', 'shootdown.elf'),
             status=NOT_OK, rules=[('C0*', 'error *')], says=['injected: the tail is ahead of what *', 'vtd0 queue error FSTS=* IQE'])]
# Somebody writes where no step does.
ROWS += [Row('inject-stray', args='inject=stray', only='A01.read', firmware='none', elf=os.path.join(qemu.BUILD, 'inject', 'shootdown.elf'),
             status=NOT_OK, rules=[('A01.read', 'error what this machine can show was not measured')],
             says=['injected: a store hits another line of the frame too', '*, which measures what this machine can show: frame [PQK]? was written at 0x800, where no step writes '])]
# Early completion: the device confirms what it has not dropped. Then nobody's order helps, and what was unsafe stays so.
ROWS += [
    Row('inject-dtlb-' + name, qemu=name, args='inject=dtlb', firmware='none', elf=os.path.join(qemu.BUILD, 'inject', 'shootdown.elf'), status=NOT_OK,
        **dict(DEVICE_TLBS, says=['injected: a device keeps what it says that it has dropped'],
               rules=[('U01.dtlb_2_behind', 'ok'), ('C04.no_wait', 'ok')] + [(names, 'not ok') for names in (
                   'U01.dtlb_page', 'U01.dtlb_page_next', 'U01.dtlb_[0-9]*', 'U01.dtlb_all', 'C08.device_tlb', 'C08.device_tlb_last', 'C09.device_tlb', 'C09.device_tlb_last', 'C04.dtlb_baseline', 'C04.both', 'C04.stored', 'C04.late_answer', 'C06.device*', 'C04.posted_write', 'C04.told_twice', 'C13.device_tlb', 'C16.device_told', 'C17.device_tlb.*',
                   'A02.device_tlb', 'A03.clr_io_set.device_tlb', 'A03.clr_set_io.device_tlb', 'A03.set_io.device_tlb')]))
    for name in ('newest', 'stable')
]

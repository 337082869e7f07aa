"""The machines that `make test` boots, and the exact verdict that each must give.

A row's rules are (names, outcome), both globs; the first rule that matches a test counts, then those of DEVIATIONS, and
a test that no rule matches must be ok. Outcomes: "ok", "not ok", "skip REASON", "known REASON", "error REASON",
"weak REASON". Every row must run the same tests as the first one, and at least one of each of FAMILIES.
"""
import itertools
import os
import struct

import qemu
from ktap import BAILED, COMPLETE, NOT_OK

FAMILIES = ('A01.', 'A02.', 'A03.', 'A04.', 'A05.', 'A12.', 'A19.', 'A20.', 'C00.', 'C01.', 'C15.', 'C16.', 'D01.', 'D02.', 'D03.', 'D04.')

# An emulator's stores are not seen late, so that nothing is lost with a fence.
STORES = [('C00.stores_fenced', 'skip control not shown: no store was seen late here, see C00.stores')]
# Every QEMU here departs from the specification in these, tests/deviations.c; a race shows what it happens to.
DEVIATIONS = [('D11.fault_drops', 'known *'), ('C15.read', '[ok]*'), ('C15.write', '[ok]*')] + [
    ('C16.' + name, 'known *') for name in ('accessed', 'clean', 'read_before', 'snapshot')] + STORES


class Row:
    def __init__(self, name, qemu='newest', rules=(), status=COMPLETE, bail=None, says=(), deadline=120, only='*', rounds=50, **machine):
        self.name, self.qemu, self.machine = name, qemu, machine
        self.rules = list(rules)
        self.status = BAILED if bail is not None else status
        self.bail = bail
        self.says = says
        self.only = only  # a glob of tests, where all of them would take too long
        if only != '*':
            self.machine['args'] = ' '.join(['T=' + only] + machine.get('args', '').split())
        # Races with many rounds on the first machines only: the others are about something else.
        if rounds:
            self.machine['args'] = ' '.join(self.machine.get('args', '').split() + ['ROUNDS=%d' % rounds])
        self.deadline = deadline


# Tests of the CPUs' own TLBs, of stores, and of software: they need no device.
CPU_ONLY = ('C00.cpu_marks', 'C00.tlb_drops', 'C00.stores', 'C01.tlb_baseline', 'A12.*', 'A19.*', 'A20.*', 'C15.cpu', 'D*')
# iommu-testdev only writes.
WRITE_ONLY = ('C00.iommu_marks', 'A01.write', 'C15.used', 'C16.first_write', 'C16.clean_no_flush', 'C16.clean_and_aged', 'C16.snapshot_aged')
WRITE_KNOWN = ('C16.accessed', 'C16.clean', 'C16.snapshot')
TWO_CPUS = ('C00.stores*', 'A01.*', 'A03.*.cpu', 'A04.*', 'A05.*', 'A19.*', 'A20.*', 'C15.cpu', 'D01.*', 'D02.*', 'D03.*')
THREE_CPUS = ('A12.*', 'D01.every_cpu', 'D02.own_ack', 'D02.others_ack', 'D02.one_mailbox', 'D04.*')


def skip(reason, names='*'):
    """These need what is not there."""
    return STORES + DEVIATIONS[:1] + [(name, 'ok') for name in CPU_ONLY] + [(names, 'skip needs ' + reason)]


def few(cpus):
    """What one CPU, or two, are not enough for."""
    return [(names, 'skip needs 3 CPUs') for names in THREE_CPUS if cpus < 3] + [
        (names, 'skip needs 2 CPUs') for names in TWO_CPUS if cpus < 2]


def dmar(name, *units):
    """A DMAR table of firmware's making, where QEMU has no IOMMU: address width 48 bits, then these structures."""
    path = os.path.join(qemu.BUILD, 'dmar-%s.bin' % name)
    os.makedirs(qemu.BUILD, exist_ok=True)
    with open(path, 'wb') as table:
        table.write(struct.pack('<BB10x', 47, 0) + b''.join(units))
    return ('-acpitable', 'sig=DMAR,data=' + path)


def drhd(base, length=16):
    return struct.pack('<HHBBHQ', 0, length, 1, 0, 0, base)


# Version as the runner says it, machine type as SMBIOS does.
PLATFORM = 'platform=qemu version=[0-9]*.[0-9]*.[0-9]* accel=tcg machine="pc-q35-[0-9]*'

# One machine after another through all that is sold: firmware, QEMU, CPUs.
ROWS = [
    Row('%s-%s-%dcpu' % (firmware, qemu, cpus), qemu=qemu, firmware=firmware, cpus=cpus,
        rules=few(cpus), rounds=0 if firmware == 'seabios' and cpus == 4 else 50, says=['cpus online=%d ' % cpus, PLATFORM])
    for firmware, qemu, cpus in itertools.product(('seabios', 'ovmf'), ('newest', 'stable'), (4, 1, 2, 8))
]
# The kernel without a loader.
ROWS += [
    Row('kernel-newest', firmware='none', says=['loader="pvh']),
    Row('kernel-stable', firmware='none', qemu='stable', says=['loader="pvh']),
]
# Less of an IOMMU, or another one.
ROWS += [
    Row('no-iommu', iommu='off', rules=skip('an IOMMU')),
    Row('legacy-newest', iommu='legacy', rules=skip('scalable mode')),
    Row('legacy-stable', iommu='legacy', qemu='stable', rules=skip('scalable mode')),
    Row('second-stage-newest', iommu='scalable', rules=skip('first-stage translation')),
    Row('second-stage-stable', iommu='scalable', qemu='stable', rules=skip('first-stage translation')),
    Row('caching-mode-newest', caching_mode=True, says=['vtd0 CAP=* CM ']),
    Row('caching-mode-stable', caching_mode=True, qemu='stable', says=['vtd0 CAP=* CM ']),
]
# Firmware that tells less than the truth about it: no unit, none that answers, a structure without end.
ROWS += [
    Row('dmar-without-units', iommu='off', extra=dmar('empty'), rules=skip('an IOMMU'),
        says=['firmware: DMAR: offset 0x30: no remapping unit that can be used']),
    Row('dmar-unit-silent', iommu='off', extra=dmar('silent', drhd(0xfea00000)), rules=skip('an IOMMU that answers'),
        says=['vtd0 at 0xfea00000 does not answer']),
    Row('dmar-cut', iommu='off', extra=dmar('cut', drhd(0xfed90000, 0)), rules=skip('an IOMMU'),
        says=['firmware: DMAR: offset 0x30: length 0 of a structure']),
]
# Other engines, or none.
ROWS += [
    Row('no-engine', engines=(), rules=skip('a DMA engine')),
    Row('testdev-only', engines=('testdev',), rules=[(name, 'ok') for name in WRITE_ONLY] + [(name, 'known *') for name in WRITE_KNOWN]
        + [('C15.write', 'ok*')] + skip('a DMA engine that reads')),
    Row('xhci-only', engines=('xhci',)),
    Row('edu-only', engines=('edu',), qemu='stable', only='?01.*', deadline=150),  # ten operations a second
]
# Little and much memory (GRUB 2.12 on UEFI does not start with 64 MB), both kinds of interrupt controller.
ROWS += [
    Row('64-megabytes', memory='64M'),
    Row('128-megabytes-uefi', memory='128M', firmware='ovmf'),
    Row('8-gigabytes', memory='8G'),
    Row('8-gigabytes-uefi', memory='8G', firmware='ovmf'),
    Row('xapic', cpu_model='max,-x2apic', says=['apic=xapic']),
    Row('x2apic', cpu_model='max,+x2apic', says=['apic=x2apic']),
]
# Words that the kernel does not know, and ways to die that it must tell.
ROWS += [
    Row('unknown-word', args='frobnicate', bail='*"frobnicate" is not known*'),
    Row('bad-number', args='deadline=12x', bail='*"deadline=12x"*'),
    Row('exception', args='selftest=exception', bail='#UD invalid opcode at *', says=['backtrace 0 ']),
    Row('exception-1cpu', args='selftest=exception', cpus=1, bail='#UD invalid opcode at *', says=['backtrace 0 ']),
    Row('exception-uefi', args='selftest=exception', firmware='ovmf', bail='#UD invalid opcode at *',
        says=['backtrace 0 ']),
    Row('nmi', args='selftest=nmi', bail='NMI at *'),
    Row('machine-check', args='selftest=mce', bail='#MC machine check at *'),
    Row('guard-page', args='selftest=guard', bail='#DF double fault at *'),
    Row('write-to-text', args='selftest=wx', bail='#PF page fault at *', says=['write to a read-only page']),
    Row('stuck', args='selftest=stuck deadline=2000', cpus=1, bail='* did not end within 2000 ms*'),
    # One test in trouble, and the engine is started anew for the next.
    Row('engine-silent', args='selftest=silent', engines=('xhci',), status=NOT_OK,
        rules=[('C00.iommu_marks', 'error engine xhci did not complete a DMA')]),
    Row('hand-over-newest', args='selftest=handover', says=['vtd0 firmware left on GSTS=']),
    Row('hand-over-stable', args='selftest=handover', qemu='stable', says=['vtd0 firmware left on GSTS=']),
    Row('leak', args='selftest=leak', status=NOT_OK, rules=[('C00.cpu_marks', 'error leaks=1')]),
]
# A step that hangs or faults is the end of its test, and of no other.
ROWS += [
    Row(name, args='selftest=%s deadline=4000' % word, only='A03*', status=NOT_OK,
        rules=[('A03.clr_cpu_io_set.cpu', 'error %s: %s, at fall+*' % (step, why))], **machine)
    for name, word, step, why, machine in [
        ('fault', 'fault', 'C1 in step 3, load A, AT_ONCE', '#UD invalid opcode', {}),
        ('hang', 'hang', 'C1 in step 3, load A, AT_ONCE', 'did not end within 4000 ms', {}),
        ('hang-cli', 'hang-cli', 'C1 in step 3, load A, AT_ONCE', 'did not end within 4000 ms', {}),
        ('hang-cli-xapic', 'hang-cli', 'C1 in step 3, load A, AT_ONCE', 'did not end within 4000 ms', {'cpu_model': 'max,-x2apic'}),
        ('boot-hang', 'boot-hang', 'C0 in step 4, pte_set A, P1, RW', 'did not end within 4000 ms', {}),
        ('boot-hang-cli', 'boot-hang-cli', 'C0 in step 4, pte_set A, P1, RW', 'did not end within 4000 ms', {'cpus': 2}),
    ]
]
# Steps ended at any instruction, again and again: the CPUs stay usable.
ROWS += [
    Row('storm' + end, args='selftest=storm', rounds=0, only='C01*', cpus=2, says=['storm rounds=300 ended=2'], **machine)
    for end, machine in [('', {}), ('-xapic', {'cpu_model': 'max,-x2apic'})]
]
# The test of the tests: every scenario without each of its protections.
ROWS += [
    Row('mutants-' + name, args='MUTATE', rounds=0, qemu=name, firmware='none', deadline=150, rules=[('*', 'ok')],
        says=['mutant A02.clear_notify_set without C0.4 iommu_flush A: killed by forbidden ',
              'mutant A03.clr_cpu_io_set.cpu without C0.2 cpu_flush A: killed by forbidden '])
    for name in ('newest', 'stable')
]
# Faults in the machinery itself (make INJECT=1): seen, and only where they can be.
NO_DEVICE = STORES + DEVIATIONS[:1] + [(name, 'ok') for name in CPU_ONLY]
ROWS += [
    Row('inject-' + name, args='inject=' + name, firmware='none', elf=os.path.join(qemu.BUILD, 'inject', 'shootdown.elf'),
        status=NOT_OK, rules=rules, says=['injected: ' + says])
    for name, says, rules in [
        ('queue', 'page-selective invalidations are not queued', [('A02.clear_notify_set', 'not ok')] + NO_DEVICE + [('*', '*')]),
        ('wait', 'waits for invalidations return at once',
         [(names, 'error an invalidation was not completed') for names in ('C01.iotlb_baseline', 'A02.*', 'A04.inside_lock')] +
         NO_DEVICE + [('*', '*')]),
        ('shootdown', 'shootdowns leave out a CPU',
         [(names, 'not ok') for names in ('A01.*', 'D01.shootdown', 'D03.clear_first')] +
         [('C01.iotlb_baseline', 'ok'), ('A02.*', 'ok'), ('A03.*.device', 'ok'), ('*', '*')]),
        ('engine', 'engines say done and have done nothing',
         [(names, 'not ok') for names in ('C01.iotlb_baseline', 'A01.*', 'A02.*')] + NO_DEVICE + [('*', '*')]),
        ('leak', 'a frame is not put back', [('C00.cpu_marks', 'error leaks=1')]),
    ]
]

"""The machines that `make test` boots, and the exact verdict that each must give.

A row's rules are (names, outcome), both globs; the first rule that matches a test counts, and a test that no rule
matches must be ok. Outcomes: "ok", "not ok", "skip REASON", "known REASON", "error REASON", "weak REASON". Every row
must run the same tests as the first one, and at least one of each of FAMILIES.
"""
import itertools

from ktap import BAILED, COMPLETE, NOT_OK

FAMILIES = ('A01.', 'A02.', 'A03.', 'C01.')


class Row:
    def __init__(self, name, qemu='newest', rules=(), status=COMPLETE, bail=None, says=(), deadline=60, **machine):
        self.name, self.qemu, self.machine = name, qemu, machine
        self.rules = list(rules)
        self.status = BAILED if bail is not None else status
        self.bail = bail
        self.says = says
        self.deadline = deadline


def skip(reason, names='*'):
    """These need what is not there; the test of the CPUs' own TLBs needs nothing."""
    return [('C01.tlb_baseline', 'ok'), (names, 'skip needs ' + reason)]


# One machine after another through all that is sold: firmware, QEMU, CPUs.
ROWS = [
    Row('%s-%s-%dcpu' % (firmware, qemu, cpus), qemu=qemu, firmware=firmware, cpus=cpus,
        rules=skip('2 CPUs', 'A03.*') if cpus == 1 else (), says=['cpus online=%d ' % cpus])
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
# Other engines, or none.
ROWS += [
    Row('no-engine', engines=(), rules=skip('a DMA engine')),
    Row('testdev-only', engines=('testdev',), rules=[('A01.write', 'ok')] + skip('a DMA engine that reads')),
    Row('xhci-only', engines=('xhci',)),
    Row('edu-only', engines=('edu',), qemu='stable', deadline=150),  # ten operations a second
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
    Row('hang', args='selftest=hang deadline=2000', bail='* did not end within 2000 ms*'),
    Row('leak', args='selftest=leak', status=NOT_OK, rules=[('C01.tlb_baseline', 'error leaks=1')]),
]

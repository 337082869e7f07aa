"""QEMU by version: find one, ask it what it has, and write its command line."""
import os
import re
import shutil
import subprocess

import device_tlb
import medium

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(TOP, os.environ.get('O', 'build'))
PRIVATE = os.path.join(TOP, '.qemu')
OVMF = ('root/usr/share/ovmf/OVMF.fd',)
SYSTEM_OVMF = ('/usr/share/ovmf/OVMF.fd', '/usr/share/OVMF/OVMF.fd', '/usr/share/edk2/ovmf/OVMF.fd',
               '/usr/share/edk2-ovmf/x64/OVMF.fd', '/usr/share/qemu/OVMF.fd')
# What the kernel calls the engines, and QEMU their devices; 'testdev' is iommu-testdev for short.
ENGINES = {'xhci': 'qemu-xhci', 'nvme': 'nvme', 'nvme-fetch': 'nvme', 'edu': 'edu', 'iommu-testdev': 'iommu-testdev', 'ats': 'vhost-user-rng-pci',
           'virtio-net': 'virtio-net-pci'}
ALL_ENGINES = ('xhci', 'nvme', 'edu', 'testdev', 'ats', 'virtio-net')
IOMMUS = ('scalable-fs', 'scalable', 'legacy', 'off')
FIRMWARES = ('seabios', 'ovmf', 'none')


class Trouble(Exception):
    """Something about this machine, in a sentence for its user."""


def ask(qemu, *words):
    try:
        done = subprocess.run([qemu, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
    except OSError as error:
        raise Trouble('%s does not start: %s' % (qemu, error.strerror))
    except subprocess.TimeoutExpired:
        raise Trouble('%s %s gave no answer within 60 s' % (qemu, ' '.join(words)))
    return done.stdout.decode('utf-8', 'replace')


class Qemu:
    """One QEMU, and the names it has for things."""

    def __init__(self, path):
        self.path = path
        found = re.search(r'version (\d+(?:\.\d+)*)', ask(path, '--version'))
        if not found:
            raise Trouble('%s does not say a QEMU version' % path)
        self.version = found.group(1)
        # An unknown device is an answer with status 0: only the text counts.
        self.vtd = set(re.findall(r'^ +([\w-]+)=<', ask(path, '-device', 'intel-iommu,help'), re.M))
        self.devices = set(re.findall(r'^name "([^"]+)"', ask(path, '-device', 'help'), re.M))
        self.has_vfs = 'sriov-pf=' in ask(path, '-device', 'virtio-net-pci,help')
        if 'x-scalable-mode' not in self.vtd and 'scalable-mode' not in self.vtd:
            raise Trouble('%s (QEMU %s) has no intel-iommu with scalable mode' % (path, self.version))

    def without(self, engine):
        """Why this QEMU cannot have that engine, in a few words; None if it can."""
        if ENGINES[engine] not in self.devices:
            return 'QEMU %s has no %s' % (self.version, ENGINES[engine])
        if engine == 'ats' and int(self.version.split('.')[0]) < 10:
            return 'QEMU %s is too old for a device with a device TLB' % self.version
        if engine == 'virtio-net' and not self.has_vfs:
            return 'QEMU %s has no virtual functions of virtio-net-pci' % self.version
        return None

    def all_engines(self):
        return tuple(name for name in ALL_ENGINES if name not in ('ats', 'virtio-net') or not self.without(name))

    def first_of(self, *names):
        return next((name for name in names if name in self.vtd), None)

    @property
    def has_first_stage(self):
        return self.first_of('fsts', 'x-flts') is not None

    def vtd_device(self, iommu, caching_mode=False, device_tlbs=False):
        """The value of -device for an IOMMU of this kind; None for 'off'."""
        if iommu == 'off':
            return None
        words = ['intel-iommu', 'intremap=on']
        if 'stale-tm' in self.vtd:  # from the version on in which eim=on does not need KVM
            words.append('eim=on')
        if iommu != 'legacy':
            words.append(self.first_of('scalable-mode', 'x-scalable-mode') + '=on')
            if 'pasid-bits' in self.vtd:
                words += ['device-iotlb=on', 'pasid-bits=20']
            elif 'x-pasid-mode' in self.vtd and not device_tlbs:
                words.append('x-pasid-mode=on')  # which refuses device-iotlb=on
        if iommu == 'scalable-fs' and self.has_first_stage:
            words.append(self.first_of('fsts', 'x-flts') + '=on')
            if 'svm' in self.vtd:
                words.append('svm=on')
        if device_tlbs and 'device-iotlb=on' not in words:
            words.append('device-iotlb=on')
        if caching_mode:
            words.append('caching-mode=on')
        return ','.join(words)

    def ovmf(self):
        beside = [os.path.join(os.path.dirname(os.path.realpath(self.path)), name) for name in OVMF]
        for path in [*beside, *SYSTEM_OVMF]:
            if os.path.exists(path):
                return path
        raise Trouble('no OVMF firmware for %s: install the package ovmf, or fetch a QEMU that brings it '
                      'with tools/qemu-fetch.sh newest' % self.path)


def find(name=None):
    """The path of a QEMU: a name in .qemu (newest, 11.1 ...), a path, or the best there is."""
    if name:
        private = os.path.join(PRIVATE, name, 'qemu-system-x86_64')
        path = private if os.path.exists(private) else shutil.which(name)
        if not path:
            have = sorted(os.listdir(PRIVATE)) if os.path.isdir(PRIVATE) else []
            have = [n for n in have if os.path.exists(os.path.join(PRIVATE, n, 'qemu-system-x86_64'))]
            raise Trouble('there is no QEMU called %s; in .qemu there is: %s' % (name, ' '.join(have) or 'nothing'))
        return path
    system = shutil.which('qemu-system-x86_64')
    if system and re.search(r'^ +(fsts|x-flts)=', ask(system, '-device', 'intel-iommu,help'), re.M):
        return system
    private = os.path.join(PRIVATE, 'newest', 'qemu-system-x86_64')
    if os.path.exists(private):
        return private
    if system:
        return system
    raise Trouble('there is no QEMU here: run tools/setup.sh run')


class Machine:
    """What to boot and on what; every field is an option of tools/run.py."""

    def __init__(self, **given):
        self.firmware = 'seabios'
        self.cpus = 4
        self.memory = '1G'
        self.iommu = 'scalable-fs'
        self.caching_mode = False
        self.engines = ('testdev', 'xhci')
        self.cpu_model = 'max'
        self.accel = 'tcg'  # tcg,thread=single: one thread, on which CPUs take turns
        self.args = ''
        self.iso = os.path.join(BUILD, 'shootdown.iso')
        self.elf = os.path.join(BUILD, 'shootdown.elf')
        self.extra = ()
        self.ats = os.path.join(BUILD, 'ats')
        self.medium = os.path.join(BUILD, 'medium.img')  # of the NVMe drive; made anew by command()
        for name, value in given.items():
            if name not in vars(self):
                raise TypeError('a machine has no ' + name)
            setattr(self, name, value)

    def describe(self, qemu):
        words = ['QEMU %s' % qemu.version, self.firmware if self.firmware != 'none' else '-kernel',
                 '%d CPU%s' % (self.cpus, '' if self.cpus == 1 else 's'), self.memory, 'VT-d ' + self.iommu]
        if self.accel != 'tcg':
            words.append(self.accel)
        if 'ats' in self.engines:
            words.append('device TLB')
        return ', '.join(words)

    @property
    def has_medium(self):
        return 'nvme' in self.engines or 'cmb' in self.engines

    def damage(self):
        """What a run did to a medium: sentences, none if nothing."""
        return medium.damage(self.medium) if self.has_medium else []

    def no_ats(self, qemu):
        """Why this machine cannot have the device with a device TLB, a sentence; None if it can."""
        if qemu.without('ats'):
            return qemu.without('ats')
        if self.iommu == 'off':
            return 'a device with a device TLB needs an IOMMU'
        if not os.access(self.ats, os.X_OK):
            return 'there is no %s for a device with a device TLB: run make %s' % ((os.path.relpath(self.ats),) * 2)
        return None

    def beside(self):
        """The program that such a device needs, started; None without one."""
        return device_tlb.DeviceTlb(self.ats) if 'ats' in self.engines else None

    def command(self, qemu):
        """QEMU's command line, but for the words of beside()."""
        if 'ats' in self.engines and self.no_ats(qemu):
            raise Trouble(self.no_ats(qemu))
        image = self.elf if self.firmware == 'none' else self.iso
        if not os.path.exists(image):
            raise Trouble('there is no %s: run make iso' % os.path.relpath(image))
        board = 'q35,memory-backend=ram'  # without a reservation: a small host can boot a large machine
        if self.accel == 'kvm':
            if not os.access('/dev/kvm', os.R_OK | os.W_OK):
                raise Trouble('/dev/kvm is not there or not for this user: run without ACCEL=kvm')
            board += ',kernel-irqchip=split'  # interrupt remapping needs it
        # Another process has this memory too.
        ram = 'memory-backend-memfd,share=on' if 'ats' in self.engines else 'memory-backend-ram'
        line = [qemu.path, '-machine', board, '-accel', self.accel, '-cpu', self.cpu_model, '-smp', str(self.cpus),
                '-m', self.memory, '-object', ram + ',id=ram,reserve=off,size=' + self.memory, '-nodefaults', '-vga', 'std', '-display', 'none', '-no-reboot', '-serial', 'stdio']
        # First of all devices: those before it would not be translated.
        vtd = qemu.vtd_device(self.iommu, self.caching_mode, 'ats' in self.engines)
        if vtd:
            line += ['-device', vtd]
        if 'xhci' in self.engines:
            line += ['-device', 'qemu-xhci,addr=3']
        if 'testdev' in self.engines and 'iommu-testdev' in qemu.devices:
            line += ['-device', 'iommu-testdev,addr=4']
        if 'edu' in self.engines:
            line += ['-device', 'edu,addr=5,dma_mask=0xffffffffffffffff']
        if self.has_medium:
            medium.make(self.medium)
            line += ['-drive', 'if=none,id=medium,format=raw,file=' + self.medium.replace(',', ',,') + (',throttling.iops-total=20' if 'late' in self.engines else ''),
                     '-device', 'nvme,addr=6,serial=shootdown,drive=medium' + (',cmb_size_mb=1' if 'cmb' in self.engines else '')]
        if 'virtio-net' in self.engines:
            # Two virtual functions, and the physical one, with no network behind any.
            line += ['-device', 'pcie-root-port,id=above,slot=1,addr=7']
            for n in (1, 2, 0):
                line += ['-device', 'virtio-net-pci,bus=above,addr=0.%d,iommu_platform=on,%s' % (n, 'sriov-pf=pf' if n else 'id=pf,multifunction=on,romfile=')]
        # A guest cannot ask for it: CPUID does not say, SMBIOS has the machine type's only.
        line += ['-device', 'isa-debug-exit,iobase=0xf4,iosize=4',
                 '-fw_cfg', 'name=opt/org.shootdown/qemu,string=' + qemu.version]
        if self.firmware == 'none':
            line += ['-kernel', self.elf] + (['-append', self.args] if self.args else [])
        else:
            if self.firmware == 'ovmf':
                line += ['-bios', qemu.ovmf()]
            line += ['-boot', 'd', '-cdrom', self.iso]
            if self.args:
                line += ['-fw_cfg', 'name=opt/org.shootdown/cmdline,string=' + self.args.replace(',', ',,')]
        return line + list(self.extra)

"""Property names and the order of devices, by version, against QEMUs that only answer questions."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import qemu

FAKE = '''#!/bin/sh
case "$*" in
--version) echo "QEMU emulator version %s (Debian)" ;;
"-device intel-iommu,help") for p in %s; do echo "  $p=<bool> - on/off"; done ;;
"-device help") for d in %s; do echo "name \\"$d\\", bus PCI"; done ;;
esac
'''
V7 = ('7.2.22', 'x-scalable-mode x-pasid-mode caching-mode device-iotlb intremap eim', 'edu qemu-xhci')
V10 = ('10.0.13', 'x-scalable-mode x-flts x-pasid-mode caching-mode device-iotlb intremap eim stale-tm', 'edu qemu-xhci')
V11 = ('11.1.3', 'scalable-mode fsts pasid-bits svm caching-mode device-iotlb intremap eim stale-tm',
       'edu qemu-xhci iommu-testdev')


class Names(unittest.TestCase):
    def qemu(self, version):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, 'qemu')
        with open(path, 'w') as file:
            file.write(FAKE % version)
        os.chmod(path, 0o755)
        self.iso = os.path.join(folder.name, 'iso')
        open(self.iso, 'w').close()
        return qemu.Qemu(path)

    def test_first_stage(self):
        self.assertEqual(self.qemu(V11).vtd_device('scalable-fs'), 'intel-iommu,intremap=on,eim=on,scalable-mode=on,'
                         'device-iotlb=on,pasid-bits=20,fsts=on,svm=on')
        self.assertEqual(self.qemu(V10).vtd_device('scalable-fs'), 'intel-iommu,intremap=on,eim=on,x-scalable-mode=on,'
                         'x-pasid-mode=on,x-flts=on')
        self.assertFalse(self.qemu(V7).has_first_stage)
        self.assertNotIn('eim', self.qemu(V7).vtd_device('scalable-fs'))

    def test_other_kinds(self):
        self.assertEqual(self.qemu(V11).vtd_device('legacy', True), 'intel-iommu,intremap=on,eim=on,caching-mode=on')
        self.assertNotIn('fsts', self.qemu(V11).vtd_device('scalable'))
        self.assertIsNone(self.qemu(V11).vtd_device('off'))

    def test_the_iommu_comes_first(self):
        this = self.qemu(V11)
        line = qemu.Machine(iso=self.iso, args='T=A01,A02').command(this)
        devices = [line[i + 1].split(',')[0] for i, word in enumerate(line) if word == '-device']
        self.assertEqual(devices, ['intel-iommu', 'qemu-xhci', 'iommu-testdev', 'isa-debug-exit'])
        self.assertIn('name=opt/org.shootdown/cmdline,string=T=A01,,A02', line)

    def test_the_guest_is_told_the_version(self):
        this = self.qemu(V11)
        for firmware in ('seabios', 'none'):
            line = qemu.Machine(iso=self.iso, elf=self.iso, firmware=firmware).command(this)
            self.assertIn('name=opt/org.shootdown/qemu,string=11.1.3', line)

    def test_engine_that_is_not_there(self):
        this = self.qemu(V10)
        self.assertNotIn('testdev', ' '.join(qemu.Machine(iso=self.iso).command(this)))

    def test_nvme_gets_a_medium_of_its_own(self):
        this = self.qemu(V11)
        path = self.iso + ',.img'
        line = qemu.Machine(iso=self.iso, engines=('nvme',), medium=path).command(this)
        self.assertIn('if=none,id=medium,format=raw,file=' + path.replace(',', ',,'), line)
        self.assertIn('nvme,addr=6,serial=shootdown,drive=medium', line)
        self.assertTrue(os.path.getsize(path))
        line = qemu.Machine(iso=self.iso, engines=('cmb',), medium=path).command(this)
        self.assertIn('nvme,addr=6,serial=shootdown,drive=medium,cmb_size_mb=1', line)

    def test_device_tlb(self):
        new = (V11[0], V11[1], V11[2] + ' vhost-user-rng-pci')
        old = (V10[0], V10[1], V10[2] + ' vhost-user-rng-pci')
        for version, words in ((new, 'scalable-mode=on,device-iotlb=on,pasid-bits=20'), (old, 'x-scalable-mode=on,x-flts=on,device-iotlb=on')):
            this = self.qemu(version)
            machine = qemu.Machine(iso=self.iso, engines=('ats',), ats='/bin/sh')
            line = machine.command(this)
            self.assertIn('intel-iommu,intremap=on,eim=on,' + words, ' '.join(line))
            self.assertIn('memory-backend-memfd,share=on,id=ram,reserve=off,size=1G', line)
        for version, words, why in ((('7.2.22', *new[1:]), {}, 'too old'), (V11, {}, 'no vhost-user-rng-pci'), (new, {'ats': '/nowhere/ats'}, 'run make'),
                                    (new, {'iommu': 'off'}, 'needs an IOMMU')):
            with self.assertRaisesRegex(qemu.Trouble, why):
                qemu.Machine(iso=self.iso, engines=('ats',), **{'ats': '/bin/sh', **words}).command(self.qemu(version))
        self.assertIsNone(qemu.Machine(iso=self.iso).beside())

    def test_troubles_are_sentences(self):
        with self.assertRaisesRegex(qemu.Trouble, 'make iso'):
            qemu.Machine(iso='/nowhere/iso').command(self.qemu(V11))
        with self.assertRaisesRegex(qemu.Trouble, 'no intel-iommu'):
            self.qemu(('5.0', 'intremap', 'edu'))
        with self.assertRaisesRegex(qemu.Trouble, 'no QEMU called'):
            qemu.find('no-such-qemu')
        with self.assertRaisesRegex(qemu.Trouble, 'does not start'):
            qemu.Qemu('/nowhere/qemu')


if __name__ == '__main__':
    unittest.main()

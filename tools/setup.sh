#!/bin/sh
# Make this machine able to build and run shootdown: probe, and install by apt only what is missing.
#
#   tools/setup.sh run     what `make run` needs: compiler, GRUB, a QEMU with first-stage translation
#   tools/setup.sh test    also what `make test` needs: host tests, all three products of QEMU, OVMF
#   tools/setup.sh lint    also clang and the checkers
#
# A complete machine is recognised by a stamp in the build folder, without network and without apt.
set -eu
cd "$(dirname "$0")/.."
level=${1:-run}
case $level in
run) levels=run ;;
test) levels='run test' ;;
lint) levels='run test lint' ;;
*) echo "setup: '$level' is not a level: say run, test or lint" >&2; exit 1 ;;
esac
build=${O:-build}
stamp=$build/setup.$level

# level | what to look for (a command, or a file by its path) | at least this version | Debian package | why
table='
run|gcc|10|gcc|to compile the kernel
run|ld||binutils|to link the kernel
run|python3|3.9|python3|to run QEMU and judge its output
run|grub-mkrescue|2.04|grub-common|to make the boot image
run|/usr/lib/grub/i386-pc/multiboot2.mod||grub-pc-bin|to boot on a BIOS
run|/usr/lib/grub/x86_64-efi/multiboot2.mod||grub-efi-amd64-bin|to boot on UEFI
run|xorriso||xorriso|to make the boot image
run|mformat||mtools|to make the boot image
run|/usr/include/stdio.h||libc6-dev|to build the device with a device TLB
test|/usr/include/cmocka.h||libcmocka-dev|to build the host tests
test|prove||perl|to run and count the host tests
test|spin|6|spin|to check the model against a second one
lint|clang|14|clang|to compile with a second compiler
lint|ld.lld|14|lld|to link with a second linker
lint|clang-format||clang-format|to check the format of the sources
lint|clang-tidy||clang-tidy|to check the sources
lint|cppcheck||cppcheck|to check the sources
lint|shellcheck||shellcheck|to check the scripts
'

hash=$(cat tools/setup.sh tools/qemu-fetch.sh | sha256sum | cut -c 1-64)
if [ -f "$stamp" ]; then
	{
		read -r seen || seen=
		while read -r path && [ -e "$path" ]; do :; done
	} <"$stamp"
	# The loop leaves an empty path only when every line of the stamp was found.
	if [ "$seen" = "$hash" ] && [ -z "$path" ]; then exit 0; fi
fi

where() { # WHAT: the path of a command or file, or nothing
	case $1 in
	/*) [ ! -e "$1" ] || echo "$1" ;;
	*) command -v "$1" || true ;;
	esac
}

old() { # COMMAND LEAST: succeeds, and says so, if the command is older than LEAST
	[ -n "$2" ] || return 1
	text=$("$1" --version 2>&1) || text=$("$1" -V 2>&1) || text=
	have=$(echo "$text" | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)
	[ "$(printf '%s\n%s\n' "$2" "$have" | sort -V | head -n 1)" = "$2" ] && return 1
	echo "setup: $1 here is ${have:-of unknown version}; shootdown needs $2 or later" >&2
}

in_level() { case " $levels " in *" ${1:-none} "*) ;; *) return 1 ;; esac; }

# What is not here: its packages into $packages, one line of explanation each into $missing.
look() {
	packages=''
	missing=''
	found=''
	while IFS='|' read -r lev what least package why; do
		in_level "$lev" || continue
		path=$(where "$what")
		if [ -z "$path" ]; then
			packages="$packages $package"
			missing="$missing  $package ($what) $why
"
		else
			found="$found$path
"
		fi
	done <<-END
		$table
	END
}

first_stage() { # QEMU: succeeds if its intel-iommu has first-stage translation
	"$1" -device intel-iommu,help 2>/dev/null | grep -Eq '^ *(x-flts|fsts)='
}

[ "$(uname -m)" = x86_64 ] || echo "setup: this is $(uname -m); shootdown is built and run on x86_64" >&2
mkdir -p "$build"
look

# A private QEMU can be fetched while apt installs the rest.
system_qemu=$(command -v qemu-system-x86_64 || true)
channels=
if [ "$level" != run ]; then
	channels='newest stable oldstable'
elif ! { [ -n "$system_qemu" ] && first_stage "$system_qemu"; }; then
	channels=newest
fi
if [ -n "$channels$packages" ] && ! command -v apt-get >/dev/null; then
	{
		echo "setup: no apt here, so please install by hand (Debian's package names):"
		printf '%s' "$missing"
		if [ -n "$channels" ]; then
			echo "  QEMU 10.0 or later as qemu-system-x86_64 (11.1 shows most): the IOMMU's first-stage translation is new in it"
		fi
		echo "setup: then run again"
	} >&2
	# On a system without apt its own QEMU is all there is to test with.
	if [ -n "$packages" ] || [ -z "$system_qemu" ] || ! first_stage "$system_qemu"; then exit 1; fi
	channels=
fi
fetch=
if [ -n "$channels" ]; then
	(for channel in $channels; do tools/qemu-fetch.sh "$channel" || exit 1; done) &
	fetch=$!
fi

install() {
	sudo=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || {
			echo "setup: these packages are missing, and this user is neither root nor has sudo:$packages" >&2
			return 1
		}
		sudo=sudo
	fi
	log=$build/setup.log
	echo "setup: installing$packages"
	# Sources that cannot be reached are somebody else's matter as long as these packages can be had.
	$sudo timeout 300 apt-get -q update >"$log" 2>&1 </dev/null || true
	# shellcheck disable=SC2086
	$sudo env DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -q -y -o DPkg::Lock::Timeout=120 \
		install --no-install-recommends $packages >>"$log" 2>&1 </dev/null || {
		echo "setup: apt could not install$packages:" >&2
		grep -E '^(E|W|Err)' "$log" | tail -n 6 >&2
		echo "setup: the whole story is in $log" >&2
		return 1
	}
}

good=yes
[ -z "$packages" ] || install || good=
[ -z "$fetch" ] || wait "$fetch" || good=
[ -n "$good" ] || { echo "setup: not complete; to run it again: tools/setup.sh $level" >&2; exit 1; }

look
if [ -n "$missing" ]; then
	printf 'setup: still missing after installation:\n%s' "$missing" >&2
	exit 1
fi
while IFS='|' read -r lev what least package why; do
	in_level "$lev" || continue
	if old "$what" "$least"; then good=; fi
done <<END
$table
END
[ -n "$good" ] || exit 1

{
	echo "$hash"
	printf '%s' "$found"
	for channel in $channels; do echo ".qemu/$channel/version"; done
	[ -n "$channels" ] || [ -z "$system_qemu" ] || echo "$system_qemu"
} >"$stamp"

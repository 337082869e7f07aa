#!/bin/sh
# A private QEMU from Debian, in .qemu/CHANNEL, beside the system's own and without touching it:
#
#   tools/qemu-fetch.sh newest       QEMU of trixie-backports (11.1 and later)
#   tools/qemu-fetch.sh stable       QEMU of trixie (10.0)
#   tools/qemu-fetch.sh oldstable    QEMU of bookworm (7.2), whose IOMMU has no first stage
#
# apt does the fetching with its own lists, status and cache in .qemu/apt; signatures are always checked. The
# packages are only unpacked, never installed, and the result runs through its own dynamic loader.
set -eu
cd "$(dirname "$0")/.."
dir=$PWD/.qemu
channel=${1:-newest}
case $channel in
newest) suite=trixie-backports ;;
stable) suite=trixie ;;
oldstable) suite=bookworm ;;
*) echo "qemu-fetch: '$channel' is not a channel: say newest, stable or oldstable" >&2; exit 1 ;;
esac

die() {
	echo "qemu-fetch: $*" >&2
	echo "qemu-fetch: to run it again: tools/qemu-fetch.sh $channel" >&2
	exit 1
}

usable() { [ -x "$dir/$channel/qemu-system-x86_64" ] && [ -f "$dir/$channel/version" ]; }

usable && exit 0
[ "$(uname -m)" = x86_64 ] || die "Debian's amd64 QEMU does not run on $(uname -m); put a QEMU 10.0 or later in PATH instead"
for tool in apt-get dpkg-deb flock; do
	command -v $tool >/dev/null || die "this needs $tool; put a QEMU 10.0 or later in PATH instead"
done

mkdir -p "$dir"
exec 9>"$dir/lock"
flock -w 300 9 || die "another fetch has held $dir/lock for 300 s"
usable && exit 0

apt=$dir/apt
log=$dir/fetch-$channel.log
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
: >"$apt/state/status"
: >"$log"

# The mirror that this machine already uses, where it is a Debian one.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
	sed 's/#.*//' | grep -oE 'https?://[^] ]+/debian/?( |$)' | head -n 1 | tr -d ' ') || true
mirror=${mirror:-http://deb.debian.org/debian}

# The keyring: the system's if it knows trixie, else the newer package, itself checked by the system's own apt.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if ! [ -f /usr/share/keyrings/debian-archive-trixie-automatic.gpg ] &&
	! [ -f /usr/share/keyrings/debian-archive-trixie-automatic.pgp ]; then
	echo "qemu-fetch: the Debian keyring here is older than trixie; asking the system's apt for a newer one"
	rm -rf "$apt/keyring" && mkdir -p "$apt/keyring"
	(cd "$apt/keyring" && timeout 120 apt-get -q -o APT::Sandbox::User=root download debian-archive-keyring) >>"$log" 2>&1 ||
		die "no debian-archive-keyring to be had from the system's sources; install one that knows trixie (2025.1 or later). See $log"
	dpkg-deb -x "$apt"/keyring/*.deb "$apt/keyring"
	keyring=$apt/keyring$keyring
	ls "$apt"/keyring/usr/share/keyrings/*trixie* >/dev/null 2>&1 ||
		die "the newest debian-archive-keyring of the system's sources does not know trixie; install 2025.1 or later by hand"
fi

for known in trixie trixie-backports bookworm; do
	echo "deb [arch=amd64 signed-by=$keyring] $mirror $known main"
done >"$apt/sources.list"
# Neither the system's apt configuration nor its hooks apply; only how it reaches the network.
cat >"$apt/apt.conf" <<END
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
END
apt-config dump | grep -E '^Acquire::(https?::)?([Pp]roxy|CAInfo|CaInfo|http)' | grep -vi timeout >>"$apt/apt.conf" || true
export APT_CONFIG="$apt/apt.conf"

download() {
	timeout 300 apt-get -q -y --download-only -t $suite install qemu-system-x86 ovmf >>"$log" 2>&1
}
update() {
	timeout 120 apt-get -q update -o APT::Update::Error-Mode=any >>"$log" 2>&1 ||
		die "apt could not read $suite from $mirror:
$(grep -E '^(E|W|Err)' "$log" | tail -n 4)
  the whole story is in $log"
}
started=$(date +%s)
echo "qemu-fetch: QEMU of Debian $suite from $mirror"
ls "$apt"/state/lists/*_dists_${suite}_*Packages* >/dev/null 2>&1 || update
# Lists from an earlier day may name packages that are gone: once more with new ones.
download || { update; download; } ||
	die "apt could not download QEMU:
$(grep -E '^(E|W|Err)' "$log" | tail -n 4)
  the whole story is in $log"

new=$dir/$channel.new
rm -rf "$new"
# Where some packages of bookworm have /lib, all have /usr/lib.
mkdir -p "$new/root/usr/lib"
ln -s usr/lib "$new/root/lib"
# Two channels share the cache: unpack what this one resolves to.
apt-get -q -y -s -t $suite install qemu-system-x86 ovmf 2>>"$log" |
	awk '$1 == "Inst" { v = $3; sub(/^\(/, "", v); gsub(/:/, "%3a", v); print $2 "_" v "_" }' >"$new/packages"
while read -r package; do
	set -- "$apt"/cache/archives/"$package"*.deb
	[ -f "$1" ] || die "$package was resolved but not downloaded; see $log"
	dpkg-deb --fsys-tarfile "$1" | tar -x -C "$new/root" --no-same-owner --keep-directory-symlink \
		--exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./etc' \
		--exclude='./usr/lib/x86_64-linux-gnu/gconv' --exclude='./usr/bin/qemu-system-i386' \
		--exclude='./usr/bin/qemu-system-x86_64-microvm' --exclude='*.secboot*' ||
		die "$1 could not be unpacked"
done <"$new/packages"

cat >"$new/qemu-system-x86_64" <<'END'
#!/bin/sh
# QEMU with its own libraries, loader and firmware, whatever the system has.
self=$(readlink -f "$0")
root=${self%/*}/root
lib=$root/usr/lib/x86_64-linux-gnu
export QEMU_MODULE_DIR="$lib/qemu"
exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib" "$root/usr/bin/qemu-system-x86_64" \
	-L "$root/usr/share/qemu" -L "$root/usr/share/seabios" -L "$root/usr/lib/ipxe/qemu" "$@"
END
chmod +x "$new/qemu-system-x86_64"
version=$("$new/qemu-system-x86_64" --version 2>>"$log" | sed -n 's/.*version \([0-9.]*\).*/\1/p')
[ -n "$version" ] || die "the unpacked QEMU does not start; see $log"
echo "$version" >"$new/version"
[ -f "$new/root/usr/share/ovmf/OVMF.fd" ] || die "the ovmf package of $suite has no usr/share/ovmf/OVMF.fd"

rm -rf "${dir:?}/$channel"
mv "$new" "$dir/$channel"
# Also reachable by its version: .qemu/11.1
short=$(echo "$version" | cut -d. -f1,2)
ln -sfn "$channel" "$dir/$short"
rm -f "$apt"/cache/archives/*.deb "$apt"/cache/*.bin
echo "qemu-fetch: QEMU $version in .qemu/$channel (also .qemu/$short), $(($(date +%s) - started)) s"

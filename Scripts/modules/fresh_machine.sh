# Does what README says on a fresh Debian 12, as a user with sudo who has Swift and nothing else: 'make demo', a JSON file of one's
# own, packages that depend on this one, and with --tests 'make test'. Prints how long each takes.
#
# Usage: Scripts/check-install fresh-machine [--tests] [DIRECTORY]
#   --tests     run all tests, too
#   DIRECTORY   where the machine is made, /var/tmp/fresh-debian by default; removed at the end unless KEEP is set
#   MIRROR      where Debian's packages come from
# Needs root, debootstrap and the network. The Swift that is on the PATH is shown to the machine, read-only.
set -euo pipefail
cd "$(dirname "$0")/../.."

tests=
[ "${1:-}" != --tests ] || { tests=1; shift; }
machine=${1:-/var/tmp/fresh-debian}
mirror=${MIRROR:-http://deb.debian.org/debian}
toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")
[ "$(id -u)" -eq 0 ] || { echo "root is needed to make a machine: use sudo" >&2; exit 77; }
Scripts/install-dependencies debootstrap

if [ ! -e "$machine/etc/os-release" ]; then
  debootstrap --variant=minbase --include=ca-certificates,git,make,sudo bookworm "$machine" "$mirror" >/dev/null
fi
[ -n "${KEEP:-}" ] || trap 'rm -rf --one-file-system "$machine"' EXIT
cp /etc/resolv.conf "$machine/etc/resolv.conf"
mkdir -p "$machine/opt/toolchain" "$machine/repository"

# Where git fetches from may be redirected to a directory of this machine: show that, too.
{ printf '[safe]\n\tdirectory = *\n'; cat /etc/gitconfig 2>/dev/null || true; } >"$machine/etc/gitconfig"
mirrors=$(git config --system --get-regexp '^url\..*\.insteadof$' 2>/dev/null | sed -E 's/^url\.(.*)\.insteadof .*/\1/' | grep '^/' | sort -u || true)

# What Swift needs on Debian 12, by https://www.swift.org/install/linux/debian/12/.
cat >"$machine/usr/local/bin/prepare" <<'PREPARE'
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y binutils-gold gnupg2 libc6-dev libcurl4-openssl-dev libedit2 libgcc-12-dev libncurses-dev \
  libpython3-dev libsqlite3-0 libstdc++-12-dev libxml2-dev libz3-dev pkg-config tzdata zlib1g-dev >/dev/null
id newcomer >/dev/null 2>&1 || useradd --create-home --shell /bin/bash newcomer
echo "newcomer ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/newcomer
PREPARE

cat >"$machine/usr/local/bin/first-contact" <<'CONTACT'
set -euo pipefail
cd
rm -rf bump-arena books.json arena-store
step() { local began=$SECONDS; "$@" >log 2>&1 || { tail -n 50 log >&2; exit 1; }; echo "$((SECONDS - began)) s: $*"; }
step git clone file:///repository bump-arena
cd bump-arena
step Scripts/check-install client
step make demo
cd
export PATH="$PWD/bump-arena/.build/release:$PATH"
printf '%s\n' '{"id": 42, "title": "The Origins of Totalitarianism", "author": "Hannah Arendt"}' >books.json
step arena-index add books books.json
step arena-index search books "origins author:arendt"
grep -q '^1 document' log
step arena-index doctor --require-unified
cd bump-arena
[ -z "${TESTS:-}" ] || step make test
CONTACT

TOOLCHAIN=$toolchain MIRRORS=$mirrors TESTS=$tests unshare --mount --propagation private bash -euo pipefail -s "$machine" <<'INSIDE'
machine=$1
show() { mkdir -p "$machine$2"; mount --bind "$1" "$machine$2"; }
show /proc /proc; mount --rbind /dev "$machine/dev"
show "$TOOLCHAIN" /opt/toolchain; show "$PWD" /repository
for path in $MIRRORS; do show "$path" "$path"; done
enter() {
  chroot "$machine" env -i PATH=/opt/toolchain/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 TERM=dumb TESTS="$TESTS" "$@"
}
enter HOME=/root bash /usr/local/bin/prepare
enter HOME=/home/newcomer USER=newcomer setpriv --reuid newcomer --regid newcomer --init-groups bash /usr/local/bin/first-contact
INSIDE

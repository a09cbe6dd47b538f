#!/usr/bin/env bash
# The one place for everything that Antrean needs from the machine. It installs
# only what is missing, so a second call does nothing and takes a moment.
#
#   deploy/setup.sh GROUP...     build run screen test lint all
#   deploy/setup.sh tool NAME    print the path of a Go tool, built first where missing
#   deploy/setup.sh list GROUP   print the group's packages
#
# It installs as root, or by "sudo -n". Where it may not, it names what is missing
# and the command to type, and stops with 1. On a system without dpkg, install the
# like of these packages and set ANTREAN_SETUP=skip.
set -euo pipefail
cd "$(dirname "$0")/.."

# Compiling kiosk and board (fyne/app is C below its surface), and -race.
build="gcc libc6-dev pkgconf libgl-dev libxrandr-dev libxxf86vm-dev libxi-dev libxcursor-dev libxinerama-dev"
# Running them. Most of these are opened at run time, so ldd does not name them.
run="libgl1 libgl1-mesa-dri libx11-6 libxcursor1 libxrandr2 libxinerama1 libxi6 libxext6 libxrender1 libxxf86vm1 espeak-ng alsa-utils"
# A screen where there is none.
screen="xvfb"
# Fingers, eyes and ears of the tests and the demo.
test="$screen xdotool imagemagick espeak-ng alsa-utils tesseract-ocr chromium"

gofumpt=mvdan.cc/gofumpt@v0.9.2
golangci_lint=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.0
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0

say() { printf 'setup: %s\n' "$*" >&2; }
stop() {
	say "$@"
	exit 1
}

# packages GROUP prints the packages of a group, those of this system.
packages() {
	local names
	case $1 in
	build) names=$build ;;
	run) names=$run ;;
	screen) names=$screen ;;
	test) names=$test ;;
	*) stop "no group of packages is called '$1'" ;;
	esac
	if [ "$(system)" = ubuntu ]; then # its package "chromium" only fetches a snap
		names=${names/ chromium/}
	fi
	printf '%s\n' $names
}

system() {
	# shellcheck disable=SC1091
	(. /etc/os-release 2>/dev/null && printf '%s' "${ID:-}") || true
}

# missing PACKAGE... prints those that dpkg does not hold installed.
missing() {
	{ dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } | # 1 where it knows one not
		awk -v all="$*" '$1 == "installed" { have[$2] = 1 }
			END { n = split(all, names, " "); for (i = 1; i <= n; i++) if (!(names[i] in have)) print names[i] }'
}

install_packages() {
	local want lack root=()
	want=$(for group; do packages "$group"; done | sort -u)
	[ "${ANTREAN_SETUP:-}" != skip ] || return 0
	if ! command -v dpkg-query >/dev/null; then
		say "this system has no dpkg. Install what corresponds to these Debian packages, then set ANTREAN_SETUP=skip:"
		stop "$(printf '%s ' $want)"
	fi
	# shellcheck disable=SC2086
	lack=$(missing $want | tr '\n' ' ')
	[ -n "$lack" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		if ! sudo -n true 2>/dev/null; then
			say "these packages are missing, and this account may not install them: $lack"
			stop "type: sudo apt-get update && sudo apt-get install --no-install-recommends $lack"
		fi
		root=(sudo -n)
	fi
	say "installing $lack"
	# shellcheck disable=SC2086
	apt_install $lack
}

# apt_install asks for fresh lists only where the old ones do not suffice.
apt_install() {
	local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
	if ! apt-cache show "$@" >/dev/null 2>&1; then
		"${apt[@]}" update
	elif "${apt[@]}" install -y --no-install-recommends "$@"; then
		return 0
	else
		"${apt[@]}" update
	fi
	"${apt[@]}" install -y --no-install-recommends "$@" || stop "apt-get could not install: $*"
}

# programs checks what no package of ours brings.
programs() {
	local want have
	command -v make >/dev/null || say "make is missing (it is only needed for the Makefile): apt-get install make"
	command -v git >/dev/null || say "git is missing: the programs will not know their version"
	want=$(awk '$1 == "go" { print $2 }' go.mod)
	command -v go >/dev/null || stop "Go is missing: install Go $want or later (https://go.dev/dl) and put its bin folder on the PATH"
	have=$(go env GOVERSION 2>/dev/null | sed 's/^go//;s/[^0-9.].*//') || true
	if [ -z "$have" ] || [ "$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -n 1)" != "$want" ]; then
		stop "$(go version 2>/dev/null | cut -d' ' -f3) is too old: install Go $want or later (https://go.dev/dl)"
	fi
}

# tool NAME prints where a Go tool is. Each version has a folder of its own, built
# from source once.
tool() {
	local name=$1 what=${1//-/_} module folder
	module=${!what:-}
	case $name in gofumpt | golangci-lint | govulncheck) ;; *) stop "no tool is called '$name'" ;; esac
	folder=${XDG_CACHE_HOME:-${HOME:?}/.cache}/antrean/tools/${module##*@}
	if [ ! -x "$folder/$name" ]; then
		say "building $name ${module##*@}, once"
		mkdir -p "$folder"
		# Outside the module, so that nothing of the tool enters go.mod, and to a name
		# of its own first: a build that was broken off leaves no half tool.
		(cd "$folder" && env -u GOFLAGS GOBIN="$folder/new.$$" go install "$module") || stop "$name could not be built"
		mv "$folder/new.$$/$name" "$folder/$name"
		rmdir "$folder/new.$$"
	fi
	printf '%s\n' "$folder/$name"
}

setup() {
	local groups=() lint=
	for group; do
		case $group in
		build | run | screen | test) groups+=("$group") ;;
		lint) lint=yes ;;
		all) groups=(build run screen test) lint=yes ;;
		*) stop "unknown group '$group': build, run, screen, test, lint or all" ;;
		esac
	done
	programs
	[ ${#groups[@]} = 0 ] || install_packages "${groups[@]}"
	case " ${groups[*]:-} " in
	*" test "*)
		if ! command -v chromium >/dev/null && [ "$(system)" = ubuntu ]; then
			say "Ubuntu's Chromium is a snap, which cannot be driven here: tests in a browser are skipped, and make demo needs Debian"
		fi
		;;
	esac
	if [ -n "$lint" ]; then
		tool gofumpt >/dev/null
		tool golangci-lint >/dev/null
	fi
}

case ${1:-} in
"" | -h | --help) sed -n '2,12s/^# \{0,1\}//p' "$0" ;;
tool) tool "${2:?which tool}" ;;
list) packages "${2:?which group}" ;;
*) setup "$@" ;;
esac

#!/bin/sh
# Installs daypass, its completions and its man pages under one directory, without root.
#
# Everything that can fail (a missing source, a directory that cannot be written to, the build, a
# full disk) comes before the first file is put in place: files are first copied to temporary
# names beside their destinations, and then all renamed in one go. What was installed is listed in
# a manifest, which is all that --uninstall and the next install go by.
#
# POSIX sh: runs under dash, bash and busybox sh.
set -eu

newline='
'
usage_line='usage: install.sh [--prefix DIR] [--binary FILE] [--uninstall] [--dry-run] [--help]'

usage() {
    cat <<TEXT
$usage_line

Builds daypass and installs it for this user. Where it is already built, as in the archive of a release,
installs that.

  --prefix DIR   install under DIR instead of ~/.local
  --binary FILE  install this daypass instead of building one
  --uninstall    remove what was installed under the prefix, and nothing else
  --dry-run      say what would be done, and change nothing
  --help         show this help
TEXT
}

# fail WHAT [HINT]
fail() {
    printf 'install.sh: error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
    exit 1
}

# usage_error WHAT
usage_error() {
    printf 'install.sh: error: %s\n%s\n' "$1" "$usage_line" >&2
    exit 2
}

# ── Arguments ───────────────────────────────────────────────────────────────────────────────────

# require_value OPTION COUNT VALUE: refuses an option whose value was forgotten.
require_value() {
    [ "$2" -gt 1 ] || usage_error "$1 needs a value"
    case $3 in
    '' | -*) usage_error "$1 needs a value" ;;
    esac
}

# absolute PATH: the path from the root. A leading ~ is one that the shell did not expand, as in
# --prefix=~/tools.
absolute() {
    # shellcheck disable=SC2088 # literal tildes are what this looks for
    case $1 in
    /*) printf '%s\n' "$1" ;;
    '~' | '~/'*) printf '%s\n' "${HOME:?}${1#\~}" ;;
    .) pwd ;;
    *) printf '%s\n' "$(pwd)/${1#./}" ;;
    esac
}

prefix='' binary='' action=install dry_run=no
while [ $# -gt 0 ]; do
    case $1 in
    --prefix | --binary)
        require_value "$1" $# "${2-}"
        case $1 in
        --prefix) prefix=$2 ;;
        --binary) binary=$2 ;;
        esac
        shift
        ;;
    --prefix=*)
        prefix=${1#*=}
        [ -n "$prefix" ] || usage_error '--prefix needs a value'
        ;;
    --binary=*)
        binary=${1#*=}
        [ -n "$binary" ] || usage_error '--binary needs a value'
        ;;
    --uninstall) action=uninstall ;;
    --dry-run) dry_run=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    -*) usage_error "unknown option $1" ;;
    *) usage_error "unexpected argument $1" ;;
    esac
    shift
done
[ "$action" = install ] || [ -z "$binary" ] || usage_error '--uninstall takes no --binary'

if [ -z "$prefix" ]; then
    [ -n "${HOME:-}" ] || fail 'HOME is not set' 'say where to install with --prefix DIR'
    prefix=$HOME/.local
fi
prefix=$(absolute "$prefix")
# Lines are what the manifest, the loops below and the lines for rc files are made of.
case $prefix in
*"$newline"*) fail 'the prefix contains a line break' ;;
esac
# An empty prefix is the root directory.
while [ "${prefix%/}" != "$prefix" ]; do prefix=${prefix%/}; done

manifest=share/daypass/manifest
source=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=no
if [ -n "$binary" ]; then
    binary=$(absolute "$binary")
elif [ "$action" = install ] && [ -f "$source/daypass" ] && [ ! -e "$source/Cargo.toml" ]; then
    binary=$source/daypass
elif [ "$action" = install ]; then
    build=yes
    # Set in any case, so that cargo's own configuration cannot put the program elsewhere.
    CARGO_TARGET_DIR=$(absolute "${CARGO_TARGET_DIR:-$source/target}")
    export CARGO_TARGET_DIR
    binary=$CARGO_TARGET_DIR/release/daypass
fi

# ── What is installed where ─────────────────────────────────────────────────────────────────────

# each_file FUNCTION: calls FUNCTION SOURCE MODE DESTINATION for each file to install. The
# destination is relative to the prefix.
each_file() {
    "$1" "$binary" 755 bin/daypass
    "$1" "$source/completions/daypass.bash" 644 share/bash-completion/completions/daypass
    "$1" "$source/completions/_daypass" 644 share/zsh/site-functions/_daypass
    "$1" "$source/completions/daypass.fish" 644 share/fish/vendor_completions.d/daypass.fish
    "$1" "$source/completions/daypass.ps1" 644 share/daypass/completions/daypass.ps1
    "$1" "$source/completions/daypass.elv" 644 share/daypass/completions/daypass.elv
    for page in "$source"/man/*.1; do
        "$1" "$page" 644 "share/man/man1/${page##*/}"
    done
}

# temporary DESTINATION: the name that a file has until all are there. The directory is the same,
# so that the rename is one; the leading dot keeps it out of the way of shells and man.
temporary() {
    printf '%s/%s/.%s.install-%s\n' "$prefix" "${1%/*}" "${1##*/}" $$
}

print_destination() {
    printf '%s\n' "$3"
}

# ── The manifest ────────────────────────────────────────────────────────────────────────────────
#
#     made 1                  directories made for the prefix itself: it, its parent, …
#     dir share/daypass       a directory that was made
#     file bin/daypass        a file
#
# Paths are relative to the prefix, so a tree that was moved can still be uninstalled.

# Sets old_made, old_dirs and old_files from the manifest. Refuses one that could make us remove
# anything outside the prefix.
read_manifest() {
    old_made=0 old_dirs='' old_files=''
    [ -f "$prefix/$manifest" ] || return 0
    while read -r kind entry; do
        case $kind/$entry/ in
        made/*[!0-9]*/ | made// | */../* | dir//* | file//*)
            fail "$prefix/$manifest: bad entry: $kind $entry" 'it was changed since the installation'
            ;;
        '#'*) ;;
        made/*) old_made=$entry ;;
        dir/*) old_dirs="$old_dirs$entry$newline" ;;
        file/*) old_files="$old_files$entry$newline" ;;
        *) fail "$prefix/$manifest: bad entry: $kind $entry" 'it was changed since the installation' ;;
        esac
    done <"$prefix/$manifest"
}

# has_line LINES LINE
has_line() {
    case $newline$1 in
    *"$newline$2$newline"*) return 0 ;;
    esac
    return 1
}

# ── Checks ──────────────────────────────────────────────────────────────────────────────────────

check_source() {
    if [ "$build" = yes ] && [ "$1" = "$binary" ]; then
        return 0
    fi
    [ -e "$1" ] || fail "$1: no such file" \
        'run install.sh where it was unpacked or checked out, with everything that came with it'
    if [ ! -f "$1" ] || [ ! -r "$1" ]; then fail "$1: not a file that can be read"; fi
    [ -s "$1" ] || fail "$1: the file is empty"
}

check_destination() {
    # A rename would put the file into the directory, under the temporary name.
    [ ! -d "$prefix/$3" ] || fail "$prefix/$3: is a directory"
    existing=$prefix/${3%/*}
    while [ ! -e "$existing" ] && [ ! -L "$existing" ]; do existing=$(dirname "$existing"); done
    [ -d "$existing" ] || fail "$existing: not a directory"
    if [ ! -w "$existing" ] || [ ! -x "$existing" ]; then
        fail "$existing: cannot be written to" 'choose another place with --prefix DIR'
    fi
}

check_file() {
    check_source "$@"
    check_destination "$@"
}

# version_number VERSION: 1.94.1 as 1094001, which can be compared.
version_number() (
    IFS=.
    # shellcheck disable=SC2086 # splitting at the dots is the point
    set -- $1 0 0 0
    printf '%s\n' $(($1 * 1000000 + $2 * 1000 + $3))
)

check_cargo() {
    [ -f "$source/Cargo.toml" ] || fail "$source/Cargo.toml: no such file" \
        'there is nothing to build here: give a program that is already built with --binary FILE'
    minimum=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' "$source/Cargo.toml")
    if ! command -v cargo >/dev/null; then
        if [ -n "${HOME:-}" ] && [ -x "$HOME/.cargo/bin/cargo" ]; then
            fail 'cargo is not on PATH' ". \"\$HOME/.cargo/env\", then run this again"
        fi
        fail 'cargo is not installed' \
            "get Rust $minimum or newer from https://rustup.rs, or give a program that is already built with --binary FILE"
    fi
    # In the source directory, where rustup may choose another toolchain than here.
    said=$(cd "$source" && cargo --version) || fail 'cargo --version failed' 'rustup update stable'
    version=${said#cargo }
    version=${version%%[!0-9.]*}
    [ -n "$version" ] || fail "cargo --version said: $said" 'rustup update stable'
    [ "$(version_number "$version")" -ge "$(version_number "$minimum")" ] ||
        fail "cargo is $version, and daypass needs $minimum or newer" 'rustup update stable'
}

# ── Installing ──────────────────────────────────────────────────────────────────────────────────

build_binary() {
    printf 'building daypass (the first time takes some minutes)\n'
    (cd "$source" && cargo build --release --locked) ||
        fail 'the build failed' \
            'it needs a C compiler (Debian: apt-get install build-essential); or take a program that is already built with --binary FILE'
    [ -f "$binary" ] || fail "$binary: the build did not make it" \
        'is another target set in the configuration of cargo? Then give the program with --binary FILE'
}

# Directories that this run made, and how many for the prefix itself.
new_dirs='' new_made=0

make_prefix() {
    directory=${prefix:-/}
    while [ ! -d "$directory" ]; do
        new_made=$((new_made + 1))
        directory=$(dirname "$directory")
    done
    mkdir -p "${prefix:-/}"
}

# make_directory DIRECTORY: makes it, parents first, and keeps account of what was made.
make_directory() {
    [ ! -d "$prefix/$1" ] || return 0
    case $1 in
    */*) make_directory "${1%/*}" ;;
    esac
    mkdir "$prefix/$1"
    new_dirs="$new_dirs$1$newline"
}

# remove_directories DIRECTORIES MADE: those that are empty, then up to MADE levels of the prefix.
# What others have put there since stays, and so does the directory around it.
remove_directories() {
    # In reverse order each comes before the one that it is in.
    printf '%s' "$1" | LC_ALL=C sort -ur | while IFS= read -r directory; do
        rmdir "$prefix/$directory" 2>/dev/null || true
    done
    directory=$prefix
    levels=$2
    while [ "$levels" -gt 0 ] && [ -n "$directory" ] && rmdir "$directory" 2>/dev/null; do
        directory=${directory%/*}
        levels=$((levels - 1))
    done
}

# remove_leftovers DESTINATION: what a run that was killed, or ended with the power, has left beside it.
remove_leftovers() {
    for leftover in "$prefix/${1%/*}/.${1##*/}.install-"*; do
        # One that is running keeps its own.
        if [ -f "$leftover" ] && ! kill -0 "${leftover##*-}" 2>/dev/null; then rm -f "$leftover"; fi
    done
}

stage_file() {
    make_directory "${3%/*}"
    remove_leftovers "$3"
    staged=$(temporary "$3")
    cp "$1" "$staged"
    chmod "$2" "$staged"
}

# A program for another machine, or for a newer C library than the one here.
check_program() {
    said=$("$(temporary bin/daypass)" --version 2>&1) || fail "$binary: does not run here: $said" \
        'build it here: run install.sh in the source, without --binary'
}

unstage_file() {
    rm -f "$(temporary "$3")"
}

# Cleans up when the run ends early.
abandon() {
    status=$?
    # A second Ctrl-C must not cut this short.
    trap '' HUP INT QUIT PIPE TERM
    each_file unstage_file
    unstage_file '' '' "$manifest"
    if [ "$phase" = staging ]; then
        remove_directories "$new_dirs" "$new_made"
        printf 'install.sh: error: not installed; nothing was changed\n' >&2
    else
        printf 'install.sh: error: installed only in part\n  hint: run this again, or with --uninstall\n' >&2
    fi
    exit "$status"
}

put_in_place() {
    mv -f "$(temporary "$3")" "$prefix/$3"
}

# Lists what the last version installed and this one does not, the manifest apart.
obsolete_files() {
    new_files=$(each_file print_destination)$newline
    printf '%s' "$old_files" | while IFS= read -r file; do
        has_line "$new_files" "$file" || printf '%s\n' "$file"
    done
}

# Removes the files that are named on standard input, or with --dry-run says so.
remove_files() {
    while IFS= read -r file; do
        path=$prefix/$file
        # What is gone already, and a directory, which is not what was installed.
        if [ ! -f "$path" ] && [ ! -L "$path" ]; then continue; fi
        if [ "$dry_run" = no ]; then
            rm -f "$path" || fail "$path: cannot be removed"
            # Nobody to tell is no reason to stop half-way.
            printf 'removed %s\n' "$path" || true
        else
            printf 'would remove %s\n' "$path"
        fi
    done
}

print_manifest() {
    printf '# What install.sh put here, relative to the directory two levels up.\n'
    printf 'made %s\n' $((old_made > new_made ? old_made : new_made))
    # Without those that became empty with the obsolete files.
    printf '%s' "$old_dirs$new_dirs" | LC_ALL=C sort -u | while IFS= read -r directory; do
        [ ! -d "$prefix/$directory" ] || printf 'dir %s\n' "$directory"
    done
    each_file print_destination | sed 's/^/file /'
}

install_files() {
    phase=staging
    trap abandon EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 131' QUIT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
    make_prefix
    make_directory "${manifest%/*}"
    remove_leftovers "$manifest"
    each_file stage_file
    check_program

    # From here on nothing is left that takes time or space, and half of it would be worse than
    # all. The order keeps the manifest complete at every moment, even if the power fails: it
    # still lists what is removed, and already lists what is put in place.
    trap '' HUP INT QUIT PIPE TERM
    phase=renaming
    obsolete_files | remove_files
    remove_directories "$old_dirs" 0
    print_manifest >"$(temporary "$manifest")"
    chmod 644 "$(temporary "$manifest")"
    put_in_place '' '' "$manifest"
    each_file put_in_place
    trap - EXIT HUP INT QUIT PIPE TERM
}

# ── What is left to the user ────────────────────────────────────────────────────────────────────

# double_quoted TEXT [CODE]: for the shells of the Bourne family; CODE, if any, comes behind the
# text as it is.
double_quoted() {
    # shellcheck disable=SC2016 # the characters that need a backslash
    printf '"%s%s"\n' "$(printf '%s' "$1" | sed 's/[\\"$`]/\\&/g')" "${2-}"
}

# fish_quoted TEXT
fish_quoted() {
    printf "'%s'\n" "$(printf '%s' "$1" | sed "s/[\\\\']/\\\\&/g")"
}

# single_quoted TEXT: for elvish and PowerShell.
single_quoted() {
    printf "'%s'\n" "$(printf '%s' "$1" | sed "s/'/''/g")"
}

# todo WHAT LINE
todo() {
    printf '\n%s:\n\n    %s\n' "$1" "$2"
}

on_path() {
    case :${PATH:-}: in
    *":$prefix/bin:"*) return 0 ;;
    esac
    return 1
}

# True if shells look for completions of theirs under the prefix by themselves.
is_data_directory() {
    case :${XDG_DATA_HOME:-${HOME:-}/.local/share}:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}: in
    *":$prefix/share:"* | *":$prefix/share/:"*) return 0 ;;
    esac
    return 1
}

print_path_todo() {
    # shellcheck disable=SC2088 # for the eye: names are printed, not opened
    case $shell in
    bash) rc='~/.bashrc' ;;
    zsh) rc=$zshrc ;;
    sh | dash | ash | ksh | mksh) rc='~/.profile' ;;
    fish)
        todo "$prefix/bin is not on PATH. Run this once" "fish_add_path $(fish_quoted "$prefix/bin")"
        return
        ;;
    *)
        todo 'Put this directory on PATH' "$prefix/bin"
        return
        ;;
    esac
    todo "$prefix/bin is not on PATH. Add this line to $rc and open a new shell" \
        "export PATH=$(double_quoted "$prefix/bin" ":\$PATH")"
}

print_completion_todo() {
    # shellcheck disable=SC2088 # as above
    case $shell in
    bash)
        is_data_directory || todo 'For completions, add this line to ~/.bashrc' \
            ". $(double_quoted "$prefix/share/bash-completion/completions/daypass")"
        ;;
    zsh)
        # zsh itself knows only the directories that it was built with, and an exported FPATH.
        functions=$prefix/share/zsh/site-functions
        case :/usr/share/zsh/site-functions:/usr/local/share/zsh/site-functions:${FPATH:-}: in
        *":$functions:"*) return ;;
        esac
        todo "For completions, add this line to $zshrc, above compinit" \
            "fpath=($(double_quoted "$functions") \$fpath)"
        ;;
    fish)
        is_data_directory || todo 'For completions, add this line to ~/.config/fish/config.fish' \
            "source $(fish_quoted "$prefix/share/fish/vendor_completions.d/daypass.fish")"
        ;;
    elvish)
        todo 'For completions, add this line to ~/.config/elvish/rc.elv' \
            "eval (slurp < $(single_quoted "$prefix/share/daypass/completions/daypass.elv"))"
        ;;
    pwsh)
        todo "For completions, add this line to the file that \$PROFILE names" \
            ". $(single_quoted "$prefix/share/daypass/completions/daypass.ps1")"
        ;;
    esac
}

print_todo() {
    shell=${SHELL:-}
    shell=${shell##*/}
    zshrc=${ZDOTDIR:-'~'}/.zshrc
    found=$(command -v daypass || true)
    if ! on_path; then
        print_path_todo
    elif [ "$found" != "$prefix/bin/daypass" ]; then
        todo 'Another daypass comes first on PATH' "$found"
    fi
    print_completion_todo

    # By its full path while the short name does not find it.
    program=$prefix/bin/daypass
    case $program in
    "$found") program=daypass ;;
    *[!A-Za-z0-9/._+-]*) program=$(double_quoted "$program") ;;
    esac
    todo 'To begin' "$program setup"
}

# ── The two actions ─────────────────────────────────────────────────────────────────────────────

print_installed() {
    printf '%s %s/%s\n' "$verb" "$prefix" "$3"
}

install() {
    each_file check_file
    check_destination '' '' "$manifest"
    [ "$build" = no ] || check_cargo
    read_manifest

    if [ "$dry_run" = yes ]; then
        [ "$build" = no ] || printf 'would build %s\n' "$binary"
        obsolete_files | remove_files
        verb='would install'
        each_file print_installed
        return
    fi

    if [ "$build" = yes ]; then
        build_binary
    fi
    install_files
    verb=installed
    each_file print_installed
    print_todo
}

uninstall() {
    [ -f "$prefix/$manifest" ] || fail "nothing to uninstall: there is no $prefix/$manifest" \
        'say where it was installed with --prefix DIR'
    read_manifest
    # The manifest last, so that what could not be removed is still listed.
    printf '%s%s\n' "$old_files" "$manifest" | remove_files
    [ "$dry_run" = no ] || return 0
    remove_directories "$old_dirs" "$old_made"
    printf '\nThe profiles, keys and sessions in ~/.aws are as they were.\n'
    printf 'Profiles whose credential_process names this daypass do not work without it.\n'
}

"$action"

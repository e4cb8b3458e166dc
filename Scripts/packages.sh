# What the scripts that install packages share; to be sourced.

fail() {
    echo "$1" >&2
    exit 1
}

# Prints those of the given Debian packages that are not installed.
missing_packages() {
    comm -23 <(printf '%s\n' "$@" | sort) \
        <(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort)
}

as_root() {
    if [[ $EUID == 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs those of the given Debian packages that are missing; says so, and does nothing when none is.
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    if [[ ${#missing[@]} == 0 ]]; then
        return
    fi
    if [[ $EUID != 0 ]] && ! command -v sudo >/dev/null; then
        fail "System packages are missing that only root can install, and there is no sudo: as root, run apt-get install ${missing[*]}"
    fi

    echo "Installing system packages: ${missing[*]}"
    # A fresh machine has no package lists, and old ones name versions that are gone. One unreachable source must not stop the others.
    as_root apt-get update --quiet || echo "Some package lists could not be refreshed; trying with those at hand."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}" ||
        fail "apt-get could not install ${missing[*]} (its message is above): install them, then run this again."
}

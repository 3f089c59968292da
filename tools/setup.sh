#!/usr/bin/env bash
# Set the environment up in .venv, or do nothing where it is up to date.
#
# .venv/stamp says what the environment was made from. It says "unfinished" while work is under way,
# so that an interrupted set-up never counts as done. PYTHON=... chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv/stamp
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
again="then run the command again."

main() {
  if up_to_date; then return; fi
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python lacks the venv module. Install it (sudo apt install python3-venv), $again"
  if unusable; then rm -rf .venv; fi

  mkdir -p .venv
  echo unfinished >"$stamp"
  step environment "Look at the free space and the rights of this folder, $again" \
    "$python" -m venv .venv
  step packages "Check the network and pip's index (pip config list), $again" \
    .venv/bin/python -m pip install --no-input --progress-bar off -r requirements.txt
  step companion "Check pyproject.toml, $again" \
    .venv/bin/python -m pip install --no-input --no-deps --no-build-isolation -e .
  fingerprint >"$stamp"
}

# What the environment depends on: the folder (editable install), the pins, the package's metadata.
fingerprint() {
  pwd
  cksum requirements.txt pyproject.toml
}

up_to_date() {
  [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ] && ! unusable
}

# Unusable: the last set-up was interrupted, the interpreter is gone, or another version is asked for.
unusable() {
  [ -e .venv ] || return 1
  [ "$(cat "$stamp" 2>/dev/null)" != unfinished ] || return 0
  .venv/bin/python -c "$supported" 2>/dev/null || return 0
  [ -n "${PYTHON:-}" ] && [ "$(version .venv/bin/python)" != "$(version "$PYTHON")" ]
}

find_python() {
  if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.1{3,2,1}; fi
  local first=$1
  for candidate in "$@"; do
    if "$candidate" -c "$supported" 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "Python 3.11, 3.12 or 3.13 is needed, and $first is $(version "$first"). Install one of them, \
then run the command again with PYTHON=python3.12 (or its path)."
}

version() {
  "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo missing
}

step() {
  "$python" tools/step.py --tail 30 "$@"
}

fail() {
  echo "$1" >&2
  exit 1
}

main
